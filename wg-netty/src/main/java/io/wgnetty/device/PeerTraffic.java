package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;

/**
 * What a peer has sent and received so far: the little that a list of all peers needs, cheap to
 * get.
 *
 * @param receivedBytes bytes received, as WireGuard counts them
 * @param sentBytes bytes sent, as WireGuard counts them
 * @param lastHandshakeEpochNs wall-clock time of the latest handshake in nanoseconds since 1970, 0
 *     if never
 * @param heardAgoNs how long ago it sent something authentic; -1 if never
 */
public record PeerTraffic(
    PublicKey publicKey,
    long receivedBytes,
    long sentBytes,
    long lastHandshakeEpochNs,
    long heardAgoNs) {}
