package io.wgnetty.protocol;

/**
 * The counters that a session has received: each is accepted once, and none that is too old.
 *
 * <p>A ring of bits indexed by the counter (RFC 6479): moving the window forward clears whole words
 * and never shifts. The word that the greatest counter is in may be partly ahead of it, so one word
 * of the ring is not usable as distance. One window serves one receiving key; not thread-safe.
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

  private final long[] seen = new long[RING_WORDS];

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

  /** Clears the words strictly after that of the old greatest counter, up to the new one's. */
  private void advanceTo(long counter) {
    long from = greatest >>> 6;
    long words = Math.min((counter >>> 6) - from, RING_WORDS);
    for (long i = 1; i <= words; i++) {
      seen[(int) (from + i) & (RING_WORDS - 1)] = 0;
    }
    greatest = counter;
    assert !isSeen(counter) : "nothing ahead of the window is marked";
  }

  /** Sets the counter's bit; false if it was set. */
  private boolean mark(long counter) {
    int word = word(counter);
    long bit = 1L << counter;
    boolean fresh = (seen[word] & bit) == 0;
    seen[word] |= bit;
    return fresh;
  }

  private boolean isSeen(long counter) {
    return (seen[word(counter)] & 1L << counter) != 0;
  }

  private static int word(long counter) {
    return (int) (counter >>> 6) & (RING_WORDS - 1);
  }
}
