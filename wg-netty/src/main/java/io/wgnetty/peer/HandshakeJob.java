package io.wgnetty.peer;

import io.wgnetty.protocol.HandshakeCrypto;
import org.jspecify.annotations.Nullable;

/**
 * The costly part of a handshake step, cut out so that another thread can do it: {@link #run}
 * computes from what the job holds and touches no peer's state; {@link #complete} then brings the
 * result to the owner's thread.
 */
public abstract sealed class HandshakeJob
    permits CreateInitiation, OpenInitiation, CreateResponse, ConsumeResponse {

  /** Computes, on a worker's thread, with that worker's tools. */
  public abstract void run(HandshakeCrypto crypto);

  /**
   * The shard that gets the result, once {@link #run} is done; {@code null} if there is no result.
   */
  public abstract @Nullable PeerShard owner();

  /** Wipes what the job holds: it will not be run. Any thread. */
  public abstract void discard();

  /** Applies the result, on the owner's thread. */
  public abstract void complete(long nowNs);
}
