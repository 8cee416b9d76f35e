package io.wgnetty.handshake;

import io.wgnetty.protocol.HandshakeCrypto;

/**
 * The costly part of a handshake step, cut out so that another thread can do it: {@link #run}
 * computes from what the job holds and touches no peer's state; {@link #complete} then brings the
 * result to the owner's thread.
 */
public abstract sealed class HandshakeJob
    permits CreateInitiation, OpenInitiation, CreateResponse, ConsumeResponse {

  private final HandshakeLanes.Kind kind;
  private final int shard;

  HandshakeJob(HandshakeLanes.Kind kind, int shard) {
    this.kind = kind;
    this.shard = shard;
  }

  /** On which way it waits for a worker. */
  public final HandshakeLanes.Kind kind() {
    return kind;
  }

  /** The number of the shard that it comes from. */
  public final int shard() {
    return shard;
  }

  /**
   * Whether it has waited so long that its result would be of no use to anybody; then it is
   * completed without being run.
   */
  public boolean isStale(long nowNs) {
    return false;
  }

  /** Computes, on a worker's thread, with that worker's tools. */
  public abstract void run(HandshakeCrypto crypto);

  /**
   * Told what {@link #run} cost, on the worker's thread.
   *
   * @param workNs processor time, or more where that is short
   * @param nowNs when it was done
   */
  public void took(long workNs, long nowNs) {}

  /** The number of the shard that gets the result, once {@link #run} is done. */
  public int owner() {
    return shard;
  }

  /** Wipes what the job holds, and its result: nobody will take it. Any thread. */
  public abstract void discard();

  /** Applies the result, on the owner's thread, to the owner's handshakes. */
  public abstract void complete(Handshakes owner, long nowNs);
}
