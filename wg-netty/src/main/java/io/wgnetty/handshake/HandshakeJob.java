package io.wgnetty.handshake;

import io.wgnetty.protocol.HandshakeCrypto;

/**
 * The costly part of a handshake step, cut out so that another thread can do it: {@link #run}
 * computes from what the job holds and touches no peer's state. Then the owner's thread takes the
 * result, by {@link Handshakes#complete}.
 */
public abstract sealed class HandshakeJob
    permits CreateInitiation, OpenInitiation, CreateResponse, ConsumeResponse {

  /** The ways of the steps to a worker. */
  public enum Kind {
    /** A handshake that has begun comes further. */
    COMPLETING,
    /** An initiation of somebody who has shown a cookie. */
    PROVEN,
    /** Another initiation that came in. */
    INCOMING,
    /** An attempt of our own. */
    OWN
  }

  private final Kind kind;
  private final int shard;

  HandshakeJob(Kind kind, int shard) {
    this.kind = kind;
    this.shard = shard;
  }

  /** On which way it waits for a worker. */
  public final Kind kind() {
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
}
