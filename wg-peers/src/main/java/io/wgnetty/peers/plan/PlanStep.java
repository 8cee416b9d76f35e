package io.wgnetty.peers.plan;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.record.PeerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done for one peer.
 *
 * @param before what is in force; {@code null} if it is not there
 * @param after what is to be; {@code null} if it goes
 */
public record PlanStep(PublicKey key, @Nullable PeerRecord before, @Nullable PeerRecord after) {}
