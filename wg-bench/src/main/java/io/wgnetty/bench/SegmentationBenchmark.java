package io.wgnetty.bench;

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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time that the outbound chain takes for a segment of a TCP super-packet of the largest size,
 * checksum over its payload included, without system calls and with a cipher that only copies.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-XX:+UseSerialGC"})
public class SegmentationBenchmark {
  /** As many full segments as fit into 64 KiB. */
  private static final int SEGMENTS = 46;

  private static final int HEADER_BYTES = MemoryNode.IPV4_HEADER_BYTES + 20;
  private static final int SEGMENT_BYTES = MemoryNode.MTU - HEADER_BYTES;
  private static final int LENGTH_BYTES = HEADER_BYTES + SEGMENTS * SEGMENT_BYTES;

  private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES);
  private MemoryNode node;
  private MemoryNode friend;
  private long bytesSent;

  @Setup
  public void setUp() {
    MemoryNode[] pair = MemoryNode.pair();
    node = pair[0];
    friend = pair[1];
    ByteBuffer packet = ByteBuffer.allocate(LENGTH_BYTES);
    MemoryNode.putPacket(packet, 0, LENGTH_BYTES);
    packet.put(9, (byte) 6).putShort(32, (short) 0x5010);
    header.put(0, packet, 0, HEADER_BYTES);
    bytesSent = node.bytesSent();
  }

  /** Every segment must have come through. */
  @TearDown
  public void tearDown() {
    node.checkNothingDropped();
    if (node.bytesSent() != bytesSent) {
      throw new IllegalStateException("segments are missing");
    }
    node.close();
    friend.close();
  }

  /** The header is written anew each time: the one of the first segment has taken its place. */
  @Benchmark
  @OperationsPerInvocation(SEGMENTS)
  public void outbound() {
    TunnelBatch batch = node.take();
    batch.bytes().put(batch.nextOffset(), header, 0, HEADER_BYTES);
    batch.setSegments(batch.add(LENGTH_BYTES), HEADER_BYTES, SEGMENT_BYTES);
    node.send(batch);
    bytesSent += (long) SEGMENTS * (MemoryNode.MTU + Messages.TRANSPORT_OVERHEAD_BYTES);
  }
}
