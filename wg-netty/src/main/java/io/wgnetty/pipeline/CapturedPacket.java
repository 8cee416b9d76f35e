package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * An inner packet as it passed through a chain.
 *
 * @param epochNs when, in nanoseconds since 1970
 * @param outbound whether it was on its way to a peer
 * @param reason why it went no further; {@code null} if it did
 * @param peer whose it is; {@code null} if nobody's
 * @param originalBytes how long it was
 * @param bytes its beginning, or all of it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, compared by nobody
public record CapturedPacket(
    long epochNs,
    boolean outbound,
    @Nullable DropReason reason,
    @Nullable PublicKey peer,
    int originalBytes,
    byte[] bytes) {}
