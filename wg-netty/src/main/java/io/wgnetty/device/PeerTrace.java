package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What is worth knowing of a peer after its interface has ended.
 *
 * @param endpoint where it was last; {@code null} if that is not known
 * @param timestamp the greatest (TAI64N) with which it called us; {@code null} if it never did.
 *     Never changed
 * @param lastHandshakeEpochNs when its last handshake was completed, in nanoseconds since 1970; 0
 *     if none was
 * @param label its name, if it has one
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares traces, and nobody changes them
public record PeerTrace(
    PublicKey publicKey,
    @Nullable Endpoint endpoint,
    byte @Nullable [] timestamp,
    long lastHandshakeEpochNs,
    @Nullable String label) {}
