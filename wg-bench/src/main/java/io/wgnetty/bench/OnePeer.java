package io.wgnetty.bench;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.wgnetty.cipher.AeadChooser;
import io.wgnetty.cipher.AeadLoad;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.device.MemoryLoops;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Messages;
import io.wgnetty.tun.PacketBatchPool;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * How much one peer's traffic gains when other loops help its owner: both chains as they are in a
 * node, with prepared super-packets on one side and a sink on the other, and no system calls. The
 * owner's loop is the main thread.
 *
 * <p>{@code bin/bench --one-peer}. Prints for one loop and for several how much they seal and open:
 * medians of rounds that alternate.
 */
public final class OnePeer {
  private static final int BATCHES_IN_A_TURN = 4;
  private static final int SUPER_PACKETS_IN_A_BATCH = 4;
  private static final int SEGMENT_BYTES = 1380;
  private static final int HEADER_BYTES = 40;
  private static final int SEGMENTS = 45; // as many as one message of datagrams takes
  private static final int SUPER_PACKET_BYTES = HEADER_BYTES + SEGMENTS * SEGMENT_BYTES;
  private static final int DATAGRAM_BYTES =
      HEADER_BYTES + SEGMENT_BYTES + Messages.TRANSPORT_OVERHEAD_BYTES;
  private static final int MESSAGE_BYTES = SEGMENTS * DATAGRAM_BYTES;

  /** As much as a socket's slots are apart. */
  private static final int SLOT_STRIDE = 64 * 1024 + 17 * 64;

  /** Messages that are sealed beforehand, for as many to be opened: 84 MB. */
  private static final int STORED_MESSAGES = 1280;

  private static final int ROUNDS = 5;
  private static final long WARM_UP_NS = 3_000_000_000L;
  private static final long ROUND_NS = 2_000_000_000L;

  private final byte[] header = header();
  private final AeadProvider aeads;

  private OnePeer(AeadProvider aeads) {
    this.aeads = aeads;
  }

  /**
   * Measures.
   *
   * @param arguments how many loops; 2 if there are none
   */
  public static void main(String[] arguments) {
    int loops = arguments.length == 0 ? 2 : Integer.parseInt(arguments[0]);
    AeadProvider aeads = AeadProviders.fastest();
    if (aeads instanceof AeadChooser chooser) {
      chooser.measure(System::nanoTime);
      System.out.println("cipher: " + chooser.choice().name(AeadLoad.MANY_LARGE));
    }
    OnePeer bench = new OnePeer(aeads);
    bench.compare("seal", bench::sealing, loops);
    bench.compare("open", bench::opening, loops);
  }

  private interface Load {
    /** Carries packets for so long; returns how many bits of them a second. */
    double run(int loops, long durationNs);
  }

