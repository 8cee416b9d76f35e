package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class HandshakeMessageTest {
  private static final Map<Integer, Integer> LENGTH_OF_TYPE =
      Map.of(
          Messages.INITIATION, Messages.INITIATION_BYTES,
          Messages.RESPONSE, Messages.RESPONSE_BYTES,
          Messages.COOKIE_REPLY, Messages.COOKIE_REPLY_BYTES);

  @Test
  void shouldParseExactlyTheLengthOfTheType() {
    for (int type = 0; type < 256; type++) {
      for (int length = 0; length <= 2048; length++) {
        byte[] datagram = new byte[length];
        if (length > 0) {
          datagram[0] = (byte) type;
        }
        boolean wellFormed = length > 0 && LENGTH_OF_TYPE.getOrDefault(type, -1) == length;
        HandshakeMessage message = HandshakeMessage.parse(datagram);
        assertThat(message != null).as("type %d, %d bytes", type, length).isEqualTo(wellFormed);
        if (message != null) {
          assertThat(message.bytes()).isSameAs(datagram);
        }
      }
    }
  }

  @Test
  void shouldRefuseReservedBytesThatAreNotZero() {
    LENGTH_OF_TYPE.forEach(
        (type, length) -> {
          for (int bit = 8; bit < 32; bit++) {
            byte[] datagram = new byte[length];
            datagram[0] = type.byteValue();
            datagram[bit / 8] = (byte) (1 << bit % 8);
            assertThat(HandshakeMessage.parse(datagram)).isNull();
          }
        });
  }

  @Test
  void shouldReadIndicesInLittleEndianOrder() {
    assertThat(((InitiationMessage) message(1, Messages.INITIATION_BYTES)).senderIndex())
        .isEqualTo(0x0706_0504);
    ResponseMessage response = (ResponseMessage) message(2, Messages.RESPONSE_BYTES);
    assertThat(response.senderIndex()).isEqualTo(0x0706_0504);
    assertThat(response.receiverIndex()).isEqualTo(0x0b0a_0908);
    assertThat(((CookieReplyMessage) message(3, Messages.COOKIE_REPLY_BYTES)).receiverIndex())
        .isEqualTo(0x0706_0504);
  }

  /** A message in which every byte after the type word is its own offset. */
  private static HandshakeMessage message(int type, int length) {
    byte[] datagram = new byte[length];
    datagram[0] = (byte) type;
    for (int i = 4; i < length; i++) {
      datagram[i] = (byte) i;
    }
    return Objects.requireNonNull(HandshakeMessage.parse(datagram));
  }
}
