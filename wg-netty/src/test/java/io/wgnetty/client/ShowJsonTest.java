package io.wgnetty.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A document that is printed while the node still speaks. */
class ShowJsonTest {
  private static final int PEERS = 2000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private static Facts peer(int number) {
    var facts = new Facts();
    facts.add("public_key", "%064x".formatted(number));
    facts.add("allowed_ip", "10.%d.%d.1/32".formatted(number >> 8, number & 0xff));
    return facts;
  }

  @Test
  void shouldPrintPeersAsTheyCome() {
    var document = new ShowJson(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    ReportReader reader = document.node("wg0");
    reader.node(new Facts());
    int printed = 0;
    int longestWait = 0;
    int lastPrinted = 0;
    for (int i = 0; i < PEERS; i++) {
      reader.peer(peer(i));
      if (bytes.size() > printed) {
        printed = bytes.size();
        lastPrinted = i;
      }
      longestWait = Math.max(longestWait, i - lastPrinted);
    }
    assertThat(longestWait).as("peers that are kept").isLessThan(200);
    document.endNode();
    reader = document.node("wg1");
    reader.node(new Facts());
    document.endNode();
    document.end();
    JsonArray interfaces =
        JsonParser.parseString(bytes.toString(StandardCharsets.UTF_8))
            .getAsJsonObject()
            .getAsJsonArray("interfaces");
    assertThat(interfaces).hasSize(2);
    JsonArray peers = interfaces.get(0).getAsJsonObject().getAsJsonArray("peers");
    assertThat(peers).hasSize(PEERS);
    assertThat(interfaces.get(1).getAsJsonObject().getAsJsonArray("peers")).isEmpty();
  }
}
