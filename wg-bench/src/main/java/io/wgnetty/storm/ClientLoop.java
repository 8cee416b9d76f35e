package io.wgnetty.storm;

import io.wgnetty.protocol.Messages;
import io.wgnetty.udp.ManySourceSocket;
import io.wgnetty.udp.SocketWait;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that is all clients at once: it sends for those whose time has come, and gives each
 * what came for it. Who is meant is read from the receiver index.
 */
final class ClientLoop implements Runnable {
  /** So that a wave of calls does not keep it from reading for long. */
  private static final int CALLS_PER_TURN = 256;

  private static final int BATCHES_PER_TURN = 8;

  /** What comes within this time is read together: a system call for each would be dear. */
  private static final long GATHERING_NS = TimeUnit.MICROSECONDS.toNanos(500);

  private static final int LONGEST_WAIT_MS = 50;

  private record Due(long atNs, Client client) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(atNs - other.atNs, 0);
    }
  }

  private final List<ManySourceSocket> sockets;
  private final int addresses;
  private final SocketWait wait;
  private final PriorityQueue<Due> dues = new PriorityQueue<>();
  private final Client[] clients;
  private final Conduct[] conducts;
  private final long[] dueNs;
  private volatile boolean stopped;
  private volatile @Nullable Throwable failure;
  private final LongAdder strays = new LongAdder();
  private final LongAdder initiations = new LongAdder();

  /**
   * For clients whose numbers count from 0.
   *
   * @param addresses clients of so many neighbouring numbers share a socket, and so a port
   */
  ClientLoop(List<ManySourceSocket> sockets, int addresses, int clientCount) {
    this.sockets = sockets;
    this.addresses = addresses;
    wait = new SocketWait(sockets);
    clients = new Client[clientCount];
    conducts = new Conduct[clientCount];
    dueNs = new long[clientCount];
  }

  /** Has a client begin at a time. Before the loop runs, or in its thread. */
  void add(Client client, Conduct conduct, long atNs) {
    clients[client.number()] = client;
    conducts[client.number()] = conduct;
    schedule(client, atNs);
  }

  private void schedule(Client client, long atNs) {
    if (dueNs[client.number()] != atNs) {
      dueNs[client.number()] = atNs;
      if (atNs != Conduct.NEVER) {
        dues.add(new Due(atNs, client));
      }
    }
  }

  @Override
  public void run() {
    try {
      boolean busy = false;
      while (!stopped) {
        if (!busy) {
          LockSupport.parkNanos(GATHERING_NS);
        }
        busy = call(System.nanoTime());
        wait.await(busy ? 0 : pauseMs(System.nanoTime()));
        receive();
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  private void receive() {
    for (int i = 0; i < sockets.size(); i++) {
      ManySourceSocket socket = sockets.get(i);
      if (wait.isReady(i)) {
        int batches = BATCHES_PER_TURN;
        while (batches-- > 0
            && socket.receive((datagram, address) -> received(socket, datagram, address))
                == ManySourceSocket.BATCH) {
          // more may be there
        }
        socket.flush();
      }
    }
  }

  private void received(ManySourceSocket socket, byte[] datagram, int address) {
    if (datagram.length == Messages.INITIATION_BYTES
        && Words.get(datagram, Messages.TYPE_OFFSET) == Messages.INITIATION) {
      initiations.increment();
      called(socket, datagram, address);
      return;
    }
    Client client = clientOf(datagram);
    if (client == null) {
      strays.increment();
      return;
    }
    long nowNs = System.nanoTime();
    Conduct conduct = conducts[client.number()];
    byte[] answer = conduct.received(client, datagram, address, nowNs);
    if (answer != null) {
      socket.add(answer, client.address());
    }
    schedule(client, conduct.dueNs(client));
  }

  private void called(ManySourceSocket socket, byte[] initiation, int address) {
    int number = sockets.indexOf(socket) * addresses + Addresses.crowdIndex(address);
    Client client = number >= 0 && number < clients.length ? clients[number] : null;
    if (client == null || client.address() != address) {
      return;
    }
    Conduct conduct = conducts[number];
    byte[] answer = conduct.called(client, initiation, address, System.nanoTime());
    if (answer != null) {
      socket.add(answer, address);
      schedule(client, conduct.dueNs(client));
    }
  }

  private @Nullable Client clientOf(byte[] datagram) {
    if (datagram.length < Messages.MIN_TRANSPORT_BYTES) {
      return null;
    }
    int offset =
        Words.get(datagram, Messages.TYPE_OFFSET) == Messages.RESPONSE
            ? Messages.RESPONSE_RECEIVER_OFFSET
            : Messages.TRANSPORT_RECEIVER_OFFSET; // where cookie replies have it, too
    int number = Client.numberOf(Words.get(datagram, offset));
    return number < clients.length ? clients[number] : null;
  }

  private boolean call(long nowNs) {
    int left = CALLS_PER_TURN;
    ManySourceSocket used = null;
    for (Due next = dues.peek();
        next != null && next.atNs <= nowNs && left > 0;
        next = dues.peek()) {
      dues.poll();
      Client client = next.client;
      if (dueNs[client.number()] != next.atNs) {
        continue; // another time was set since
      }
      dueNs[client.number()] = Conduct.NEVER;
      left--;
      byte[] message = conducts[client.number()].due(client, nowNs);
      if (message != null) {
        ManySourceSocket socket = socketOf(client);
        if (used != null && used != socket) {
          used.flush();
        }
        used = socket;
        socket.add(message, client.address());
      }
      schedule(client, conducts[client.number()].dueNs(client));
    }
    if (used != null) {
      used.flush();
    }
    return left < CALLS_PER_TURN;
  }

  private ManySourceSocket socketOf(Client client) {
    return sockets.get(client.number() / addresses % sockets.size());
  }

  private int pauseMs(long nowNs) {
    Due next = dues.peek();
    if (next == null) {
      return LONGEST_WAIT_MS;
    }
    return Math.clamp(TimeUnit.NANOSECONDS.toMillis(next.atNs - nowNs), 0, LONGEST_WAIT_MS);
  }

  /** Lets the thread end soon. */
  void stop() {
    stopped = true;
  }

  /** What ended the thread against our will. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Datagrams for nobody. */
  long strays() {
    return strays.sum();
  }

  /** Handshakes that the server began, whether or not anybody answers. */
  long initiations() {
    return initiations.sum();
  }
}
