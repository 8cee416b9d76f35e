package io.wgnetty.peer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.wgnetty.crypto.PublicKey;
import java.util.SplittableRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A peer's counters are read by everybody while its owner counts: no halves, never backwards. */
final class PeerCountersStress {
  private static final long BOTH_HALVES = 0x1_0000_0001L;

  private PeerCountersStress() {}

  /** Bytes that do not fit in the half of a word. */
  @JCStressTest
  @Outcome(
      id = {"0, 0", "0, 4294967297", "0, 8589934594"},
      expect = ACCEPTABLE,
      desc = "more than before")
  @Outcome(
      id = {"4294967297, 4294967297", "4294967297, 8589934594", "8589934594, 8589934594"},
      expect = ACCEPTABLE,
      desc = "as much, or more")
  @State
  public static class Bytes {
    private static final ShardState SHARD =
        new ShardState(
            ShardPlace.ONLY,
            Timings.STANDARD,
            new PeerDirectory(),
            new SplittableRandom(1),
            () -> 0,
            ShardEvents.NONE,
            momentNs -> {});

    private final Peer peer = new Peer(PublicKey.of(new byte[PublicKey.BYTES]), SHARD);

    /** The owner. */
    @Actor
    public void owner() {
      peer.countReceived(BOTH_HALVES);
      peer.countReceived(BOTH_HALVES);
    }

    /** A scrape. */
    @Actor
    public void reader(JJ_Result result) {
      result.r1 = peer.receivedBytes();
      result.r2 = peer.receivedBytes();
    }
  }
}
