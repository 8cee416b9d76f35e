package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wgnetty.crypto.Blake2s;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.Messages;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Datagrams of strangers through the whole inbound chain: whatever they are, each is dropped for
 * one reason, and nothing is sent, delivered or thrown.
 */
class InboundChainFuzzTest {
  /** Shared by all inputs: none of them may change anything, so none can disturb the next. */
  private static final EmbeddedPair PAIR = new EmbeddedPair(new Random(1));

  private static final Endpoint STRANGER = EmbeddedPair.endpoint("203.0.113.1");

  @FuzzTest
  void shouldDropAnyDatagram(byte[] datagram) {
    drops(datagram);
  }

  /** Of somebody who knows our public key: what looks like a handshake message has a true mac1. */
  @FuzzTest
  void shouldDropAnyHandshakeMessage(byte[] input) {
    if (input.length == 0) {
      return;
    }
    boolean initiation = (input[0] & 1) == 0;
    int length = initiation ? Messages.INITIATION_BYTES : Messages.RESPONSE_BYTES;
    byte[] message = Arrays.copyOf(input, length);
    byte type = (byte) (initiation ? Messages.INITIATION : Messages.RESPONSE);
    System.arraycopy(new byte[] {type, 0, 0, 0}, 0, message, 0, 4);
    int mac1Offset = length - Messages.MACS_BYTES;
    Blake2s.mac(PAIR.node.identity.mac1Key(), message, 0, mac1Offset, message, mac1Offset);
    drops(message);
  }

  /** A message that was sent before, chosen by the first byte, exclusive-or the others. */
  @FuzzTest
  void shouldDropAnyChangedMessage(byte[] input) {
    if (input.length == 0) {
      return;
    }
    List<byte[]> messages = PAIR.messages;
    byte[] message = messages.get((input[0] & 0xff) % messages.size()).clone();
    for (int i = 0; i < Math.min(message.length, input.length - 1); i++) {
      message[i] ^= input[i + 1];
    }
    drops(message);
    // And as long as the input: cut off, or with more behind it.
    drops(Arrays.copyOf(message, input.length - 1));
  }

  private static void drops(byte[] datagram) {
    EmbeddedNode node = PAIR.node;
    long before = node.drops();
    node.receive(List.of(new Datagram(datagram, STRANGER)));
    assertThat(node.drops()).isEqualTo(before + 1);
    assertThat(node.sent).isEmpty();
    assertThat(node.delivered()).isEmpty();
    assertThat(PAIR.friendAsPeer.endpoint()).isEqualTo(PAIR.friend.endpoint);
  }
}
