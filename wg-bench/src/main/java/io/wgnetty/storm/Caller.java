package io.wgnetty.storm;

import io.wgnetty.storm.Client.Reply;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls until it is answered, as the protocol has it: again after 5 s and up to a third of a second
 * more, with a cookie once it has one, and no more after 20 messages (protocol 1.3, 3).
 *
 * <p>Its group is the clients with {@code count} numbers from {@code first} on.
 */
final class Caller implements Conduct {
  static final long RETRY_NS = TimeUnit.SECONDS.toNanos(5);
  static final long JITTER_NS = TimeUnit.MILLISECONDS.toNanos(334);
  static final int MAX_ATTEMPTS = 20;

  private final StormCrypto crypto;
  private final SplittableRandom random;
  private final EpochClock clock;
  private final boolean confirming;
  private final int first;
  private final Arrivals arrivals;
  private final CallCounters counters;
  private final long[] dueNs;
  private final byte[] @Nullable [] prepared;

  /**
   * The conduct of a group.
   *
   * @param confirming verifies a response at once and confirms the session with a keepalive;
   *     otherwise the response is kept to be verified later
   */
  Caller(
      StormCrypto crypto,
      SplittableRandom random,
      EpochClock clock,
      boolean confirming,
      int first,
      int count) {
    this.crypto = crypto;
    this.random = random;
    this.clock = clock;
    this.confirming = confirming;
    this.first = first;
    arrivals = new Arrivals(count);
    counters = new CallCounters();
    dueNs = new long[count];
    prepared = new byte[count][];
  }

  Arrivals arrivals() {
    return arrivals;
  }

  CallCounters counters() {
    return counters;
  }

  /** Computes a client's first call now, so that it costs nothing when it is due. */
  void prepare(Client client, long nowNs) {
    prepared[client.number() - first] = client.call(crypto, nowNs, clock.epochNs(nowNs));
  }

  @Override
  public byte @Nullable [] due(Client client, long nowNs) {
    int member = client.number() - first;
    byte[] message = prepared[member];
    prepared[member] = null;
    if (message == null) {
      if (client.attempts() == MAX_ATTEMPTS) {
        counters.givenUp.increment();
        dueNs[member] = NEVER;
        return null;
      }
      if (client.attempts() > 0) {
        counters.retries.increment();
      }
      message = client.call(crypto, nowNs, clock.epochNs(nowNs));
    }
    arrivals.called(member, nowNs);
    counters.calls.increment();
    dueNs[member] = nowNs + RETRY_NS + random.nextLong(JITTER_NS);
    return message;
  }

  @Override
  public byte @Nullable [] received(Client client, byte[] datagram, int toAddress, long nowNs) {
    Reply reply = client.receive(crypto, datagram, toAddress, nowNs);
    counters.count(reply);
    if (reply != Reply.RESPONSE) {
      return null;
    }
    byte[] keepalive = null;
    if (confirming) {
      SessionKeys keys = client.verify(crypto);
      if (keys == null) {
        counters.forgeries.increment();
        return null; // the attempt goes on
      }
      keepalive = DataMessage.keepalive(crypto.aead(), keys, 0);
    }
    int member = client.number() - first;
    arrivals.in(member, nowNs);
    dueNs[member] = NEVER;
    return keepalive;
  }

  @Override
  public long dueNs(Client client) {
    return dueNs[client.number() - first];
  }
}
