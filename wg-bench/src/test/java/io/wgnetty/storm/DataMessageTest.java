package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Aead;
import io.wgnetty.protocol.Messages;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DataMessageTest {
  private static final int FROM = 0x0a80_0100;

  @Test
  void shouldAskTheServersHostForAnEcho() {
    try (StormCrypto crypto = StormCrypto.fastest()) {
      byte[] key = new byte[Aead.KEY_BYTES];
      var keys = new SessionKeys(key, key, 3, 3);
      byte[] message = DataMessage.echo(crypto.aead(), keys, 9, FROM, Addresses.innerServer());

      assertThat(DataMessage.isOf(crypto.aead(), keys, message)).isTrue();
      byte[] packet = new byte[32];
      assertThat(
              crypto
                  .aead()
                  .open(
                      key,
                      9,
                      new byte[0],
                      message,
                      Messages.TRANSPORT_HEADER_BYTES,
                      packet.length + Aead.TAG_BYTES,
                      packet,
                      0))
          .isTrue();
      // Sums: 4500 + 001c + 4001 + 0a80 + 0100 + 0aff + ff01, carried and inverted; and 0800.
      assertThat(HexFormat.of().formatHex(Arrays.copyOf(packet, 28)))
          .isEqualTo(
              "4500001c000000004001" + "6561" + "0a8001000affff01" + "0800" + "f7ff" + "00000000");
    }
  }
}
