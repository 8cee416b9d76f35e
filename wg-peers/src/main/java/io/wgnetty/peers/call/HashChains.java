package io.wgnetty.peers.call;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Numbers in chains by hash, of what others keep in arrays at these numbers. Numbers that were
 * given back are used again.
 */
final class HashChains {
  static final int NONE = -1;

  private static final int FIRST_CAPACITY = 16;

  private final IntUnaryOperator hashOf;
  private int[] heads = new int[FIRST_CAPACITY];
  private int[] next = new int[FIRST_CAPACITY];
  private int used;
  private int free = NONE;
  private int size;

  /**
   * No numbers yet.
   *
   * @param hashOf the hash of what is kept at a number
   */
  HashChains(IntUnaryOperator hashOf) {
    this.hashOf = hashOf;
    Arrays.fill(heads, NONE);
  }

  /** How large arrays grow that have this size and are full. */
  static int grown(int length) {
    return length + Math.max(length >> 2, FIRST_CAPACITY);
  }

  /** A number that is free; {@link #link} follows when something is kept at it. */
  int take() {
    int number = free;
    if (number == NONE) {
      number = used++;
      if (number == next.length) {
        next = Arrays.copyOf(next, grown(number));
      }
    } else {
      free = next[number];
    }
    return number;
  }

  void link(int number) {
    if (size >= heads.length) {
      spread();
    }
    size++;
    prepend(number);
  }

  private void prepend(int number) {
    int bucket = bucket(hashOf.applyAsInt(number));
    next[number] = heads[bucket];
    heads[bucket] = number;
  }

  /** Twice as many chains, and so half as long ones. */
  private void spread() {
    int[] before = heads;
    heads = new int[2 * before.length];
    Arrays.fill(heads, NONE);
    for (int head : before) {
      for (int number = head; number != NONE; ) {
        int rest = next[number];
        prepend(number);
        number = rest;
      }
    }
  }

  /** Gives a number back, while what is kept at it is still there. */
  void unlink(int number) {
    int bucket = bucket(hashOf.applyAsInt(number));
    if (heads[bucket] == number) {
      heads[bucket] = next[number];
    } else {
      int before = heads[bucket];
      while (next[before] != number) {
        before = next[before];
      }
      next[before] = next[number];
    }
    next[number] = free;
    free = number;
    size--;
  }

  /** The first number of a hash's chain, in which there are others as well. */
  int first(int hash) {
    return heads[bucket(hash)];
  }

  int next(int number) {
    return next[number];
  }

  /** How many numbers are in chains. */
  int size() {
    return size;
  }

  private int bucket(int hash) {
    int spread = hash * 0x9e37_79b9;
    return (spread ^ spread >>> 16) & heads.length - 1;
  }
}
