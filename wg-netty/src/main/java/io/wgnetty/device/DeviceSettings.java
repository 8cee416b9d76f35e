package io.wgnetty.device;

import io.wgnetty.crypto.PrivateKey;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an interface.
 *
 * @param privateKey the static private key, {@code null} if none is set; owned by the device, not
 *     to be wiped
 * @param listenPort the UDP port in use, or the one asked for while the interface is down; 0 if
 *     none
 * @param fwmark the mark of outgoing datagrams; 0 if none
 * @param notListening why nothing can be received although the link is up, in a few words; {@code
 *     null} if it can, or the link is down
 */
public record DeviceSettings(
    @Nullable PrivateKey privateKey, int listenPort, int fwmark, @Nullable String notListening) {

  /** Settings of an interface that listens, or is down. */
  public DeviceSettings(@Nullable PrivateKey privateKey, int listenPort, int fwmark) {
    this(privateKey, listenPort, fwmark, null);
  }
}
