package io.wgnetty.device;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one peer section of a configuration request asks for; {@code null} leaves a property as it
 * is.
 *
 * @param publicKey the peer
 * @param remove removes the peer; nothing else of the change matters then
 * @param updateOnly does nothing if the peer does not exist
 * @param presharedKey the new pre-shared key; all zero removes it
 * @param endpoint the new endpoint
 * @param keepaliveSeconds the new persistent keepalive interval; 0 is off
 * @param replaceAllowedIps {@code allowedIps} is the whole new list, or a part of it: what the peer
 *     has beyond that goes, after what is new has come
 * @param allowedIps prefixes to add or to take away, in order
 * @param part which part of the new list this is
 */
public record PeerChange(
    PublicKey publicKey,
    boolean remove,
    boolean updateOnly,
    @Nullable PresharedKey presharedKey,
    @Nullable Endpoint endpoint,
    @Nullable Integer keepaliveSeconds,
    boolean replaceAllowedIps,
    List<AllowedIp> allowedIps,
    Part part) {

  /** A list that replaces another may come in several changes of the same peer. */
  public enum Part {
    /** The list as a whole. */
    WHOLE,
    FIRST,
    MIDDLE,
    LAST
  }

  /** A change with the whole list in it. */
  public PeerChange(
      PublicKey publicKey,
      boolean remove,
      boolean updateOnly,
      @Nullable PresharedKey presharedKey,
      @Nullable Endpoint endpoint,
      @Nullable Integer keepaliveSeconds,
      boolean replaceAllowedIps,
      List<AllowedIp> allowedIps) {
    this(
        publicKey,
        remove,
        updateOnly,
        presharedKey,
        endpoint,
        keepaliveSeconds,
        replaceAllowedIps,
        allowedIps,
        Part.WHOLE);
  }

  /** Whether a new list begins with this change. */
  public boolean beginsReplacement() {
    return replaceAllowedIps && (part == Part.WHOLE || part == Part.FIRST);
  }

  /** Whether a new list is complete with this change. */
  public boolean endsReplacement() {
    return replaceAllowedIps && (part == Part.WHOLE || part == Part.LAST);
  }

  /**
   * One line of the allowed-IPs list.
   *
   * @param remove takes exactly this prefix away if the peer owns it; otherwise adds it
   */
  public record AllowedIp(IpPrefix prefix, boolean remove) {}
}
