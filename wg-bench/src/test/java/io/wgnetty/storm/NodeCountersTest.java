package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeCountersTest {
  private static final String ANSWER =
      """
      implementation=wg-netty
      under_load=true
      drop=handshake-flood:120
      drop=replayed:3
      handshakes=answered_completed:55
      public_key=00
      drop=replayed:2
      errno=0

      """;

  @Test
  void shouldReadTheNodesCountersAndNotThePeers() {
    NodeCounters counters = NodeCounters.parse(ANSWER);

    assertThat(counters.drops())
        .containsEntry("handshake-flood", 120L)
        .containsEntry("replayed", 3L);
    assertThat(counters.handshakes()).containsEntry("answered_completed", 55L);
    assertThat(counters.facts()).containsEntry("under_load", "true");
  }

  @Test
  void shouldTellWhatCameToIt() {
    NodeCounters before = NodeCounters.parse(ANSWER);
    NodeCounters after = NodeCounters.parse(ANSWER.replace("flood:120", "flood:150"));

    assertThat(after.dropsSince(before)).containsOnly(Map.entry("handshake-flood", 30L));
  }

  @Test
  void shouldKnowNothingOfOtherImplementations() {
    assertThat(NodeCounters.parse("errno=22\n\n")).isSameAs(NodeCounters.NONE);
    assertThat(NodeCounters.ask(Path.of("/nowhere/at-all.sock"), "00")).isSameAs(NodeCounters.NONE);
  }
}
