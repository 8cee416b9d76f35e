package io.wgnetty.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void shouldWriteEveryKindOfValue() {
    String text =
        new JsonText()
            .beginObject()
            .name("text")
            .value("a")
            .name("number")
            .value(Long.MAX_VALUE)
            .name("truth")
            .value(true)
            .name("none")
            .nothing()
            .name("empty")
            .beginArray()
            .endArray()
            .name("list")
            .beginArray()
            .value(1)
            .beginObject()
            .endObject()
            .value("b")
            .endArray()
            .endObject()
            .toString();
    JsonObject object = JsonParser.parseString(text).getAsJsonObject();
    assertThat(object.get("text").getAsString()).isEqualTo("a");
    assertThat(object.get("number").getAsLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(object.get("truth").getAsBoolean()).isTrue();
    assertThat(object.get("none").isJsonNull()).isTrue();
    assertThat(object.getAsJsonArray("empty")).isEmpty();
    assertThat(object.getAsJsonArray("list")).hasSize(3);
    assertThat(text).contains("\n  \"number\": 9223372036854775807,\n");
  }

  @Test
  void shouldEscapeAnyText() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(20); n > 0; n--) {
        int c = random.nextBoolean() ? random.nextInt(0xa0) : random.nextInt(0x110000);
        if (c < 0xd800 || c > 0xdfff) {
          text.appendCodePoint(c);
        }
      }
      String written = new JsonText().beginArray().value(text.toString()).endArray().toString();
      JsonArray read = JsonParser.parseString(written).getAsJsonArray();
      assertThat(read.get(0).getAsString()).as("seed %d", seed).isEqualTo(text.toString());
      assertThat(written.chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
    }
    assertThat(new JsonText().value("\ud800x").toString()).isEqualTo("\"\\ud800x\"\n");
  }
}
