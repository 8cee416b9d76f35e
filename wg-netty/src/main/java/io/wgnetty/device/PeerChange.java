package io.wgnetty.device;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.IpPrefix;
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
 * @param replaceAllowedIps clears the peer's allowed IPs before {@code allowedIps}
 * @param allowedIps prefixes to add or to take away, in order
 */
public record PeerChange(
    PublicKey publicKey,
    boolean remove,
    boolean updateOnly,
    @Nullable PresharedKey presharedKey,
    @Nullable Endpoint endpoint,
    @Nullable Integer keepaliveSeconds,
    boolean replaceAllowedIps,
    List<AllowedIp> allowedIps) {

  /**
   * One line of the allowed-IPs list.
   *
   * @param remove takes exactly this prefix away if the peer owns it; otherwise adds it
   */
  public record AllowedIp(IpPrefix prefix, boolean remove) {}
}