  private void compare(String name, Load load, int loops) {
    load.run(1, WARM_UP_NS);
    load.run(loops, WARM_UP_NS);
    double[] alone = new double[ROUNDS];
    double[] together = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      alone[i] = load.run(1, ROUND_NS);
      together[i] = load.run(loops, ROUND_NS);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: 1 loop %s, %d loops %s, ratio %.2f%n",
        name,
        text(alone),
        loops,
        text(together),
        median(together) / median(alone));
  }

  private static String text(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%.2f Gbit/s (%.2f-%.2f)",
        median(rates) / 1e9,
        sorted[0] / 1e9,
        sorted[sorted.length - 1] / 1e9);
  }

  private static double median(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  // ---- to the network

  private double sealing(int count, long durationNs) {
    MemoryNode[] pair = MemoryNode.pair(aeads, (node, loop) -> loops(node == 0 ? count : 1, loop));
    try (MemoryNode node = pair[0];
        MemoryNode friend = pair[1]) {
      long before = node.bytesSent();
      long superPackets = 0;
      long beganNs = System.nanoTime();
      long tookNs = 0;
      while (tookNs < durationNs) {
        for (int i = 0; i < BATCHES_IN_A_TURN; i++) {
          node.send(superPackets(node));
          superPackets += SUPER_PACKETS_IN_A_BATCH;
        }
        node.endTurn();
        tookNs = System.nanoTime() - beganNs;
      }
      node.checkNothingDropped();
      friend.checkNothingDropped();
      check(node.bytesSent() - before, superPackets * MESSAGE_BYTES);
      return superPackets * SUPER_PACKET_BYTES * 8e9 / tookNs;
    }
  }

  private MemoryLoops loops(int count, EventLoop first) {
    return new MemoryLoops(count, first, aeads, () -> MemoryNode.MTU);
  }

  private TunnelBatch superPackets(MemoryNode node) {
    TunnelBatch batch = node.take();
    for (int i = 0; i < SUPER_PACKETS_IN_A_BATCH; i++) {
      batch.bytes().put(batch.nextOffset(), header);
      batch.setSegments(batch.add(SUPER_PACKET_BYTES), HEADER_BYTES, SEGMENT_BYTES);
    }
    return batch;
  }

  private static byte[] header() {
    ByteBuffer packet = ByteBuffer.allocate(SUPER_PACKET_BYTES);
    MemoryNode.putPacket(packet, 0, SUPER_PACKET_BYTES);
    packet.put(9, (byte) 6).putShort(32, (short) 0x5010); // TCP, 20 bytes of header, ACK
    return Arrays.copyOf(packet.array(), HEADER_BYTES);
  }

  // ---- from the network

  private double opening(int count, long durationNs) {
    MemoryNode[] pair = MemoryNode.pair(aeads, (node, loop) -> loops(node == 0 ? 1 : count, loop));
    ByteBuffer stored = ByteBuffer.allocateDirect(STORED_MESSAGES * MESSAGE_BYTES);
    var pool =
        new PacketBatchPool<TunnelBatch>(
            owner ->
                new TunnelBatch(
                    UnpooledByteBufAllocator.DEFAULT,
                    owner,
                    SUPER_PACKETS_IN_A_BATCH * SLOT_STRIDE));
    try (MemoryNode node = pair[0];
        MemoryNode friend = pair[1];
        pool) {
      node.setNetwork(message -> store(message, stored));
      long before = friend.bytesReceived();
      long messages = 0;
      long tookNs = 0;
      while (tookNs < durationNs) {
        stored.clear();
        while (stored.hasRemaining()) {
          node.send(superPackets(node));
          node.endTurn();
        }
        long beganNs = System.nanoTime();
        open(friend, node, pool, stored);
        tookNs += System.nanoTime() - beganNs;
        messages += STORED_MESSAGES;
      }
      friend.checkNothingDropped();
      check(friend.bytesReceived() - before, messages * MESSAGE_BYTES);
      return messages * SUPER_PACKET_BYTES * 8e9 / tookNs;
    }
  }

  private static void store(DatagramBatch messages, ByteBuffer stored) {
    for (int i = 0; i < messages.size(); i++) {
      int at = stored.position();
      stored.put(at, messages.bytes(), messages.offset(i), messages.length(i));
      stored.position(at + messages.length(i));
    }
  }

  private static void open(
      MemoryNode friend, MemoryNode sender, PacketBatchPool<TunnelBatch> pool, ByteBuffer stored) {
    int message = 0;
    while (message < STORED_MESSAGES) {
      for (int i = 0; i < BATCHES_IN_A_TURN; i++) {
        TunnelBatch batch = pool.take();
        for (int slot = 0; slot < SUPER_PACKETS_IN_A_BATCH; slot++) {
          int start = slot * SLOT_STRIDE;
          // The copy stands for the one that the kernel makes.
          batch.bytes().put(start, stored, message++ * MESSAGE_BYTES, MESSAGE_BYTES);
          for (int at = 0; at < MESSAGE_BYTES; at += DATAGRAM_BYTES) {
            batch.setSource(batch.addAt(start + at, DATAGRAM_BYTES), sender.place());
          }
        }
        friend.receive(batch);
      }
      friend.endTurn();
    }
  }

  private static void check(long bytes, long expected) {
    if (bytes != expected) {
      throw new IllegalStateException(bytes + " bytes instead of " + expected);
    }
  }
}
