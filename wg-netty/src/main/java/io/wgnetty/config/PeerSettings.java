package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code [Peer]} section says.
 *
 * @param publicKey the peer
 * @param presharedKey all zero if there is none
 * @param allowedIps its inner addresses, without host bits
 * @param endpoint where it is called, names not yet looked up; {@code null} if it calls us
 * @param keepaliveSeconds the persistent keepalive interval, 0 if off
 * @param label what people call it, from a comment {@code # Name = LABEL} in its section
 * @param limit what it may carry, from a comment {@code # Limit = 20M} in its section
 * @param notAfter the last second since 1970 at which it may be there, from a comment {@code #
 *     Expires = 2030-12-31} in its section; {@link #FOR_EVER} without
 * @param presharedKeyFile where its pre-shared key is if the file only names it, by a comment
 *     {@code # PresharedKeyFile = PATH}
 */
public record PeerSettings(
    PublicKey publicKey,
    PresharedKey presharedKey,
    List<IpPrefix> allowedIps,
    @Nullable EndpointName endpoint,
    int keepaliveSeconds,
    @Nullable String label,
    PeerLimit limit,
    long notAfter,
    @Nullable String presharedKeyFile) {
  /** No end. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  public PeerSettings {
    allowedIps = List.copyOf(allowedIps);
  }

  /** A peer whose pre-shared key is not elsewhere. */
  public PeerSettings(
      PublicKey publicKey,
      PresharedKey presharedKey,
      List<IpPrefix> allowedIps,
      @Nullable EndpointName endpoint,
      int keepaliveSeconds,
      @Nullable String label,
      PeerLimit limit,
      long notAfter) {
    this(
        publicKey,
        presharedKey,
        allowedIps,
        endpoint,
        keepaliveSeconds,
        label,
        limit,
        notAfter,
        null);
  }

  /** A peer without end. */
  public PeerSettings(
      PublicKey publicKey,
      PresharedKey presharedKey,
      List<IpPrefix> allowedIps,
      @Nullable EndpointName endpoint,
      int keepaliveSeconds,
      @Nullable String label,
      PeerLimit limit) {
    this(publicKey, presharedKey, allowedIps, endpoint, keepaliveSeconds, label, limit, FOR_EVER);
  }

  /** A peer without limit. */
  public PeerSettings(
      PublicKey publicKey,
      PresharedKey presharedKey,
      List<IpPrefix> allowedIps,
      @Nullable EndpointName endpoint,
      int keepaliveSeconds,
      @Nullable String label) {
    this(publicKey, presharedKey, allowedIps, endpoint, keepaliveSeconds, label, PeerLimit.NONE);
  }

  /** The same by another name. */
  public PeerSettings called(String name) {
    return new PeerSettings(
        publicKey,
        presharedKey,
        allowedIps,
        endpoint,
        keepaliveSeconds,
        name,
        limit,
        notAfter,
        presharedKeyFile);
  }

  /** Whether its time is over at this second since 1970. */
  public boolean isOver(long nowEpochSeconds) {
    return notAfter < nowEpochSeconds;
  }
}
