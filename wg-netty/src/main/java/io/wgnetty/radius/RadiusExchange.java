package io.wgnetty.radius;

import io.wgnetty.config.EndpointName;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.packet.PacketCodec;
import org.aaa4j.radius.core.packet.PacketCodecException;
import org.aaa4j.radius.core.packet.packets.AccountingRequest;
import org.aaa4j.radius.core.packet.packets.AccountingResponse;
import org.aaa4j.radius.core.util.SecureRandomProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to the server until each is confirmed, many at a time; those of one session one
 * after the other. What waits has a bound. Has one thread, but for the counts.
 */
final class RadiusExchange implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RadiusExchange.class);

  /** Some MiB; the connecting and going of 8,000 peers while the server is away. */
  static final int MAX_WAITING = 16_384;

  /** A server with a round trip of 20 ms confirms 3,200 a second. */
  static final int MAX_UNDER_WAY = 64;

  private static final int IDENTIFIERS = 256;
  private static final int HEADER = 20;
  private static final long FIRST_WAIT_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(30);

  /** So many times in vain, and it is said. */
  private static final int TRIES_UNTIL_SAID = 3;

  /** What comes later than that is of no use to a bill. */
  private static final long GIVE_UP_NS = TimeUnit.HOURS.toNanos(1);

  /** By then there is a newer one. */
  private static final long GIVE_UP_INTERIM_NS = TimeUnit.MINUTES.toNanos(1);

  /** A request that waits for its answer. */
  private static final class Request {
    private final AccountingRecord record;
    private final byte[] bytes;
    private final byte[] authenticator;
    private final long begunNs;
    private long dueNs;
    private long waitNs = FIRST_WAIT_NS;
    private int tries;

    private Request(AccountingRecord record, byte[] bytes, byte[] authenticator, long nowNs) {
      this.record = record;
      this.bytes = bytes;
      this.authenticator = authenticator;
      this.begunNs = nowNs;
      this.dueNs = nowNs;
    }
  }

  private final String interfaceName;
  private final EndpointName server;
  private final byte[] secret;
  private final RecordAttributes attributes;
  private final PacketCodec codec;
  private final RadiusSocket socket;
  private final Deque<AccountingRecord> waiting = new ArrayDeque<>();
  private final @Nullable Request[] requests = new Request[IDENTIFIERS];
  private int identifier;
  private int underWay;
  private boolean silent;
  private boolean everAnswered;
  private long answeredNs;

  private final AtomicInteger unconfirmed = new AtomicInteger();
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder retransmissions = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** Nothing is sent or looked up yet. Takes ownership of the secret. */
  RadiusExchange(
      String interfaceName, EndpointName server, byte[] secret, RecordAttributes attributes)
      throws IOException {
    this.interfaceName = interfaceName;
    this.server = server;
    this.secret = secret;
    this.attributes = attributes;
    this.codec =
        new PacketCodec(new StandardDictionary(), new SecureRandomProvider(), () -> identifier);
    this.socket = new RadiusSocket(server);
  }

  long acknowledged() {
    return acknowledged.sum();
  }

  long dropped() {
    return dropped.sum();
  }

  long retransmissions() {
    return retransmissions.sum();
  }

  long refusedAnswers() {
    return refused.sum();
  }

  /** Whether nothing has come back for a while. */
  boolean isSilent() {
    return silent;
  }

  /** How many records are not confirmed yet. Any thread. */
  int unconfirmed() {
    return unconfirmed.get();
  }

  /** Takes a record, to be sent when there is room; one that finds none is counted. */
  void add(AccountingRecord record) {
    // Of what is told again later only so much may wait that beginnings and ends have room.
    int room = record.isInterim() ? MAX_WAITING / 2 : MAX_WAITING;
    if (unconfirmed.get() >= room) {
      dropped.increment();
      return;
    }
    unconfirmed.incrementAndGet();
    waiting.add(record);
  }

  /** Forgets what waits, and counts it. */
  void dropAll() {
    int left = unconfirmed.getAndSet(0);
    dropped.add(left);
    waiting.clear();
    Arrays.fill(requests, null);
    underWay = 0;
  }

  /** Ends the present {@link #turn}. Any thread. */
  void wakeUp() {
    socket.wakeUp();
  }

  /** Sends what may be sent, and takes answers, for this time or until it is woken up. */
  void turn(long nowNs, long timeoutNs) {
    if (unconfirmed.get() > 0) {
      String why = socket.open(nowNs, silent);
      if (!why.isEmpty()) {
        sayUnreachable(why);
      }
      sendWhatIsDue(nowNs);
      begin(nowNs);
    }
    socket.await(wait(nowNs, timeoutNs));
    socket.receive(datagram -> take(datagram, nowNs));
  }

  private long wait(long nowNs, long timeoutNs) {
    long waitNs = timeoutNs;
    if (underWay > 0) {
      for (Request request : requests) {
        if (request != null) {
          waitNs = Math.min(waitNs, request.dueNs - nowNs);
        }
      }
    }
    return waitNs;
  }

  private void sayUnreachable(String why) {
    if (!silent) {
      silent = true;
      LOG.warn(
          "interface {}: the RADIUS server {} does not answer ({}); records wait for it, {} of {}",
          interfaceName,
          server,
          why,
          unconfirmed.get(),
          MAX_WAITING);
    }
  }

  private void sendWhatIsDue(long nowNs) {
    for (int i = 0; i < IDENTIFIERS; i++) {
      Request request = requests[i];
      if (request == null || nowNs - request.dueNs < 0) {
        continue;
      }
      long patienceNs = request.record.isInterim() ? GIVE_UP_INTERIM_NS : GIVE_UP_NS;
      if (request.tries > 0 && nowNs - request.begunNs >= patienceNs) {
        dropped.increment();
        end(i, request);
      } else {
        send(request, nowNs);
      }
    }
  }

  private void send(Request request, long nowNs) {
    if (request.tries++ > 0) {
      retransmissions.increment();
    }
    if (request.tries > TRIES_UNTIL_SAID && (!everAnswered || answeredNs - request.begunNs < 0)) {
      sayUnreachable("nothing came back");
    }
    request.dueNs = nowNs + request.waitNs;
    request.waitNs = Math.min(2 * request.waitNs, LONGEST_WAIT_NS);
    socket.send(request.bytes);
  }

  /** Sends records for the first time. */
  private void begin(long nowNs) {
    while (underWay < MAX_UNDER_WAY && !waiting.isEmpty() && !isAlone(waiting.peek())) {
      AccountingRecord record = waiting.remove();
      AccountingSession session = record.session();
      if (session != null && session.underWay) {
        session.held.add(record);
      } else {
        begin(record, session, nowNs);
      }
    }
  }

  /** What is said of the interface as a whole has nothing before and beside it. */
  private boolean isAlone(AccountingRecord next) {
    if (underWay == 0) {
      return false;
    }
    if (next.session() == null) {
      return true;
    }
    for (Request request : requests) {
      if (request != null) {
        return request.record.session() == null; // it is the only one
      }
    }
    return false;
  }

  private void begin(AccountingRecord record, @Nullable AccountingSession session, long nowNs) {
    do {
      identifier = (identifier + 1) % IDENTIFIERS;
    } while (requests[identifier] != null);
    byte[] authenticator = new byte[16];
    try {
      byte[] bytes =
          codec.encodeRequest(new AccountingRequest(attributes.of(record)), secret, authenticator);
      var request = new Request(record, bytes, authenticator, nowNs);
      requests[identifier] = request;
      underWay++;
      if (session != null) {
        session.underWay = true;
      }
      send(request, nowNs);
    } catch (PacketCodecException e) {
      unconfirmed.decrementAndGet();
      dropped.increment();
      LOG.error("interface {}: a record for RADIUS has no form", interfaceName, e);
    }
  }

  private void take(byte[] datagram, long nowNs) {
    Request request = datagram.length < HEADER ? null : requests[datagram[1] & 0xff];
    if (request == null || !isAnswer(datagram, request)) {
      refused.increment();
      return;
    }
    everAnswered = true;
    answeredNs = nowNs;
    acknowledged.increment();
    end(datagram[1] & 0xff, request);
    if (silent) {
      silent = false;
      LOG.info("interface {}: the RADIUS server {} answers again", interfaceName, server);
      for (Request other : requests) {
        if (other != null) {
          other.dueNs = other.dueNs - LONGEST_WAIT_NS; // now
          other.waitNs = FIRST_WAIT_NS;
        }
      }
    }
  }

  private boolean isAnswer(byte[] datagram, Request request) {
    int length = (datagram[2] & 0xff) << 8 | (datagram[3] & 0xff);
    if (datagram[0] != AccountingResponse.CODE || length < HEADER || length > datagram.length) {
      return false;
    }
    try {
      // What is behind the packet is padding (RFC 2865 3).
      codec.decodeResponse(Arrays.copyOf(datagram, length), secret, request.authenticator.clone());
      return true;
    } catch (PacketCodecException | RuntimeException e) {
      LOG.debug("interface {}: an answer of {} is not one", interfaceName, server, e);
      return false;
    }
  }

  private void end(int place, Request request) {
    requests[place] = null;
    underWay--;
    unconfirmed.decrementAndGet();
    AccountingSession session = request.record.session();
    if (session != null) {
      session.underWay = false;
      AccountingRecord next = session.held.poll();
      if (next != null) {
        waiting.addFirst(next);
      }
    }
  }

  @Override
  public void close() {
    socket.close();
    Arrays.fill(secret, (byte) 0);
  }
}
