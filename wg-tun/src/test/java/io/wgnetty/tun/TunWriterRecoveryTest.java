package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a kernel refuses, and whatever goes wrong with a batch: the way back. */
class TunWriterRecoveryTest {
  private static final int EIO = 5;
  private static final int ENOMEM = 12;

  private final PacketBatch batch = TestBatches.POOL.take();
  private final CapturedWrites kernel = new CapturedWrites();
  private long nowNs = 1_000_000_007L;
  private int fallbacks;
  private final TunWriter writer =
      new TunWriter(3, true, TunOffloads.ALL, kernel, () -> fallbacks++, () -> nowNs);

  @AfterEach
  void everythingIsGivenBack() {
    batch.release();
  }

  private static List<byte[]> segments(boolean tcp, int count) {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = TestPacket.pattern(100, i);
      TestPacket packet = tcp ? TestPacket.tcp4(payload) : TestPacket.udp4(payload);
      packet.sequence += i * 100;
      packet.identification += i;
      packets.add(packet.bytes());
    }
    return packets;
  }

  /** Writes a batch; returns in how many writes the kernel took it. */
  private int write(List<byte[]> packets) {
    int before = kernel.writes.size();
    batch.clear();
    packets.forEach(packet -> TestBatches.add(batch, packet));
    assertThat(writer.write(batch)).as("the interface is there").isTrue();
    return kernel.writes.size() - before;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldPutPacketsTogetherAgainTenMinutesAfterTheKernelRefusedTo(boolean tcp) {
    kernel.refuse(Errno.EINVAL, CapturedWrites::isMerged);
    assertThat(write(segments(tcp, 3))).isEqualTo(3);
    assertThat(fallbacks).isEqualTo(1);
    kernel.refuse(0, write -> false);

    nowNs += TimeUnit.MINUTES.toNanos(10) - 1;
    assertThat(write(segments(tcp, 3))).as("not yet").isEqualTo(3);
    nowNs++;
    assertThat(write(segments(tcp, 3))).as("tried again").isEqualTo(1);
    assertThat(writer.packets()).isEqualTo(9);
    assertThat(writer.errors()).isZero();
  }

  @Test
  void shouldFallBackAgainIfTheKernelStillRefuses() {
    kernel.refuse(Errno.EINVAL, CapturedWrites::isMerged);
    for (int round = 1; round <= 3; round++) {
      assertThat(write(segments(true, 3))).isEqualTo(3);
      assertThat(write(segments(true, 3))).isEqualTo(3);
      assertThat(fallbacks).isEqualTo(round);
      nowNs += TunWriter.RETRY_NS;
    }
    assertThat(writer.packets()).isEqualTo(18);
  }

  @ParameterizedTest
  @CsvSource({"5, EIO", "11, EAGAIN", "12, ENOMEM", "16, EBUSY", "105, ENOBUFS"})
  void shouldCountWhatTheKernelRefusesAndGoOn(int errno, String name) {
    kernel.refuse(errno, write -> true);
    assertThat(write(segments(true, 7))).isZero();
    assertThat(writer.errors()).as(name).isEqualTo(7);
    kernel.refuse(0, write -> false);
    assertThat(write(segments(true, 7))).as("as if nothing had been").isEqualTo(1);
    assertThat(writer.errors()).isEqualTo(7);
    assertThat(fallbacks).isZero();
  }

  @Test
  void shouldSurviveADefectOfItsOwn() {
    kernel.refuse(EIO, TunWriterRecoveryTest::thrown);
    for (int i = 0; i < 3; i++) {
      assertThat(write(segments(true, 7))).isZero();
    }
    assertThat(writer.errors()).isEqualTo(21);
    kernel.refuse(
        ENOMEM,
        write -> {
          throw new OutOfMemoryError("as a library might");
        });
    assertThat(write(segments(false, 2))).isZero();
    assertThat(writer.errors()).isEqualTo(23);

    kernel.refuse(0, write -> false);
    assertThat(write(segments(true, 7))).isEqualTo(1);
    assertThat(writer.packets()).isEqualTo(7);
    assertThat(writer.errors()).isEqualTo(23);
  }

  private static boolean thrown(byte[] write) {
    throw new IllegalStateException("a defect, with " + write.length + " bytes");
  }

  @Test
  void shouldCountWhatIsLeftOfABatchWhoseMiddleIsADefect() {
    List<byte[]> packets = new ArrayList<>(segments(true, 4));
    packets.addAll(segments(false, 3));
    kernel.refuse(EIO, write -> !CapturedWrites.isMerged(write) || thrownFor(write));
    assertThat(write(packets)).isEqualTo(1);
    assertThat(writer.packets()).isEqualTo(4);
    assertThat(writer.errors()).isEqualTo(3);
  }

  private static boolean thrownFor(byte[] write) {
    return write[1] == 5 && thrown(write); // UDP_L4
  }
}
