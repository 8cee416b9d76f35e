package io.wgnetty.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.device.PeerTrace;
import io.wgnetty.protocol.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTextTest {
  private static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    Arrays.fill(bytes, (byte) number);
    return PublicKey.of(bytes);
  }

  private static final PeerRecords RECORDS =
      new PeerRecords(
          key(1),
          1_796_000_000_123_456_789L,
          List.of(
              new PeerTrace(
                  key(2),
                  Endpoint.ipv4(0xc0000201, 51820),
                  Tai64n.whitened(1_796_000_000_000_000_000L),
                  1_795_999_999_000_000_000L,
                  "Anna's laptop, 2nd -"),
              new PeerTrace(
                  key(3), Endpoint.ipv6(0xfe80L << 48, 1, 65535, 7), null, 1, "Größe 10 km"),
              new PeerTrace(key(4), Endpoint.ipv6(0x20010db8L << 32, 1, 1, 0), null, 0, null),
              new PeerTrace(key(5), null, new byte[Tai64n.BYTES], 0, null)));

  private static byte[] written(PeerRecords records) throws IOException {
    var out = new ByteArrayOutputStream();
    RecordText.write(records, out);
    return out.toByteArray();
  }

  private static PeerRecords read(byte[] bytes) throws IOException {
    return RecordText.read(new ByteArrayInputStream(bytes));
  }

  private static PeerRecords read(String text) throws IOException {
    return read(text.getBytes(UTF_8));
  }

  @Test
  void shouldReadWhatItHasWritten() throws IOException {
    assertThat(read(written(RECORDS)))
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*socketAddress")
        .isEqualTo(RECORDS);
  }

  @Test
  void shouldHaveALineForEachPeer() throws IOException {
    String text = new String(written(RECORDS), UTF_8);
    assertThat(text.lines())
        .hasSize(6)
        .element(1)
        .isEqualTo(
            key(2).toBase64()
                + " 192.0.2.1:51820 400000006b0cc90a00000000 1795999999000000000"
                + " Anna's laptop, 2nd -");
  }

  @Test
  void shouldLeaveOutANameThatWouldBreakTheLine() throws IOException {
    for (String name : List.of("a\nb", " ", "\u0000", "x".repeat(5000))) {
      var peer = new PeerTrace(key(2), null, null, 0, name);
      PeerRecords back = read(written(new PeerRecords(key(1), 1, List.of(peer))));
      assertThat(back.peers()).singleElement().extracting(PeerTrace::label).isNull();
    }
  }

  /** A bit that has flipped, anywhere. */
  @Test
  void shouldRefuseEveryDamage() throws IOException {
    byte[] bytes = written(RECORDS);
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> read(damaged)).as("byte %d", at).isInstanceOf(IOException.class);
    }
  }

  /** A disk that was full, a machine without power. */
  @Test
  void shouldRefuseWhatIsCutShort() throws IOException {
    byte[] bytes = written(RECORDS);
    for (int length = 0; length < bytes.length - 1; length++) { // the last byte ends the last line
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).as("length %d", length).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "[Interface]\nPrivateKey = x\n",
        "wg-netty-peers",
        "wg-netty-peers 1 x y",
        "wg-netty-peers 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= many\nend 0 00000000\n",
        "wg-netty-peers 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= 1\nend x 00000000\n",
      })
  void shouldRefuseWhatIsSomethingElse(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(IOException.class);
  }

  @Test
  void shouldSayThatAnotherVersionWroteIt() {
    assertThatThrownBy(() -> read("wg-netty-peers 2 a b\n"))
        .hasMessage("it has a form of another version");
  }

  @Test
  void shouldRefuseALineWithoutEnd() throws IOException {
    String text = new String(written(RECORDS), UTF_8);
    assertThatThrownBy(() -> read(text.replace("laptop", "l".repeat(5000))))
        .hasMessage("it is too long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1",
        "192.0.2.1:",
        ":1",
        "[::1:1",
        "192.0.2.1:65536",
        "[fe80::1%x]:1",
        "a:1"
      })
  void shouldRefuseAnEndpointThatIsNone(String endpoint) throws IOException {
    String text = new String(written(RECORDS), UTF_8);
    assertThatThrownBy(() -> read(text.replace("192.0.2.1:51820", endpoint)))
        .hasMessage("line 2 is damaged");
  }
}
