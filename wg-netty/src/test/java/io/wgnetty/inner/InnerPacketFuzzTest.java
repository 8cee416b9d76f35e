package io.wgnetty.inner;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a peer or the host may call an IP packet. */
class InnerPacketFuzzTest {
  private static final int IN = 3;
  private static final int OUT = 5;

  @FuzzTest
  void shouldMeasureWithinTheBuffer(byte[] data) {
    ByteBuffer exact = ByteBuffer.wrap(data).slice(); // nothing behind it that could be read
    int length = InnerPacket.length(exact, 0, data.length);
    if (length < 0) {
      assertThat(length).isBetween(InnerPacket.BAD_LENGTH, InnerPacket.NOT_IP);
      return;
    }
    boolean isIpv6 = InnerPacket.isIpv6(exact, 0);
    assertThat(length).isBetween(isIpv6 ? 40 : 20, data.length);
    assertThat(InnerPacket.length(exact, 0, length)).isEqualTo(length);
    if (isIpv6) {
      InnerPacket.destinationLow(exact, 0);
    } else {
      InnerPacket.destinationV4(exact, 0);
    }
  }

  @FuzzTest
  void shouldAnswerOnceOrNotAtAll(byte[] data) {
    ByteBuffer packet = ByteBuffer.allocate(IN + data.length).put(IN, data);
    byte[] answer = answer(packet, data.length);
    assertThat(packet.slice(IN, data.length)).isEqualTo(ByteBuffer.wrap(data));
    if (answer.length == 0) {
      return;
    }
    ByteBuffer b = ByteBuffer.wrap(answer);
    assertThat(InnerPacket.length(b, 0, answer.length)).isEqualTo(answer.length);
    assertThat(InnerPacket.isIpv6(b, 0)).isEqualTo(InnerPacket.isIpv6(packet, IN));
    if (InnerPacket.isIpv6(b, 0)) {
      assertThat(answer.length).isBetween(88, 1280);
      assertThat(Arrays.copyOfRange(answer, 8, 24)).isEqualTo(Arrays.copyOfRange(data, 24, 40));
      assertThat(Arrays.copyOfRange(answer, 24, 40)).isEqualTo(Arrays.copyOfRange(data, 8, 24));
      assertThat(answer).endsWith(Arrays.copyOf(data, answer.length - 48));
    } else {
      assertThat(answer.length).isBetween(48, 576);
      assertThat(Arrays.copyOfRange(answer, 12, 16)).isEqualTo(Arrays.copyOfRange(data, 16, 20));
      assertThat(Arrays.copyOfRange(answer, 16, 20)).isEqualTo(Arrays.copyOfRange(data, 12, 16));
      assertThat(answer).endsWith(Arrays.copyOf(data, answer.length - 28));
      assertThat(InternetChecksum.of(b, 0, 20, 0)).isZero();
      assertThat(InternetChecksum.of(b, 20, answer.length - 20, 0)).isZero();
    }
    assertThat(answer(b, 0, answer.length)).as("an answer to the answer").isEmpty();
  }

  @FuzzTest
  void shouldKeepTheChecksumThroughEcn(byte[] data) {
    ByteBuffer packet = ByteBuffer.allocate(data.length).put(0, data);
    if (data.length == 0 || InnerPacket.length(packet, 0, data.length) < 0) {
      return;
    }
    int before = Ecn.of(packet, 0);
    int outer = data[data.length - 1] & 3;
    boolean isIpv4 = !InnerPacket.isIpv6(packet, 0);
    if (isIpv4) {
      packet.putShort(10, (short) 0);
      packet.putShort(10, InternetChecksum.of(packet, 0, 20, 0));
    }
    Ecn.decapsulate(packet, 0, outer);
    assertThat(Ecn.of(packet, 0)).isEqualTo(Ecn.decapsulate(before, outer));
    assertThat(isIpv4 && InternetChecksum.of(packet, 0, 20, 0) != 0).isFalse();
  }

  private static byte[] answer(ByteBuffer packet, int length) {
    return answer(packet, IN, length);
  }

  private static byte[] answer(ByteBuffer packet, int offset, int length) {
    ByteBuffer out = ByteBuffer.allocate(OUT + IcmpUnreachable.MAX_BYTES);
    byte[] answer = new byte[IcmpUnreachable.write(packet, offset, length, out, OUT)];
    out.get(OUT, answer);
    return answer;
  }
}
