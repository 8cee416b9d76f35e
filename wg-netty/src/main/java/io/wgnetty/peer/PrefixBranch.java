package io.wgnetty.peer;

import org.jspecify.annotations.Nullable;

/**
 * A place where the trie branches on one bit of the address. Immutable.
 *
 * <p>All prefixes below it have their first {@code bit} bits in common. It does not store them:
 * every prefix below does, and a lookup compares with those.
 */
final class PrefixBranch<P> implements PrefixNode<P> {
  /** The prefix that is exactly the common bits, if there is one. */
  final @Nullable AllowedIp<P> entry;

  final @Nullable PrefixNode<P> zero;
  final @Nullable PrefixNode<P> one;
  final int bit;

  private PrefixBranch(
      int bit,
      @Nullable AllowedIp<P> entry,
      @Nullable PrefixNode<P> zero,
      @Nullable PrefixNode<P> one) {
    this.bit = bit;
    this.entry = entry;
    this.zero = zero;
    this.one = one;
  }

  /** The smallest node that holds all this: a branch only if there is something to decide. */
  static <P> @Nullable PrefixNode<P> of(
      int bit,
      @Nullable AllowedIp<P> entry,
      @Nullable PrefixNode<P> zero,
      @Nullable PrefixNode<P> one) {
    if (zero == null && one == null) {
      return entry;
    }
    if (entry == null && (zero == null || one == null)) {
      return zero == null ? one : zero;
    }
    return new PrefixBranch<>(bit, entry, zero, one);
  }

  @Nullable PrefixNode<P> child(long high, long low) {
    return isSet(high, low, bit) ? one : zero;
  }

  /** This branch with another child on the side of the address. */
  @Nullable PrefixNode<P> withChild(long high, long low, @Nullable PrefixNode<P> child) {
    return isSet(high, low, bit) ? of(bit, entry, zero, child) : of(bit, entry, child, one);
  }

  /** Bit 0 is the uppermost of {@code high}, bit 127 the lowest of {@code low}. */
  static boolean isSet(long high, long low, int bit) {
    return (bit < Long.SIZE ? high << bit : low << bit) < 0; // a shift counts modulo 64
  }
}
