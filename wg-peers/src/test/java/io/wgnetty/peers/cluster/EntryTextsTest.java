package io.wgnetty.peers.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.peers.sessions.SessionEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTextsTest {
  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void shouldReadWhatItWrites() {
    var called = new SessionEntry("b-1.x", 1_800_000_000L, Tai64n.whitened(17));
    assertThat(EntryTexts.session(EntryTexts.of(called))).isEqualTo(called);
    var calledByUs = new SessionEntry("b", 5, null);
    assertThat(EntryTexts.session(EntryTexts.of(calledByUs))).isEqualTo(calledByUs);
    var node = new NodeEntry("a", 7, "00ff", null);
    assertThat(EntryTexts.node("a", EntryTexts.of(node))).isEqualTo(node);
  }

  @Test
  void shouldPassOverWhatItDoesNotKnow() {
    assertThat(EntryTexts.session(bytes("{\"more\":[{}],\"node\":\"b\",\"since\":5}")))
        .isEqualTo(new SessionEntry("b", 5, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "garbage{",
        "{\"since\":5}",
        "{\"node\":\"b\",\"since\":\"x\"}",
        "{\"node\":\"b\",\"timestamp\":\"00\"}",
        "{\"node\":\"b\",\"timestamp\":\"zz\"}",
        "{\"node\":{\"b\":1}}",
        "{\"node\":null}",
        "{\"a\":[[[[[[[[[[[[]]]]]]]]]]]],\"node\":\"b\"}"
      })
  void shouldTakeNothingElseForAnEntry(String text) {
    assertThat(EntryTexts.session(bytes(text))).isNull();
  }

  @Test
  void shouldReadNothingThatIsTooLong() {
    assertThat(EntryTexts.session(bytes("{\"node\":\"b\",\"x\":\"" + "x".repeat(5000) + "\"}")))
        .isNull();
    assertThat(EntryTexts.node("b", bytes("{\"run\":"))).isNull();
  }
}
