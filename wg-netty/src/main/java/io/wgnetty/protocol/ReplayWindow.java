package io.wgnetty.protocol;

import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The counters that a session has received: each is accepted once, and none that is too old.
 *
 * <p>A ring of bits indexed by the counter (RFC 6479): moving the window forward clears whole words
 * and never shifts. The word that the greatest counter is in may be partly ahead of it, so one word
 * of the ring is not usable as distance. One window serves one receiving key; not thread-safe.
 *
 * <p>The ring is no longer than the greatest counter needs: one that has a place for every counter
 * so far has forgotten nothing, so it is the same as one of full length. Most sessions of a node
 * with many peers see few packets, and stay with the one word that needs no array.
 */
public final class ReplayWindow {
  /** REJECT_AFTER_MESSAGES (protocol 1.3): no counter from here on is accepted, ever. */
  public static final long REJECT_AFTER_MESSAGES = 0xFFFF_FFFF_FFFF_DFFFL;

  private static final int RING_BITS = 8192;
  private static final int RING_WORDS = RING_BITS / Long.SIZE;

  /** The greatest distance behind the greatest counter that is still accepted. */
  public static final int WINDOW = RING_BITS - Long.SIZE;

  /** Where a counter lies. All comparisons are unsigned: counters use all 64 bits. */
  private enum Position {
    BEYOND_LIMIT,
    AHEAD,
    WITHIN,
    BEHIND
  }

  /** The first 64 counters, as long as there are no others. */
  private long first;

  /** A power of two of words; shorter than {@link #RING_WORDS} only as long as nothing wraps. */
  private long @Nullable [] ring;

  /** The greatest accepted counter. Before the first packet it is 0 while bit 0 is clear. */
  private long greatest;

  /**
   * Accepts the counter if it is new, and remembers it. To be called after authentication only:
   * protocol 4.1 step 6.
   */
  public boolean accept(long counter) {
    boolean accepted =
        switch (position(counter)) {
          case BEYOND_LIMIT, BEHIND -> false;
          case AHEAD -> {
            advanceTo(counter);
            yield mark(counter);
          }
          case WITHIN -> mark(counter);
        };
    assert !accepted || isSeen(counter) : "an accepted counter is remembered";
    assert !accepted || Long.compareUnsigned(counter, greatest) <= 0 : "greatest is the greatest";
    assert Long.compareUnsigned(greatest, REJECT_AFTER_MESSAGES) < 0 : "the limit holds";
    return accepted;
  }

  /**
   * Whether {@link #accept} would take the counter now. Changes nothing, and what it refuses is
   * refused for ever: the window never goes back.
   */
  public boolean wouldAccept(long counter) {
    return switch (position(counter)) {
      case BEYOND_LIMIT, BEHIND -> false;
      case AHEAD -> true;
      case WITHIN -> !isSeen(counter);
    };
  }

  /** The greatest accepted counter, unsigned; 0 before the first. */
  public long greatest() {
    return greatest;
  }

  /** How many counters it has places for at present. */
  int places() {
    return ring == null ? Long.SIZE : ring.length * Long.SIZE;
  }

  /** Writes down what it has seen. */
  public void save(StateWriter out) {
    out.int64(greatest);
    long[] seen = ring;
    out.int32(seen == null ? 0 : seen.length);
    if (seen == null) {
      out.int64(first);
    } else {
      for (long word : seen) {
        out.int64(word);
      }
    }
  }

  /** Has seen what {@link #save} wrote down, and nothing else. */
  public void restore(StateReader in) {
    greatest = in.int64();
    if (position(greatest) == Position.BEYOND_LIMIT) {
      throw new MalformedStateException("a counter beyond the limit was seen");
    }
    int words = in.count(RING_WORDS);
    if (words == 1 || Integer.bitCount(words) > 1) {
      throw new MalformedStateException("a window has " + words + " words");
    }
    if (words == 0) {
      first = in.int64();
      ring = null;
    } else {
      long[] seen = new long[words];
      for (int i = 0; i < words; i++) {
        seen[i] = in.int64();
      }
      ring = seen;
    }
    checkGreatest();
  }

  /** Short of its full length it has a place for each counter, and none ahead is marked. */
  private void checkGreatest() {
    long[] seen = ring;
    boolean fits = (greatest >>> 6) < (seen == null ? 1 : seen.length);
    if (!fits && (seen == null || seen.length < RING_WORDS)) {
      throw new MalformedStateException("a window is too short for what it has seen");
    }
    long last = seen == null ? first : seen[word(seen, greatest)];
    if ((last & -2L << greatest) != 0) {
      throw new MalformedStateException("a counter ahead of the greatest was seen");
    }
  }

  private Position position(long counter) {
    if (Long.compareUnsigned(counter, REJECT_AFTER_MESSAGES) >= 0) {
      return Position.BEYOND_LIMIT;
    }
    if (Long.compareUnsigned(counter, greatest) > 0) {
      return Position.AHEAD;
    }
    // counter <= greatest, so the difference is their true unsigned distance.
    return Long.compareUnsigned(greatest - counter, WINDOW) > 0 ? Position.BEHIND : Position.WITHIN;
  }

  private void advanceTo(long counter) {
    long words = (counter >>> 6) - (greatest >>> 6);
    if (words != 0) {
      advance(counter >>> 6, words);
    }
    greatest = counter;
    assert !isSeen(counter) : "nothing ahead of the window is marked";
  }

  /** Clears the words strictly after that of the old greatest counter, up to the new one's. */
  private void advance(long to, long words) {
    long[] seen = ring;
    if (seen == null || (seen.length < RING_WORDS && to >= seen.length)) {
      seen = grow(to);
    }
    for (long i = Math.min(words, seen.length) - 1; i >= 0; i--) {
      seen[(int) (to - i) & (seen.length - 1)] = 0;
    }
  }

  /** Gives the word {@code to} a place of its own; beyond the full length words share places. */
  private long[] grow(long to) {
    // Unsigned, a shifted counter is not negative.
    int words = to < RING_WORDS ? (int) (2 * Long.highestOneBit(to)) : RING_WORDS;
    long[] seen = ring == null ? new long[words] : Arrays.copyOf(ring, words);
    if (ring == null) {
      seen[0] = first;
    }
    ring = seen;
    return seen;
  }

  /** Sets the counter's bit; false if it was set. */
  private boolean mark(long counter) {
    long bit = 1L << counter;
    long[] seen = ring;
    if (seen == null) {
      boolean fresh = (first & bit) == 0;
      first |= bit;
      return fresh;
    }
    int word = word(seen, counter);
    boolean fresh = (seen[word] & bit) == 0;
    seen[word] |= bit;
    return fresh;
  }

  private boolean isSeen(long counter) {
    long[] seen = ring;
    return ((seen == null ? first : seen[word(seen, counter)]) & 1L << counter) != 0;
  }

  private static int word(long[] seen, long counter) {
    return (int) (counter >>> 6) & (seen.length - 1);
  }
}
