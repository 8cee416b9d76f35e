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
 */
public record DeviceSettings(@Nullable PrivateKey privateKey, int listenPort, int fwmark) {}
