package io.wgnetty.inner;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.protocol.IpText;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpUnreachableTest {
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int IN = 5;
  private static final int OUT = 3;

  private final ByteBuffer out = ByteBuffer.allocate(OUT + IcmpUnreachable.MAX_BYTES);

  @Test
  void shouldAnswerAnIpv4Packet() {
    byte[] packet = ipv4("10.0.0.1", "192.0.2.7", UDP, new byte[] {1, 2, 3, 4, 5});
    byte[] answer = answer(packet);

    // 20 + 8 + the whole packet; DF, no identification; TTL 64; ICMP 3/1.
    assertThat(HexFormat.of().formatHex(answer, 0, 10)).isEqualTo("45c0003500004000" + "4001");
    assertThat(Arrays.copyOfRange(answer, 12, 16)).isEqualTo(IpText.parse("192.0.2.7"));
    assertThat(Arrays.copyOfRange(answer, 16, 20)).isEqualTo(IpText.parse("10.0.0.1"));
    assertThat(answer[20]).isEqualTo((byte) 3);
    assertThat(answer[21]).isEqualTo((byte) 1);
    assertThat(Arrays.copyOfRange(answer, 24, 28)).containsOnly(0);
    assertThat(Arrays.copyOfRange(answer, 28, answer.length)).isEqualTo(packet);
    assertThat(onesComplementSum(answer, 0, 20)).isEqualTo(0xffff);
    assertThat(onesComplementSum(answer, 20, answer.length)).isEqualTo(0xffff);
  }

  @Test
  void shouldAnswerAnIpv6Packet() {
    byte[] packet = ipv6("2001:db8::1", "2001:db8:1::7", UDP, new byte[] {1, 2, 3, 4, 5});
    byte[] answer = answer(packet);

    assertThat(HexFormat.of().formatHex(answer, 0, 8)).isEqualTo("6000000000353a40");
    assertThat(Arrays.copyOfRange(answer, 8, 24)).isEqualTo(IpText.parse("2001:db8:1::7"));
    assertThat(Arrays.copyOfRange(answer, 24, 40)).isEqualTo(IpText.parse("2001:db8::1"));
    assertThat(answer[40]).isEqualTo((byte) 1);
    assertThat(answer[41]).isEqualTo((byte) 3);
    assertThat(Arrays.copyOfRange(answer, 48, answer.length)).isEqualTo(packet);
    assertThat(ipv6Sum(answer)).isEqualTo(0xffff);
  }

  @ParameterizedTest
  @CsvSource({"547, 575", "548, 576", "549, 576", "1420, 576", "65535, 576", "20, 48", "21, 49"})
  void shouldQuoteWhatFitsIn576BytesOfIpv4(int packetBytes, int answerBytes) {
    byte[] packet = ipv4("10.0.0.1", "192.0.2.7", UDP, pattern(packetBytes - 20));
    byte[] answer = answer(packet);
    assertThat(answer).hasSize(answerBytes);
    assertThat(answer).endsWith(Arrays.copyOf(packet, answerBytes - 28));
    assertThat(onesComplementSum(answer, 0, 20)).isEqualTo(0xffff);
    assertThat(onesComplementSum(answer, 20, answer.length)).isEqualTo(0xffff);
  }

  @ParameterizedTest
  @CsvSource({"1231, 1279", "1232, 1280", "1233, 1280", "9000, 1280", "40, 88", "41, 89"})
  void shouldQuoteWhatFitsIn1280BytesOfIpv6(int packetBytes, int answerBytes) {
    byte[] packet = ipv6("2001:db8::1", "2001:db8:1::7", UDP, pattern(packetBytes - 40));
    byte[] answer = answer(packet);
    assertThat(answer).hasSize(answerBytes);
    assertThat(answer).endsWith(Arrays.copyOf(packet, answerBytes - 48));
    assertThat(ipv6Sum(answer)).isEqualTo(0xffff);
  }

  @Test
  void shouldNotQuoteWhatLiesBehindThePacket() {
    byte[] packet = ipv4("10.0.0.1", "192.0.2.7", UDP, new byte[8]);
    byte[] answer = answer(Arrays.copyOf(packet, packet.length + 100));
    assertThat(answer).hasSize(28 + packet.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 11, 12})
  void shouldNotAnswerIcmpErrors(int type) {
    assertThat(answer(ipv4("10.0.0.1", "192.0.2.7", ICMP, new byte[] {(byte) type, 0}))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 13, 14})
  void shouldAnswerIcmpQuestions(int type) {
    byte[] body = {(byte) type, 0};
    assertThat(answer(ipv4("10.0.0.1", "192.0.2.7", ICMP, body))).isNotEmpty();
  }

  @Test
  void shouldFindTheIcmpTypeBehindOptions() {
    byte[] body = new byte[5]; // four bytes of options, then the type
    body[4] = 3;
    byte[] error = ipv4("10.0.0.1", "192.0.2.7", ICMP, body);
    error[0] = 0x46;
    assertThat(answer(error)).isEmpty();
    error[24] = 8;
    assertThat(answer(error)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 100, 127, 137})
  void shouldNotAnswerIcmpv6ErrorsAndRedirects(int type) {
    byte[] body = {(byte) type, 0};
    assertThat(answer(ipv6("2001:db8::1", "2001:db8:1::7", ICMPV6, body))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 129, 135, 255})
  void shouldAnswerIcmpv6Questions(int type) {
    byte[] body = {(byte) type, 0};
    assertThat(answer(ipv6("2001:db8::1", "2001:db8:1::7", ICMPV6, body))).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3a00000000000000, 0100",
    "43, 3a00000000000000, 0100",
    "60, 3a01000000000000 0000000000000000, 0100",
    "60, 2b00000000000000 3a00000000000000, 0100",
    "51, 3a01000000000000 00000000, 0100",
    "44, 3a00000000000000, 0100",
  })
  void shouldFindTheIcmpv6TypeBehindExtensions(int first, String extensions, String body) {
    HexFormat hex = HexFormat.of();
    byte[] payload = hex.parseHex((extensions + body).replace(" ", ""));
    assertThat(answer(ipv6("2001:db8::1", "2001:db8:1::7", first, payload))).isEmpty();
    payload[payload.length - 2] = (byte) 128;
    assertThat(answer(ipv6("2001:db8::1", "2001:db8:1::7", first, payload))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0x1fff, 0x2001, 0x2000 | 185})
  void shouldNotAnswerLaterFragments(int fragment) {
    byte[] packet = ipv4("10.0.0.1", "192.0.2.7", UDP, new byte[16]);
    ByteBuffer.wrap(packet).putShort(6, (short) fragment);
    assertThat(answer(packet)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x4000, 0x2000})
  void shouldAnswerWholePacketsAndFirstFragments(int fragment) {
    byte[] packet = ipv4("10.0.0.1", "192.0.2.7", UDP, new byte[16]);
    ByteBuffer.wrap(packet).putShort(6, (short) fragment);
    assertThat(answer(packet)).isNotEmpty();
  }

  @Test
  void shouldNotAnswerLaterIpv6Fragments() {
    byte[] payload = HexFormat.of().parseHex("1100000800000001" + "0000000000000000");
    assertThat(answer(ipv6("2001:db8::1", "2001:db8:1::7", 44, payload))).isEmpty();
    payload[3] = 1; // offset 0, more to come
    assertThat(answer(ipv6("2001:db8::1", "2001:db8:1::7", 44, payload))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "::", "::1", "ff02::1", "ff0e::1234"
      })
  void shouldAnswerNeitherToNorForAddressesThatNameNoHost(String address) {
    boolean isIpv6 = address.indexOf(':') >= 0;
    String host = isIpv6 ? "2001:db8::1" : "10.0.0.1";
    assertThat(answer(packet(address, host))).isEmpty();
    assertThat(answer(packet(host, address))).isEmpty();
    assertThat(answer(packet(host, host))).isNotEmpty();
  }

  private static byte[] packet(String source, String destination) {
    return source.indexOf(':') >= 0
        ? ipv6(source, destination, UDP, new byte[8])
        : ipv4(source, destination, UDP, new byte[8]);
  }

  @Test
  void shouldNotAnswerItsOwnAnswers() {
    assertThat(answer(answer(packet("10.0.0.1", "192.0.2.7")))).isEmpty();
    assertThat(answer(answer(packet("2001:db8::1", "2001:db8::7")))).isEmpty();
  }

  @Test
  void shouldNotAnswerMalformedPackets() {
    byte[] good = packet("10.0.0.1", "192.0.2.7");
    assertThat(answer(new byte[0])).isEmpty();
    assertThat(answer(Arrays.copyOf(good, 19))).isEmpty();
    assertThat(answer(Arrays.copyOf(good, 27))).as("shorter than its header says").isEmpty();
    for (int firstByte : new int[] {0x05, 0x55, 0x40, 0x44, 0x4f}) {
      byte[] bad = good.clone();
      bad[0] = (byte) firstByte; // another version, or a header that is too short or too long
      assertThat(answer(bad)).isEmpty();
    }
    byte[] cut = ipv4("10.0.0.1", "192.0.2.7", ICMP, new byte[0]);
    assertThat(answer(cut)).as("ICMP without a type").isEmpty();
    assertThat(answer(ipv6("2001:db8::1", "2001:db8::7", ICMPV6, new byte[0]))).isEmpty();
    assertThat(answer(ipv6("2001:db8::1", "2001:db8::7", 60, new byte[7]))).isEmpty();
    byte[] beyond = HexFormat.of().parseHex("3aff000000000000");
    assertThat(answer(ipv6("2001:db8::1", "2001:db8::7", 60, beyond))).isEmpty();
  }

  private byte[] answer(byte[] packet) {
    ByteBuffer in = ByteBuffer.allocate(IN + packet.length).put(IN, packet);
    int length = IcmpUnreachable.write(in, IN, packet.length, out, OUT);
    byte[] answer = new byte[length];
    out.get(OUT, answer);
    return answer;
  }

  private static byte[] ipv4(String source, String destination, int protocol, byte[] payload) {
    return ByteBuffer.allocate(20 + payload.length)
        .put((byte) 0x45)
        .put((byte) 0)
        .putShort((short) (20 + payload.length))
        .putInt(0x1234_0000)
        .put((byte) 64)
        .put((byte) protocol)
        .putShort((short) 0)
        .put(IpText.parse(source))
        .put(IpText.parse(destination))
        .put(payload)
        .array();
  }

  private static byte[] ipv6(String source, String destination, int nextHeader, byte[] payload) {
    return ByteBuffer.allocate(40 + payload.length)
        .putInt(0x6000_0000)
        .putShort((short) payload.length)
        .put((byte) nextHeader)
        .put((byte) 64)
        .put(IpText.parse(source))
        .put(IpText.parse(destination))
        .put(payload)
        .array();
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + 7);
    }
    return bytes;
  }

  /** Adds with end-around carry, byte by byte: 0xffff over a range with its right checksum. */
  private static int onesComplementSum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += (bytes[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  private static int ipv6Sum(byte[] answer) {
    int payload = answer.length - 40;
    byte[] pseudo =
        ByteBuffer.allocate(40 + payload)
            .put(answer, 8, 32)
            .putInt(payload)
            .putInt(ICMPV6)
            .put(answer, 40, payload)
            .array();
    return onesComplementSum(pseudo, 0, pseudo.length);
  }
}
