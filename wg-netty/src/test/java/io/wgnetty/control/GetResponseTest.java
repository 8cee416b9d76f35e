package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.PublicKey;
import org.junit.jupiter.api.Test;

class GetResponseTest {
  private static final String PEER_A = "aa".repeat(32);
  private static final String PEER_B = "bb".repeat(32);
  private static final String SECRET =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
  private static final String CLAMPED =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";

  private final FakeDevice device = new FakeDevice();

  private void set(String... lines) throws RequestException {
    var request = new SetRequest(device, X25519Providers.fastest());
    for (String line : lines) {
      request.line(UapiLine.of(line));
    }
    request.end();
  }

  private static String all(GetResponse response, int enoughBytes) {
    StringBuilder text = new StringBuilder();
    while (!response.isDone()) {
      ByteBuf piece = Unpooled.buffer();
      response.writeTo(piece, enoughBytes);
      text.append(piece.toString(US_ASCII));
    }
    return text.toString();
  }

  @Test
  void shouldWriteNothingButErrnoForEmptyDevice() {
    assertThat(all(new GetResponse(device), 1000)).isEqualTo("errno=0\n\n");
  }

  @Test
  void shouldWriteEverythingInOrder() throws RequestException {
    set(
        "private_key=" + SECRET,
        "listen_port=51820",
        "fwmark=4294967295",
        "public_key=" + PEER_A,
        "preshared_key=" + SECRET,
        "endpoint=[2001:db8::1]:5",
        "persistent_keepalive_interval=25",
        "allowed_ip=10.0.0.0/8",
        "allowed_ip=2001:db8::/32",
        "public_key=" + PEER_B);
    device.traffic(PublicKey.fromHex(PEER_A), 1_795_350_896_987_654_321L, 12, -1);
    assertThat(all(new GetResponse(device), 1000))
        .isEqualTo(
            """
            private_key=%s
            listen_port=51820
            fwmark=4294967295
            public_key=%s
            preshared_key=%s
            protocol_version=1
            endpoint=[2001:db8::1]:5
            last_handshake_time_sec=1795350896
            last_handshake_time_nsec=987654321
            tx_bytes=18446744073709551615
            rx_bytes=12
            persistent_keepalive_interval=25
            allowed_ip=10.0.0.0/8
            allowed_ip=2001:db8::/32
            public_key=%s
            protocol_version=1
            last_handshake_time_sec=0
            last_handshake_time_nsec=0
            tx_bytes=0
            rx_bytes=0
            persistent_keepalive_interval=0
            errno=0

            """
                .formatted(CLAMPED, PEER_A, SECRET, PEER_B));
  }

  @Test
  void shouldWriteTheSameInPiecesOfAnySize() throws RequestException {
    String[] lines = new String[300 * 3];
    for (int i = 0; i < 300; i++) {
      lines[3 * i] = "public_key=" + String.format("%064x", i + 1);
      lines[3 * i + 1] = "allowed_ip=10.0." + i / 256 + "." + i % 256 + "/32";
      lines[3 * i + 2] = "allowed_ip=10.1." + i / 256 + "." + i % 256 + "/32";
    }
    set(lines);
    String whole = all(new GetResponse(device), Integer.MAX_VALUE);
    assertThat(whole.lines().filter(line -> line.startsWith("allowed_ip="))).hasSize(600);
    assertThat(all(new GetResponse(device), 1)).isEqualTo(whole);
    assertThat(all(new GetResponse(device), 777)).isEqualTo(whole);
    assertThat(device.snapshotsPerCall).allMatch(peers -> peers <= 128);
  }

  @Test
  void shouldLeaveOutPeerThatIsGoneMeanwhile() throws RequestException {
    set("public_key=" + PEER_A, "public_key=" + PEER_B);
    var response = new GetResponse(device);
    set("public_key=" + PEER_A, "remove=true");
    assertThat(all(response, 1000)).doesNotContain(PEER_A).contains(PEER_B).endsWith("errno=0\n\n");
  }

  @Test
  void shouldEndWithPositiveErrnoIfItFails() {
    var response = new GetResponse(device);
    ByteBuf piece = Unpooled.buffer();
    response.fail(piece, Errno.EIO);
    assertThat(piece.toString(US_ASCII)).isEqualTo("errno=5\n\n");
    assertThat(response.isDone()).isTrue();
  }
}
