package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplayWindowTest {
  private static final long LIMIT = ReplayWindow.REJECT_AFTER_MESSAGES;
  private static final JsonObject VECTORS = VectorFile.read("replay").getAsJsonObject();

  private final ReplayWindow window = new ReplayWindow();

  @Test
  void shouldHaveTheSizesOfTheVectors() {
    assertThat(ReplayWindow.WINDOW).isEqualTo(VECTORS.get("window").getAsInt());
    assertThat(Long.toUnsignedString(LIMIT))
        .isEqualTo(VECTORS.get("reject_after_messages").getAsString());
  }

  @Test
  void shouldFollowTheMainSequence() {
    replay(VECTORS.getAsJsonArray("main_sequence"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void shouldFollowEverySequence(String name, JsonArray steps) {
    replay(steps);
  }

  static Stream<Arguments> shouldFollowEverySequence() {
    return Stream.of("bulk", "extra")
        .flatMap(list -> VECTORS.getAsJsonArray(list).asList().stream())
        .map(JsonElement::getAsJsonObject)
        .map(s -> Arguments.of(s.get("name").getAsString(), s.getAsJsonArray("steps")));
  }

  private void replay(JsonArray steps) {
    assertThat(steps).isNotEmpty();
    for (JsonElement element : steps) {
      JsonObject step = element.getAsJsonObject();
      boolean expected = step.get("accept").getAsBoolean();
      if (!step.has("first")) {
        check(Long.parseUnsignedLong(step.get("counter").getAsString()), expected);
        continue;
      }
      long stride = step.get("step").getAsLong();
      long last = step.get("last").getAsLong();
      for (long c = step.get("first").getAsLong(); c != last + stride; c += stride) {
        check(c, expected);
      }
    }
  }

  private void check(long counter, boolean expected) {
    assertThat(window.wouldAccept(counter))
        .as("before: counter %s", Long.toUnsignedString(counter))
        .isEqualTo(expected);
    assertThat(window.accept(counter))
        .as("counter %s", Long.toUnsignedString(counter))
        .isEqualTo(expected);
  }

  @Test
  void shouldRefuseCounterBelowWindow() {
    check(20_000, true);
    check(20_000 - ReplayWindow.WINDOW, true);
    check(20_000 - ReplayWindow.WINDOW - 1, false);
    assertThat(window.greatest()).isEqualTo(20_000);
  }

  @Test
  void shouldCompareUnsigned() {
    check(Long.MAX_VALUE, true);
    check(Long.MIN_VALUE, true); // one more, as unsigned
    check(Long.MAX_VALUE, false);
    check(0, false);
    check(-1, false);
    check(LIMIT - 1, true);
    check(LIMIT, false);
    check(Long.MIN_VALUE, false);
  }

  @Test
  void shouldNotMoveForRefusedCounters() {
    check(5, true);
    check(LIMIT, false);
    check(-1, false);
    check(5, false);
    assertThat(window.greatest()).isEqualTo(5);
    check(4, true);
  }

  @Test
  void shouldEqualASetOnRandomSequences() {
    long seed = new Random().nextLong();
    System.out.println("ReplayWindowTest seed " + seed);
    Random random = new Random(seed);
    for (long start : List.of(0L, 1L << 40, Long.MAX_VALUE - 50_000, LIMIT - 150_000)) {
      ReplayWindow fresh = new ReplayWindow();
      SetModel model = new SetModel();
      long head = start;
      for (int i = 0; i < 30_000; i++) {
        long counter = head + step(random);
        if (start == 0 && counter < 0) {
          counter = 0;
        }
        boolean foreseen = fresh.wouldAccept(counter);
        assertThat(fresh.accept(counter))
            .as("seed %d, step %d, counter %s", seed, i, Long.toUnsignedString(counter))
            .isEqualTo(foreseen)
            .isEqualTo(model.accept(counter));
        head = model.greatest.longValue();
      }
    }
  }

  /**
   * Mostly near the head; sometimes about the edges of the window, sometimes a whole ring ahead.
   */
  private static long step(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> -ReplayWindow.WINDOW + random.nextInt(-70, 70);
      case 1 -> -random.nextInt(2 * ReplayWindow.WINDOW);
      case 2 -> random.nextInt(200);
      case 3 -> random.nextInt(50) == 0 ? 8192 + random.nextInt(-70, 70) : 1;
      default -> random.nextInt(-40, 8);
    };
  }

  /** What the window means, in exact arithmetic. */
  private static final class SetModel {
    private static final BigInteger LIMIT = new BigInteger("FFFFFFFFFFFFDFFF", 16);
    private static final BigInteger WINDOW = BigInteger.valueOf(8128);

    private final Set<BigInteger> accepted = new HashSet<>();
    private BigInteger greatest = BigInteger.ZERO;

    boolean accept(long counter) {
      BigInteger c = new BigInteger(Long.toUnsignedString(counter));
      if (c.compareTo(LIMIT) >= 0 || greatest.subtract(c).compareTo(WINDOW) > 0) {
        return false;
      }
      greatest = greatest.max(c);
      return accepted.add(c);
    }
  }
}
