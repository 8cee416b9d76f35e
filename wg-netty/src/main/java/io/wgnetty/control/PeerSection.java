package io.wgnetty.control;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has been read of one peer section and not yet become a {@link PeerChange}.
 *
 * <p>One object for each section, so that nothing of a section can reach the next one.
 */
final class PeerSection {
  private final PublicKey publicKey;
  private boolean remove;
  private boolean updateOnly;
  private @Nullable PresharedKey presharedKey;
  private @Nullable Endpoint endpoint;
  private @Nullable Integer keepaliveSeconds;
  private boolean replaceAllowedIps;
  private boolean replacementBegun;
  private List<PeerChange.AllowedIp> allowedIps = new ArrayList<>(4);
  private boolean split;
  private boolean existedBefore;

  PeerSection(PublicKey publicKey) {
    this.publicKey = publicKey;
  }

  PublicKey publicKey() {
    return publicKey;
  }

  void remove() {
    remove = true;
  }

  void updateOnly() {
    updateOnly = true;
  }

  void presharedKey(PresharedKey key) {
    wipe();
    presharedKey = key;
  }

  void endpoint(Endpoint newEndpoint) {
    endpoint = newEndpoint;
  }

  void keepaliveSeconds(int seconds) {
    keepaliveSeconds = seconds;
  }

  void replaceAllowedIps() {
    replaceAllowedIps = true;
    replacementBegun = false;
  }

  void allowedIp(IpPrefix prefix, boolean removed) {
    allowedIps.add(new PeerChange.AllowedIp(prefix, removed));
  }

  int allowedIpCount() {
    return allowedIps.size();
  }

  /** Whether a part of the section was already taken. */
  boolean isSplit() {
    return split;
  }

  /** Whether the peer was there before the first part was taken. */
  boolean existedBefore() {
    return existedBefore;
  }

  /** Notes that the section is taken in parts from now on. */
  void splitNow(boolean peerExists) {
    split = true;
    existedBefore = peerExists;
  }

  /**
   * Takes what was read so far; only what makes the section itself ({@code update_only}, and that
   * its list replaces another) stays. The pre-shared key goes to the change.
   *
   * @param last whether the section ends here
   */
  PeerChange take(boolean last) {
    PeerChange change =
        new PeerChange(
            publicKey,
            remove,
            updateOnly,
            presharedKey,
            endpoint,
            keepaliveSeconds,
            replaceAllowedIps,
            allowedIps,
            part(last));
    replacementBegun = replaceAllowedIps;
    remove = false;
    presharedKey = null;
    endpoint = null;
    keepaliveSeconds = null;
    allowedIps = new ArrayList<>();
    return change;
  }

  private PeerChange.Part part(boolean last) {
    if (replacementBegun) {
      return last ? PeerChange.Part.LAST : PeerChange.Part.MIDDLE;
    }
    return last ? PeerChange.Part.WHOLE : PeerChange.Part.FIRST;
  }

  /** Overwrites a pre-shared key that nobody took. */
  void wipe() {
    if (presharedKey != null) {
      presharedKey.wipe();
      presharedKey = null;
    }
  }
}
