package io.wgnetty.peer;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Peers of a shard that does nothing. */
public final class LonePeer {
  static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final ShardState SHARD =
      new ShardState(
          ShardPlace.ONLY,
          Timings.STANDARD,
          new PeerDirectory(),
          new SplittableRandom(1),
          () -> 0,
          ShardEvents.NONE,
          momentNs -> {});

  private LonePeer() {}

  /** A peer that is there. */
  public static Peer at(Endpoint endpoint) {
    Peer peer = numbered(1);
    peer.setEndpoint(endpoint);
    return peer;
  }

  /** A peer with a key of its own for each number. */
  public static Peer numbered(int number) {
    byte[] key = new byte[PublicKey.BYTES];
    key[0] = (byte) number;
    key[1] = (byte) (number >> 8);
    key[2] = (byte) (number >> 16);
    return new Peer(PublicKey.of(key), SHARD);
  }
}
