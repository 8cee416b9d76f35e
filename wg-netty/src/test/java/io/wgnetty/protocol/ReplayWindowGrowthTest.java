package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A window that grows is the same function as one of full length from the start. */
class ReplayWindowGrowthTest {
  private static final int RUNS = 3000;
  private static final int STEPS = 400;
  private static final long LIMIT = ReplayWindow.REJECT_AFTER_MESSAGES;

  /** Counters about which something changes: words, lengths of the ring, the window, the limit. */
  private static final long[] EDGES = {
    0,
    63,
    64,
    127,
    128,
    191,
    256,
    512,
    4095,
    4096,
    8127,
    8128,
    8191,
    8192,
    8255,
    8256,
    16_384,
    1L << 31,
    1L << 32,
    Long.MAX_VALUE,
    LIMIT - 8192,
    LIMIT
  };

  @Test
  void shouldEqualAWindowOfFullLength() {
    Random random = SeededRandom.create("ReplayWindowGrowthTest");
    for (int run = 0; run < RUNS; run++) {
      ReplayWindow window = new ReplayWindow();
      FullWindow full = new FullWindow();
      long reach = 1L << random.nextInt(16);
      for (int step = 0; step < STEPS; step++) {
        long counter = next(random, full.greatest, reach);
        String at = "run " + run + ", step " + step + ", " + Long.toUnsignedString(counter);
        boolean expected = full.accept(counter);
        assertThat(window.wouldAccept(counter)).as(at).isEqualTo(expected);
        assertThat(window.accept(counter)).as(at).isEqualTo(expected);
        assertThat(window.greatest()).as(at).isEqualTo(full.greatest);
      }
      // Whatever was said of any counter that either could remember.
      for (int back = 0; back < 2 * 8192; back++) {
        long counter = full.greatest - back;
        assertThat(window.wouldAccept(counter)).isEqualTo(full.wouldAccept(counter));
      }
    }
  }

  private static long next(Random random, long greatest, long reach) {
    return switch (random.nextInt(16)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)] + random.nextInt(-2, 3);
      case 1 -> greatest + random.nextLong(reach + 1);
      case 2 -> greatest - random.nextLong(reach + 1);
      case 3 -> greatest - ReplayWindow.WINDOW + random.nextInt(-66, 67);
      case 4 -> random.nextInt(4) == 0 ? greatest + (1L << random.nextInt(15)) : greatest;
      case 5 -> (greatest | 63) + random.nextInt(-1, 2);
      default -> greatest + random.nextInt(-70, 4);
    };
  }

  @Test
  void shouldHaveNoMorePlacesThanItNeeds() {
    ReplayWindow window = new ReplayWindow();
    long[][] placesAfter = {
      {0, 64},
      {63, 64},
      {64, 128},
      {127, 128},
      {128, 256},
      {200, 256},
      {2047, 2048},
      {1, 2048},
      {2048, 4096},
      {4096, 8192},
      {8191, 8192},
      {8192, 8192},
      {1L << 40, 8192}
    };
    for (long[] step : placesAfter) {
      assertThat(window.accept(step[0])).isTrue();
      assertThat(window.places()).as("after counter %d", step[0]).isEqualTo(step[1]);
    }
  }

  @Test
  void shouldNotGrowForWhatItRefuses() {
    ReplayWindow window = new ReplayWindow();
    assertThat(window.accept(LIMIT)).isFalse();
    assertThat(window.accept(-1)).isFalse();
    assertThat(window.wouldAccept(1L << 40)).isTrue();
    assertThat(window.places()).isEqualTo(64);
  }

  /** The ring in full, from RFC 6479 as it stands. */
  private static final class FullWindow {
    private final long[] seen = new long[128];
    private long greatest;

    boolean accept(long counter) {
      if (!wouldAccept(counter)) {
        return false;
      }
      if (Long.compareUnsigned(counter, greatest) > 0) {
        long words = (counter >>> 6) - (greatest >>> 6);
        for (long i = 1; i <= Math.min(words, 128); i++) {
          seen[(int) ((greatest >>> 6) + i) & 127] = 0;
        }
        greatest = counter;
      }
      seen[(int) (counter >>> 6) & 127] |= 1L << counter;
      return true;
    }

    boolean wouldAccept(long counter) {
      if (Long.compareUnsigned(counter, LIMIT) >= 0) {
        return false;
      }
      if (Long.compareUnsigned(counter, greatest) > 0) {
        return true;
      }
      return Long.compareUnsigned(greatest - counter, 8128) <= 0
          && (seen[(int) (counter >>> 6) & 127] & 1L << counter) == 0;
    }
  }
}
