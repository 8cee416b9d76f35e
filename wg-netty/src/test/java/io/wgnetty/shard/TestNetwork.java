package io.wgnetty.shard;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import io.wgnetty.protocol.Messages;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Nodes that reach each other through memory, on a clock that the test moves. */
final class TestNetwork {
  /** One message on its way; the transport payload is really sealed. */
  static final class Datagram {
    private final long timeNs;
    private final Endpoint source;
    private final Endpoint destination;
    private final byte[] bytes;

    Datagram(long timeNs, Endpoint source, Endpoint destination, byte[] bytes) {
      this.timeNs = timeNs;
      this.source = source;
      this.destination = destination;
      this.bytes = bytes.clone();
    }

    long timeNs() {
      return timeNs;
    }

    Endpoint source() {
      return source;
    }

    Endpoint destination() {
      return destination;
    }

    byte[] bytes() {
      return bytes;
    }

    /** The same bytes from elsewhere. */
    Datagram from(Endpoint other) {
      return new Datagram(timeNs, other, destination, bytes);
    }

    /** The same, but for one bit. */
    Datagram damaged(int offset) {
      Datagram copy = new Datagram(timeNs, source, destination, bytes);
      copy.bytes[offset] ^= 1;
      return copy;
    }

    int type() {
      return bytes[0];
    }

    boolean isKeepalive() {
      return type() == Messages.TRANSPORT && bytes.length == Messages.MIN_TRANSPORT_BYTES;
    }

    boolean isData() {
      return type() == Messages.TRANSPORT && bytes.length > Messages.MIN_TRANSPORT_BYTES;
    }
  }

  static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** More rounds without time passing mean that two nodes answer each other for ever. */
  private static final int MAX_ROUNDS = 1000;

  private final Map<Endpoint, TestNode> places = new LinkedHashMap<>();
  private final List<Datagram> log = new ArrayList<>();
  private Deque<Datagram> travelling = new ArrayDeque<>();
  private Predicate<Datagram> lost = datagram -> false;
  private @Nullable LocalAddress calledAt;
  private long nowNs;

  /** A node at {@code 192.0.2.number}, up, with a private key. */
  TestNode node(int number) {
    TestNode node = new TestNode(this, place(number), number);
    places.put(node.place(), node);
    return node;
  }

  static Endpoint place(int number) {
    return Endpoint.of(new byte[] {(byte) 192, 0, 2, (byte) number}, 51820, 0);
  }

  /** The node is found elsewhere from now on. */
  void move(TestNode node, Endpoint place) {
    places.remove(node.place());
    node.setPlace(place);
    places.put(place, node);
  }

  long nowNs() {
    return nowNs;
  }

  void lose(Predicate<Datagram> which) {
    lost = which;
  }

  void loseNothing() {
    lost = datagram -> false;
  }

  void send(Endpoint source, Endpoint destination, byte[] bytes) {
    Datagram datagram = new Datagram(nowNs, source, destination, bytes);
    log.add(datagram);
    if (!lost.test(datagram)) {
      travelling.add(datagram);
    }
  }

  /** Everything that was sent, in order, also what got lost. */
  List<Datagram> log() {
    return log;
  }

  List<Datagram> sentBy(TestNode node, int type) {
    return log.stream()
        .filter(datagram -> datagram.source().equals(node.place()) && datagram.type() == type)
        .toList();
  }

  int initiationsOf(TestNode node) {
    return sentBy(node, Messages.INITIATION).size();
  }

  /** Delivers and computes until nothing is on its way, without time passing. */
  void settle() {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      boolean worked = false;
      for (TestNode node : List.copyOf(places.values())) {
        worked |= node.work();
      }
      Deque<Datagram> arriving = travelling;
      travelling = new ArrayDeque<>();
      for (Datagram datagram : arriving) {
        deliver(datagram);
      }
      if (!worked && arriving.isEmpty()) {
        return;
      }
    }
    throw new AssertionError("the nodes never come to rest");
  }

  /** Delivers a message, perhaps not for the first time. */
  void deliver(Datagram datagram) {
    TestNode receiver = places.get(datagram.destination().withoutLocal());
    if (receiver != null) {
      LocalAddress at = calledAt;
      receiver.receive(at == null ? datagram : datagram.from(datagram.source().withLocal(at)));
    }
  }

  /** Every datagram is sent to this address of its receiver from now on. */
  void callAt(LocalAddress address) {
    calledAt = address;
  }

  /** Lets time pass; every node is woken when it asked to be, and at no other time. */
  void advance(long durationNs) {
    long endNs = nowNs + durationNs;
    settle();
    for (long next = nextWakeUpNs(); next <= endNs; next = nextWakeUpNs()) {
      nowNs = Math.max(nowNs, next);
      places.values().forEach(TestNode::wakeUpIfDue);
      settle();
    }
    nowNs = endNs;
  }

  private long nextWakeUpNs() {
    return places.values().stream().mapToLong(TestNode::wakeAtNs).min().orElse(Long.MAX_VALUE);
  }
}
