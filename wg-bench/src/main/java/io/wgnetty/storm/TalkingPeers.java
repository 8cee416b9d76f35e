package io.wgnetty.storm;

import io.wgnetty.storm.Client.Reply;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Peers that ask the server's host for an echo now and then, and notice when it is silent: 15 s
 * after data that nothing has followed they begin a handshake (protocol 3.4). They answer the
 * server's, too. Their numbers count from 0; their sessions are younger than 120 s.
 */
final class TalkingPeers implements Conduct {
  /** {@code KEEPALIVE_TIMEOUT + REKEY_TIMEOUT}, to which the jitter of a call is added. */
  static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(15);

  /** What comes so long after a server's death was not on its way then. */
  static final long ON_ITS_WAY_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final StormCrypto crypto;
  private final SplittableRandom random;
  private final EpochClock clock;
  private final long trickleNs;
  private final CallCounters counters = new CallCounters();
  private final LongAdder echoes = new LongAdder();
  private final Arrivals first;
  private final Arrivals again;
  private final LongAdder answered = new LongAdder();
  private final LongAdder kept = new LongAdder();
  private volatile boolean crashed;
  private volatile long crashedNs;

  private final @Nullable SessionKeys[] current;

  /** Sessions that the server has begun, and has not used yet. */
  private final @Nullable SessionKeys[] next;

  private final long[] nextCounter;
  private final long[] callNs;
  private final long[] sayNs;
  private final long[] silenceNs;

  /** Peers that say something each {@code trickleNs}. */
  TalkingPeers(
      StormCrypto crypto, SplittableRandom random, EpochClock clock, int count, long trickleNs) {
    this.crypto = crypto;
    this.random = random;
    this.clock = clock;
    this.trickleNs = trickleNs;
    first = new Arrivals(count);
    again = new Arrivals(count);
    current = new SessionKeys[count];
    next = new SessionKeys[count];
    nextCounter = new long[count];
    callNs = new long[count];
    sayNs = new long[count];
    silenceNs = new long[count];
  }

  /** When its first session is to begin. */
  void begin(Client client, long atNs) {
    callNs[client.number()] = atNs;
    sayNs[client.number()] = NEVER;
    silenceNs[client.number()] = NEVER;
  }

  /**
   * The server is dead: whoever gets a session from now on has one again, and so has who is
   * answered in the one that it had, by another server. Any thread.
   */
  void crashed(long nowNs) {
    crashedNs = nowNs;
    crashed = true;
  }

  @Override
  public byte @Nullable [] due(Client client, long nowNs) {
    int number = client.number();
    return Math.min(callNs[number], silenceNs[number]) <= sayNs[number]
        ? call(client, nowNs)
        : say(client, nowNs);
  }

  private byte[] call(Client client, long nowNs) {
    int number = client.number();
    (crashed ? again : first).called(number, nowNs);
    if (silenceNs[number] == NEVER && client.attempts() > 0) {
      counters.retries.increment();
    }
    counters.calls.increment();
    silenceNs[number] = NEVER;
    callNs[number] = nowNs + Caller.RETRY_NS + random.nextLong(Caller.JITTER_NS);
    return client.call(crypto, nowNs, clock.epochNs(nowNs));
  }

  private byte @Nullable [] say(Client client, long nowNs) {
    int number = client.number();
    SessionKeys session = current[number];
    sayNs[number] = nowNs + trickleNs;
    if (session == null) {
      return null;
    }
    if (silenceNs[number] == NEVER && callNs[number] == NEVER) {
      silenceNs[number] = nowNs + SILENCE_NS + random.nextLong(Caller.JITTER_NS);
    }
    echoes.increment();
    return DataMessage.echo(
        crypto.aead(),
        session,
        nextCounter[number]++,
        Addresses.inner(number),
        Addresses.innerServer());
  }

  @Override
  public byte @Nullable [] received(Client client, byte[] datagram, int toAddress, long nowNs) {
    Reply reply = client.receive(crypto, datagram, toAddress, nowNs);
    counters.count(reply);
    return switch (reply) {
      case RESPONSE -> completed(client, nowNs);
      case DATA -> {
        heard(client, datagram, nowNs);
        yield null;
      }
      case COOKIE, STRAY -> null;
    };
  }

  private byte @Nullable [] completed(Client client, long nowNs) {
    SessionKeys session = client.verify(crypto);
    if (session == null) {
      counters.forgeries.increment();
      return null;
    }
    use(client, session, nowNs);
    return say(client, nowNs); // which confirms the session
  }

  private void heard(Client client, byte[] data, long nowNs) {
    int number = client.number();
    SessionKeys unused = next[number];
    SessionKeys session = current[number];
    if (unused != null && DataMessage.isOf(crypto.aead(), unused, data)) {
      answered.increment();
      use(client, unused, nowNs);
    } else if (session != null && DataMessage.isOf(crypto.aead(), session, data)) {
      silenceNs[number] = NEVER;
      if (crashed && nowNs - crashedNs > ON_ITS_WAY_NS && !again.isIn(number)) {
        again.in(number, nowNs);
        kept.increment();
      }
    }
  }

  private void use(Client client, SessionKeys session, long nowNs) {
    int number = client.number();
    current[number] = session;
    next[number] = null;
    nextCounter[number] = 0;
    callNs[number] = NEVER;
    silenceNs[number] = NEVER;
    if (sayNs[number] == NEVER) {
      sayNs[number] = nowNs + random.nextLong(trickleNs);
    }
    (crashed ? again : first).in(number, nowNs);
  }

  @Override
  public byte @Nullable [] called(Client client, byte[] initiation, int toAddress, long nowNs) {
    Responder.Answer answer = client.answer(crypto, initiation, toAddress, nowNs);
    if (answer == null) {
      counters.strays.increment();
      return null;
    }
    int number = client.number();
    (crashed ? again : first).called(number, nowNs);
    next[number] = answer.keys();
    return answer.message();
  }

  @Override
  public long dueNs(Client client) {
    int number = client.number();
    return Math.min(Math.min(callNs[number], silenceNs[number]), sayNs[number]);
  }

  /** First sessions. */
  Arrivals first() {
    return first;
  }

  /** The first sessions after the crash. */
  Arrivals again() {
    return again;
  }

  CallCounters counters() {
    return counters;
  }

  long echoes() {
    return echoes.sum();
  }

  /** Peers whose session is another server's, and goes on. */
  long kept() {
    return kept.sum();
  }

  /** Sessions that the server has begun. */
  long answered() {
    return answered.sum();
  }
}
