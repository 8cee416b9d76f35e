package io.wgnetty.bench;

import io.wgnetty.inner.Padding;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Messages;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time that the chains themselves take for a packet, in batches of 64, without system calls and
 * with a cipher that only copies. To be run with {@code -prof gc}: nothing may be allocated.
 *
 * <p>The packets lie in the batch's memory from the beginning: the pool gives the same batch each
 * time, and a chain leaves it as it was. What is written anew for each round is what would come
 * from a system call: the batch's table of packets and, inbound, the counters, because no replay
 * window takes one twice.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-XX:+UseSerialGC"})
public class ChainBenchmark {
  private static final int PACKETS = 64;

  @Param({"64", "1420"})
  int lengthBytes;

  private MemoryNode node;
  private MemoryNode friend;
  private int datagramBytes;
  private long counter;
  private long bytesSent;
  private long bytesReceived;

  @Setup
  public void setUp() {
    MemoryNode[] pair = MemoryNode.pair();
    node = pair[0];
    friend = pair[1];
    datagramBytes =
        Padding.paddedLength(lengthBytes, MemoryNode.MTU) + Messages.TRANSPORT_OVERHEAD_BYTES;
    layOutPackets();
    layOutDatagrams();
    bytesSent = node.bytesSent();
    bytesReceived = friend.bytesReceived();
  }

  private void layOutPackets() {
    TunnelBatch batch = node.take();
    for (int i = 0; i < PACKETS; i++) {
      MemoryNode.putPacket(batch.bytes(), batch.nextOffset(), lengthBytes);
      batch.add(lengthBytes);
    }
    batch.release();
  }

  private void layOutDatagrams() {
    TunnelBatch batch = friend.take();
    ByteBuffer bytes = batch.bytes();
    for (int i = 0; i < PACKETS; i++) {
      int offset = batch.nextOffset();
      bytes.putInt(offset, Integer.reverseBytes(Messages.TRANSPORT));
      bytes.putInt(offset + 4, Integer.reverseBytes(node.remoteIndex()));
      MemoryNode.putPacket(bytes, offset + Messages.TRANSPORT_HEADER_BYTES, lengthBytes);
      batch.add(datagramBytes);
    }
    batch.release();
  }

  /** Every packet must have come through: one that is dropped costs less. */
  @TearDown
  public void tearDown() {
    node.checkNothingDropped();
    friend.checkNothingDropped();
    if (node.bytesSent() != bytesSent || friend.bytesReceived() != bytesReceived) {
      throw new IllegalStateException("packets are missing");
    }
    node.close();
    friend.close();
  }

  /** From the interface to sealed messages at the sockets. */
  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public void outbound() {
    TunnelBatch batch = node.take();
    for (int i = 0; i < PACKETS; i++) {
      batch.add(lengthBytes);
    }
    node.send(batch);
    bytesSent += (long) PACKETS * datagramBytes;
  }

  /** From datagrams to packets at the interface. */
  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public void inbound() {
    TunnelBatch batch = friend.take();
    ByteBuffer bytes = batch.bytes();
    for (int i = 0; i < PACKETS; i++) {
      bytes.putLong(batch.nextOffset() + 8, Long.reverseBytes(counter++));
      batch.setSource(batch.add(datagramBytes), node.place());
    }
    friend.receive(batch);
    bytesReceived += (long) PACKETS * datagramBytes;
  }
}
