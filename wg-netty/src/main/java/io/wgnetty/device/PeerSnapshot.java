package io.wgnetty.device;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer as it was at one moment.
 *
 * @param presharedKey all zero if none is set; a copy, to be wiped by who asked for the snapshot
 * @param endpoint where it is, if known
 * @param keepaliveSeconds the persistent keepalive interval, 0 if off
 * @param lastHandshakeNanos wall-clock time of the latest handshake in nanoseconds since 1970, 0 if
 *     never
 * @param receivedBytes bytes received, as WireGuard counts them
 * @param sentBytes bytes sent, as WireGuard counts them
 * @param allowedIps its prefixes in the order they were given
 */
public record PeerSnapshot(
    PublicKey publicKey,
    PresharedKey presharedKey,
    @Nullable Endpoint endpoint,
    int keepaliveSeconds,
    long lastHandshakeNanos,
    long receivedBytes,
    long sentBytes,
    List<IpPrefix> allowedIps) {}
