package io.wgnetty.peer;

import io.wgnetty.crypto.KeySlab;
import io.wgnetty.limit.LoopLimits;
import io.wgnetty.protocol.TransportKeys;
import java.util.random.RandomGenerator;

/**
 * Where the parts of a shard's peers have their places: indices, keys, packets that wait. What
 * peers know of their shard. Touched by one thread only.
 */
public class ShardTables {
  private final ShardPlace place;
  private final Timings timings;
  private final IndexTable indices;
  private final KeySlab keySlab = new KeySlab();
  private final StagedMemory stagedMemory = new StagedMemory();
  private final LoopLimits loopLimits = new LoopLimits();
  private boolean limitsPeers;

  /** Empty tables; indices come from {@code random}, which is unpredictable. */
  ShardTables(ShardPlace place, Timings timings, RandomGenerator random) {
    this.place = place;
    this.timings = timings;
    this.indices = new IndexTable(random, place);
  }

  public final ShardPlace place() {
    return place;
  }

  /** Which of the interface's shards it is. */
  public final int number() {
    return place.number();
  }

  public final Timings timings() {
    return timings;
  }

  public final IndexTable indices() {
    return indices;
  }

  public final KeySlab keySlab() {
    return keySlab;
  }

  /** The packets of all peers that wait for sessions. */
  public final StagedMemory stagedMemory() {
    return stagedMemory;
  }

  /** What waits for the limits of peers; from the first time on they are looked at. */
  final LoopLimits limitPeers() {
    limitsPeers = true;
    return loopLimits;
  }

  /** Whether any peer has a limit, or had one. */
  public final boolean limitsPeers() {
    return limitsPeers;
  }

  /** A session that the handshake has led to, and which takes its place. Wipes the given keys. */
  public final Session open(PendingHandshake pending, TransportKeys keys, long nowNs) {
    Session session = new Session(pending.peer(), keys, keySlab, timings, nowNs);
    indices.replace(pending, session);
    return session;
  }

  /** A session has left all its peer's places: gives up its index and wipes its keys. */
  final void close(Session session) {
    indices.release(session);
    session.close(keySlab);
  }
}
