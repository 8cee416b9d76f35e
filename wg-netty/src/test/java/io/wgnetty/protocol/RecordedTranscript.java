package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Remembers every state of a handshake: its values to compare, its arrays to see them wiped. */
final class RecordedTranscript implements TranscriptObserver {
  private record State(String ck, String h, String k) {}

  private final List<State> states = new ArrayList<>();
  private final List<byte[]> liveArrays = new ArrayList<>();

  @Override
  public void stepped(byte[] chainingKey, byte[] hash, byte[] key) {
    HexFormat hex = HexFormat.of();
    states.add(new State(hex.formatHex(chainingKey), hex.formatHex(hash), hex.formatHex(key)));
    liveArrays.add(chainingKey);
    liveArrays.add(hash);
    liveArrays.add(key);
  }

  /** The arrays that the handshake worked in, as they are now. */
  List<byte[]> liveArrays() {
    return liveArrays;
  }

  void clear() {
    states.clear();
    liveArrays.clear();
  }

  String lastChainingKey() {
    return states.getLast().ck();
  }

  String lastHash() {
    return states.getLast().h();
  }

  /** Compares state by state with the steps of a vector that say what ck, h or k are. */
  void assertMatches(List<JsonObject> steps) {
    int next = 0;
    for (JsonObject step : steps) {
      String name = step.get("step").getAsString();
      if (step.has("aad")) {
        assertThat(states.get(next - 1).h()).as(name).isEqualTo(step.get("aad").getAsString());
      }
      if (!step.has("ck") && !step.has("h")) {
        continue;
      }
      State state = states.get(next++);
      if (step.has("ck")) {
        assertThat(state.ck()).as(name).isEqualTo(step.get("ck").getAsString());
      }
      if (step.has("h")) {
        assertThat(state.h()).as(name).isEqualTo(step.get("h").getAsString());
      }
      if (step.has("k")) {
        assertThat(state.k()).as(name).isEqualTo(step.get("k").getAsString());
      }
    }
    assertThat(states).hasSize(next);
  }
}
