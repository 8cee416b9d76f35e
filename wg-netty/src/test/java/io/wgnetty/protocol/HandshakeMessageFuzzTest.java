package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Arbitrary datagrams. */
final class HandshakeMessageFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void parse(byte[] datagram) {
    HandshakeMessage message = HandshakeMessage.parse(datagram.clone());
    if (message == null) {
      return;
    }
    assertThat(message.bytes()).isEqualTo(datagram);
    int type = datagram[0];
    assertThat(datagram[1] | datagram[2] | datagram[3]).isZero();
    switch (message) {
      case InitiationMessage initiation -> {
        assertThat(type).isEqualTo(Messages.INITIATION);
        assertThat(initiation.ephemeral()).hasSize(32);
        assertThat(initiation.encryptedStatic()).hasSize(32 + 16);
        assertThat(initiation.encryptedTimestamp()).hasSize(12 + 16);
        assertThat(datagram).hasSize(4 + 4 + 32 + 48 + 28 + 32);
      }
      case ResponseMessage response -> {
        assertThat(type).isEqualTo(Messages.RESPONSE);
        assertThat(response.ephemeral()).hasSize(32);
        assertThat(response.encryptedNothing()).hasSize(16);
        assertThat(datagram).hasSize(4 + 4 + 4 + 32 + 16 + 32);
      }
      case CookieReplyMessage reply -> {
        assertThat(type).isEqualTo(Messages.COOKIE_REPLY);
        assertThat(reply.nonce()).hasSize(24);
        assertThat(datagram).hasSize(4 + 4 + 24 + 32);
      }
    }
  }
}
