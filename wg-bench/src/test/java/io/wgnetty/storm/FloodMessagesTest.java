package io.wgnetty.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.Messages;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FloodMessagesTest {
  private final TestServer server = new TestServer();
  private final FloodMessages messages =
      new FloodMessages(server.crypto, server.asSeen, new SplittableRandom(3));

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"FORGED", "ONE_SOURCE", "SWEEP", "LOW_ORDER_EPHEMERAL", "LOW_ORDER_STATIC"})
  void shouldPassMac1AndNothingElse(FloodKind kind) {
    byte[] message = messages.make(kind);

    assertThat(message).hasSize(Messages.INITIATION_BYTES);
    assertThat(server.cookies.checkMac1(message)).isTrue();
    assertThat(server.tryOpen(message)).isNull();
  }

  @Test
  void shouldFailAtMac1AlreadyIfThatIsAskedFor() {
    byte[] message = messages.make(FloodKind.WRONG_MAC1);

    assertThat(HandshakeMessage.parse(message)).isNotNull();
    assertThat(server.cookies.checkMac1(message)).isFalse();
  }

  @Test
  void shouldGetAsFarAsTheStaticKeyWithOneOfSmallOrder() {
    byte[] message = messages.make(FloodKind.LOW_ORDER_STATIC);

    assertThat(server.tryOpen(message)).isNull();
    assertThat(requireNonNull(server.latestCaller()).toBytes())
        .isEqualTo(FloodMessages.lowOrderKey());
  }

  @Test
  void shouldNameAnotherKeyEachTimeWhereKeysAreUnknown() {
    assertThat(server.tryOpen(messages.make(FloodKind.UNKNOWN_KEY))).isNull();
    PublicKey first = requireNonNull(server.latestCaller());
    assertThat(server.tryOpen(messages.make(FloodKind.UNKNOWN_KEY))).isNull();
    assertThat(requireNonNull(server.latestCaller())).isNotEqualTo(first);
  }

  @Test
  void shouldMakeJunkThatIsNoMessage() {
    for (int i = 0; i < 100; i++) {
      assertThat(HandshakeMessage.parse(messages.make(FloodKind.JUNK))).isNull();
    }
  }

  @Test
  void shouldMakeEachMessageAnew() {
    assertThat(messages.make(FloodKind.FORGED)).isNotEqualTo(messages.make(FloodKind.FORGED));
  }

  @Test
  void shouldLeaveReplaysToPeers() {
    assertThatThrownBy(() -> messages.make(FloodKind.REPLAY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
