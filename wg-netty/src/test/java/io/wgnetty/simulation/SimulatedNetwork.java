package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.MINUTES;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.Messages;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Carries datagrams between nodes, as badly as its {@link Conditions} say. No address is ever used
 * twice, so what is sent to an old one reaches nobody.
 */
final class SimulatedNetwork {
  private static final int RECORDED = 256;

  /** The delay is what the conditions say. */
  private static final long CHANGING = -1;

  private static final long LONGEST_REPLAY_DELAY_NS = MINUTES.toNanos(5);

  private static final class Datagram {
    final byte[] bytes;
    final Endpoint source;
    final Endpoint destination;

    Datagram(byte[] bytes, Endpoint source, Endpoint destination) {
      this.bytes = bytes;
      this.source = source;
      this.destination = destination;
    }
  }

  private final World world;
  private final EventQueue time;
  private final SplittableRandom random;
  private final Endpoint[] addresses;
  private final Map<Endpoint, Integer> nodes = new HashMap<>();
  private final boolean[][] severed;
  private final long[] fixedDelaysNs;
  private final Datagram[] recorded = new Datagram[RECORDED];
  private int recordedCount;
  private int addressesGiven;
  private Conditions conditions = Conditions.HEALTHY;

  SimulatedNetwork(World world, int size, SplittableRandom random) {
    this.world = world;
    this.time = world.time();
    this.random = random;
    this.addresses = new Endpoint[size];
    this.severed = new boolean[size][size];
    this.fixedDelaysNs = new long[size];
    Arrays.fill(fixedDelaysNs, CHANGING);
    for (int i = 0; i < size; i++) {
      move(i);
    }
  }

  Conditions conditions() {
    return conditions;
  }

  void setConditions(Conditions conditions) {
    this.conditions = conditions;
  }

  Endpoint addressOf(int node) {
    return addresses[node];
  }

  /** The node roams, or its NAT forgets it: from now on it is somewhere else. */
  void move(int node) {
    Endpoint old = addresses[node];
    int fresh = ++addressesGiven;
    byte[] bytes;
    if (old != null && random.nextBoolean()) {
      bytes = old.addressBytes(); // only the port changes
    } else if (random.nextBoolean()) {
      bytes = new byte[] {100, (byte) node, (byte) (fresh >>> 8), (byte) fresh};
    } else {
      bytes = new byte[16];
      ByteBuffer.wrap(bytes).putInt(0, 0x20010db8).putInt(12, fresh);
    }
    if (old != null) {
      nodes.remove(old);
    }
    addresses[node] = Endpoint.of(bytes, fresh & 0xffff, 0);
    nodes.put(addresses[node], node);
    world.log().add("%d is now at %s", node, addresses[node]);
  }

  /** Whatever this node sends takes exactly so long from now on. */
  void fixDelay(int from, long delayNs) {
    fixedDelaysNs[from] = delayNs;
  }

  void sever(int from, int to, boolean value) {
    severed[from][to] = value;
  }

  boolean isSevered(int from, int to) {
    return severed[from][to];
  }

  /** A node sends; returns whether its socket took the datagram. */
  boolean send(int from, byte[] bytes, Endpoint destination) {
    if (happens(conditions.refusal())) {
      return false;
    }
    Datagram datagram = new Datagram(bytes, addresses[from], destination);
    if (happens(conditions.replay())) {
      replay();
    }
    recorded[recordedCount++ % RECORDED] = datagram;
    Integer to = nodes.get(destination);
    if (to == null || severed[from][to] || happens(conditions.loss())) {
      return true;
    }
    if (happens(conditions.corruption())) {
      corrupt(datagram, to);
    } else {
      carry(datagram, delayNs(from), false, false);
    }
    if (happens(conditions.duplication())) {
      carry(datagram, delayNs(from), false, false);
    }
    return true;
  }

  private boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  private long delayNs(int from) {
    if (fixedDelaysNs[from] != CHANGING) {
      return fixedDelaysNs[from];
    }
    return delayNs();
  }

  private long delayNs() {
    long most = happens(conditions.late()) ? Conditions.LONGEST_DELAY_NS : conditions.maxDelayNs();
    return random.nextLong(conditions.minDelayNs(), Math.max(most, conditions.minDelayNs()) + 1);
  }

  private void carry(Datagram datagram, long delayNs, boolean forged, boolean hasMac1) {
    time.after(
        delayNs,
        () -> {
          Integer node = nodes.get(datagram.destination);
          if (node != null) {
            world.node(node).receive(datagram.bytes, datagram.source, forged, hasMac1);
          }
        });
  }

  /** Somebody who listened sends a datagram again, from where it came or from elsewhere. */
  private void replay() {
    int known = Math.min(recordedCount, RECORDED);
    if (known == 0) {
      return;
    }
    Datagram old = recorded[random.nextInt(known)];
    Endpoint source = random.nextBoolean() ? old.source : stranger();
    carry(
        new Datagram(old.bytes, source, old.destination),
        random.nextLong(LONGEST_REPLAY_DELAY_NS),
        false,
        false);
  }

  private Endpoint stranger() {
    return Endpoint.of(new byte[] {(byte) 203, 0, 113, (byte) random.nextInt()}, 9, 0);
  }

  /** Sends a node something that it never must answer. */
  void sendGarbage(int to) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    if (bytes.length >= 4) {
      int type = random.nextInt(1, 5);
      int length =
          switch (type) {
            case Messages.INITIATION -> Messages.INITIATION_BYTES;
            case Messages.RESPONSE -> Messages.RESPONSE_BYTES;
            case Messages.COOKIE_REPLY -> Messages.COOKIE_REPLY_BYTES;
            default -> bytes.length;
          };
      bytes = Arrays.copyOf(bytes, length);
      ByteBuffer.wrap(bytes).putInt(0, type << 24);
    }
    boolean hasMac1 = random.nextBoolean() && putMac1(bytes, to);
    carry(new Datagram(bytes, stranger(), addresses[to]), delayNs(), true, hasMac1);
  }

  private void corrupt(Datagram datagram, int to) {
    byte[] bytes = datagram.bytes.clone();
    boolean forged = true;
    boolean hasMac1 = false;
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 64));
      case 2 -> {
        // By somebody who knows the receiver's public key. The indices are nobody's secret: who
        // alters only those has altered nothing that is authenticated.
        bytes[random.nextInt(12, Math.min(bytes.length, 60))] ^= 1;
        hasMac1 = putMac1(bytes, to);
      }
      default -> {
        int offset = random.nextInt(bytes.length);
        bytes[offset] ^= (byte) (1 << random.nextInt(8));
        // Nobody looks at mac2 unless under load: the message is still as good as it was.
        forged = !isHandshake(bytes) || offset < bytes.length - Messages.MAC_BYTES;
      }
    }
    carry(new Datagram(bytes, datagram.source, datagram.destination), delayNs(), forged, hasMac1);
  }

  private static boolean isHandshake(byte[] bytes) {
    return bytes[0] == Messages.INITIATION || bytes[0] == Messages.RESPONSE;
  }

  private boolean putMac1(byte[] bytes, int to) {
    if (bytes.length < Messages.RESPONSE_BYTES || !isHandshake(bytes)) {
      return false;
    }
    int offset = bytes.length - Messages.MACS_BYTES;
    Blake2s.mac(world.node(to).identity().mac1Key(), bytes, 0, offset, bytes, offset);
    return true;
  }
}
