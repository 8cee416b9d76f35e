package io.wgnetty.storm;

import io.wgnetty.protocol.Messages;
import io.wgnetty.udp.ManySourceSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Has clients call in turn at a rate, whether or not the server keeps up, or as fast as it answers.
 * A thread of its own.
 *
 * <p>A response counts if its mac1 is the client's and it answers one of the client's calls: one
 * that waits 5 s would have accepted it.
 */
final class OpenCalls implements Runnable {
  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(500);

  /** Calls without an answer that are waited for, where the rate is the server's own. */
  private static final int OUTSTANDING = 128;

  /** After so long without any response, those outstanding are given up. */
  private static final long GIVEN_UP_NS = TimeUnit.MILLISECONDS.toNanos(300);

  /** What was missed, because the machine was busy, is not made up for beyond this. */
  private static final double MOST_AT_ONCE_S = 0.02;

  private final StormCrypto crypto;
  private final EpochClock clock;
  private final ManySourceSocket socket;
  private final List<Client> clients;
  private final LongAdder calls = new LongAdder();
  private final LongAdder responses = new LongAdder();
  private final LongAdder cookies = new LongAdder();
  private volatile double rate;
  private volatile int inTurn;
  private volatile boolean stopped;
  private int next;
  private int outstanding;
  private long heardNs;

  /** For clients whose numbers count from 0. */
  OpenCalls(StormCrypto crypto, EpochClock clock, ManySourceSocket socket, List<Client> clients) {
    this.crypto = crypto;
    this.clock = clock;
    this.socket = socket;
    this.clients = clients;
    inTurn = clients.size();
  }

  /** Sets calls a second from now on; 0 is as fast as the server answers. */
  void setRate(double callsPerSecond) {
    rate = callsPerSecond;
  }

  /** From now on only the first so many have their turn. */
  void limitTo(int count) {
    inTurn = Math.clamp(count, 1, clients.size());
  }

  @Override
  public void run() {
    double owed = 0;
    long beforeNs = System.nanoTime();
    while (!stopped) {
      long nowNs = System.nanoTime();
      double offered = rate;
      if (offered == 0) {
        owed = owedToFastServer(nowNs);
      } else {
        double most = offered * MOST_AT_ONCE_S + 1;
        owed = Math.min(owed + (nowNs - beforeNs) / SECOND_NS * offered, most);
      }
      beforeNs = nowNs;
      for (; owed >= 1; owed--) {
        call(nowNs);
      }
      socket.flush();
      while (socket.receive(this::received) == ManySourceSocket.BATCH) {
        // more may be there
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  private int owedToFastServer(long nowNs) {
    if (nowNs - heardNs > GIVEN_UP_NS) {
      heardNs = nowNs;
      outstanding = 0;
    }
    return OUTSTANDING - outstanding;
  }

  private void call(long nowNs) {
    Client client = clients.get(next % inTurn);
    next = (next + 1) % inTurn;
    socket.add(client.call(crypto, nowNs, clock.epochNs(nowNs)), client.address());
    outstanding++;
    calls.increment();
  }

  private void received(byte[] datagram, int address) {
    switch (datagram.length) {
      case Messages.COOKIE_REPLY_BYTES -> {
        Client client =
            clientOf(Words.get(datagram, Messages.COOKIE_REPLY_RECEIVER_OFFSET), address);
        if (client != null) {
          client.receive(crypto, datagram, address, System.nanoTime());
          cookies.increment();
          answered();
        }
      }
      case Messages.RESPONSE_BYTES -> {
        Client client = clientOf(Words.get(datagram, Messages.RESPONSE_RECEIVER_OFFSET), address);
        if (client != null && client.hasMac1(datagram)) {
          responses.increment();
          answered();
        }
      }
      default -> {}
    }
  }

  private void answered() {
    outstanding = Math.max(outstanding - 1, 0);
    heardNs = System.nanoTime();
  }

  private @Nullable Client clientOf(int index, int address) {
    int number = Client.numberOf(index);
    if (number >= clients.size()) {
      return null;
    }
    Client client = clients.get(number);
    return client.address() == address ? client : null;
  }

  void stop() {
    stopped = true;
  }

  long calls() {
    return calls.sum();
  }

  long responses() {
    return responses.sum();
  }

  long cookies() {
    return cookies.sum();
  }
}
