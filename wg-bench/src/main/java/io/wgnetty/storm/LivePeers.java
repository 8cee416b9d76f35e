package io.wgnetty.storm;

import io.wgnetty.storm.Client.Reply;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Peers that have a session, renew it at an age, and say something now and then. Their numbers
 * count from 0.
 */
final class LivePeers implements Conduct {
  private final StormCrypto crypto;
  private final SplittableRandom random;
  private final EpochClock clock;
  private final long rekeyNs;
  private final long trickleNs;
  private final CallCounters counters = new CallCounters();
  private final LongAdder keepalives = new LongAdder();
  private final LongArrayList waitsNs = new LongArrayList();
  private final Arrivals arrivals;

  private final @Nullable SessionKeys[] keys;
  private final long[] nextCounter;
  private final long[] renewalNs;
  private final long[] callNs;
  private final long[] sayNs;

  /**
   * Peers that renew their session after {@code rekeyNs}, and send a keepalive each {@code
   * trickleNs}.
   */
  LivePeers(
      StormCrypto crypto,
      SplittableRandom random,
      EpochClock clock,
      int count,
      long rekeyNs,
      long trickleNs) {
    this.crypto = crypto;
    this.random = random;
    this.clock = clock;
    this.rekeyNs = rekeyNs;
    this.trickleNs = trickleNs;
    arrivals = new Arrivals(count);
    keys = new SessionKeys[count];
    nextCounter = new long[count];
    renewalNs = new long[count];
    callNs = new long[count];
    sayNs = new long[count];
  }

  /** When its first session is to begin. */
  void begin(Client client, long atNs) {
    callNs[client.number()] = atNs;
    sayNs[client.number()] = NEVER;
  }

  @Override
  public byte @Nullable [] due(Client client, long nowNs) {
    int number = client.number();
    return callNs[number] <= sayNs[number] ? call(client, nowNs) : say(number, nowNs);
  }

  private byte[] call(Client client, long nowNs) {
    int number = client.number();
    arrivals.called(number, nowNs);
    if (renewalNs[number] == 0) {
      renewalNs[number] = nowNs;
    } else {
      counters.retries.increment();
    }
    counters.calls.increment();
    callNs[number] = nowNs + Caller.RETRY_NS + random.nextLong(Caller.JITTER_NS);
    return client.call(crypto, nowNs, clock.epochNs(nowNs));
  }

  private byte @Nullable [] say(int number, long nowNs) {
    sayNs[number] = nowNs + trickleNs;
    SessionKeys session = keys[number];
    if (session == null) {
      return null;
    }
    keepalives.increment();
    return DataMessage.keepalive(crypto.aead(), session, nextCounter[number]++);
  }

  @Override
  public byte @Nullable [] received(Client client, byte[] datagram, int toAddress, long nowNs) {
    int number = client.number();
    Reply reply = client.receive(crypto, datagram, toAddress, nowNs);
    counters.count(reply);
    if (reply != Reply.RESPONSE) {
      return null;
    }
    SessionKeys session = client.verify(crypto);
    if (session == null) {
      counters.forgeries.increment();
      return null;
    }
    keys[number] = session;
    nextCounter[number] = 0;
    arrivals.in(number, nowNs);
    waitsNs.addLong(nowNs - renewalNs[number]);
    renewalNs[number] = 0;
    callNs[number] = nowNs + rekeyNs;
    return say(number, nowNs); // which confirms the session
  }

  @Override
  public long dueNs(Client client) {
    return Math.min(callNs[client.number()], sayNs[client.number()]);
  }

  Arrivals arrivals() {
    return arrivals;
  }

  CallCounters counters() {
    return counters;
  }

  long keepalives() {
    return keepalives.sum();
  }

  /** How long each renewal waited for its response. Right once the loop has ended. */
  Quantiles waits() {
    return new Quantiles(waitsNs.toLongArray(), waitsNs.size());
  }
}
