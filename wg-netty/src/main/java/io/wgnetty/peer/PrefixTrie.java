package io.wgnetty.peer;

import org.jspecify.annotations.Nullable;

/**
 * A path-compressed binary trie from prefixes to {@link AllowedIp}s, for one address family.
 *
 * <h2>Why readers need no lock</h2>
 *
 * All nodes are immutable. A change copies the branches from the root to where it happens, a few
 * dozen at most, and {@link #publish} hands over the new root in one store. A reader takes the root
 * once, so it sees the table as it was at one instant: also when several changes, like the removal
 * of a whole peer, are published together. Changing nodes in place would be cheaper, but a reader
 * paused half-way could then miss a wide prefix that was added behind it and a narrow one that was
 * removed in front of it, and so route by a table that never existed.
 *
 * <h2>Bounds</h2>
 *
 * A branch decides a bit that no branch above it decides, so a path has at most 128 branches and
 * one leaf. Nothing here recurses.
 */
final class PrefixTrie<P> {
  private static final int MAX_BRANCHES = 128;

  /** What readers use. */
  private volatile @Nullable PrefixNode<P> published;

  /** What the writer is at; equal to {@link #published} when no change is under way. */
  private @Nullable PrefixNode<P> root;

  /** The branches on the way to the current change. */
  private final @Nullable PrefixBranch<P>[] path = newPath();

  private int depth;

  /** The longest prefix that covers the address; any thread. */
  @Nullable AllowedIp<P> longestMatch(long high, long low) {
    AllowedIp<P> best = null;
    PrefixNode<P> node = published;
    while (node instanceof PrefixBranch<P> branch) {
      AllowedIp<P> entry = branch.entry;
      if (entry != null) {
        if (!entry.covers(high, low)) {
          return best; // nor does anything below
        }
        best = entry;
      }
      node = branch.child(high, low);
    }
    return node instanceof AllowedIp<P> leaf && leaf.covers(high, low) ? leaf : best;
  }

  boolean isEmpty() {
    return published == null;
  }

  /** Makes all changes so far visible to readers, at once. */
  void publish() {
    published = root;
  }

  /** The entry of exactly this prefix. Leaves the path to it behind. */
  @Nullable AllowedIp<P> find(long high, long low, int length) {
    PrefixNode<P> node = descend(high, low, length);
    AllowedIp<P> found =
        node instanceof PrefixBranch<P> branch ? branch.entry : (AllowedIp<P>) node;
    return found != null && found.length() == length && found.commonBits(high, low) >= length
        ? found
        : null;
  }

  /** Adds an entry; one of the same prefix is replaced. */
  void put(AllowedIp<P> entry) {
    AllowedIp<P> nearest = nearest(entry);
    if (nearest == null) {
      root = entry;
      return;
    }
    int common = Math.min(entry.length(), nearest.length());
    common = Math.min(common, nearest.commonBits(entry.high, entry.low));
    PrefixNode<P> below = descend(entry.high, entry.low, common);
    replace(entry, join(entry, nearest, common, below));
  }

  /** Removes an entry that is in the trie. Branches that decide nothing any more go with it. */
  void remove(AllowedIp<P> entry) {
    PrefixNode<P> node = descend(entry.high, entry.low, entry.length());
    if (node instanceof PrefixBranch<P> branch) {
      assert branch.entry == entry;
      replace(entry, PrefixBranch.of(branch.bit, null, branch.zero, branch.one));
    } else {
      assert node == entry;
      replace(entry, null);
    }
  }

  /**
   * Walks to the first node that holds {@code length} bits or more, keeping the branches passed.
   */
  private @Nullable PrefixNode<P> descend(long high, long low, int length) {
    depth = 0;
    PrefixNode<P> node = root;
    while (node instanceof PrefixBranch<P> branch && branch.bit < length) {
      path[depth++] = branch;
      node = branch.child(high, low);
    }
    return node;
  }

  /** An entry that has as many leading bits in common with the new one as any has. */
  private @Nullable AllowedIp<P> nearest(AllowedIp<P> added) {
    PrefixNode<P> node = root;
    while (node instanceof PrefixBranch<P> branch) {
      PrefixNode<P> child =
          branch.bit < added.length() ? branch.child(added.high, added.low) : branch.entry;
      if (child == null) {
        child = branch.entry != null ? branch.entry : anyChild(branch);
      }
      node = child;
    }
    return (AllowedIp<P>) node;
  }

  private static <P> @Nullable PrefixNode<P> anyChild(PrefixBranch<P> branch) {
    return branch.zero != null ? branch.zero : branch.one;
  }

  /** The node that takes the place of {@code below}, once the added entry is in it. */
  private static <P> @Nullable PrefixNode<P> join(
      AllowedIp<P> added, AllowedIp<P> nearest, int common, @Nullable PrefixNode<P> below) {
    if (below instanceof PrefixBranch<P> branch && branch.bit == common) {
      return added.length() == common
          ? PrefixBranch.of(common, added, branch.zero, branch.one)
          : branch.withChild(added.high, added.low, added);
    }
    if (nearest == below && nearest.length() == common) {
      return added.length() == common ? added : beside(added, common, nearest, null);
    }
    // The node below goes on beyond the common bits.
    boolean belowIsOne = PrefixBranch.isSet(nearest.high, nearest.low, common);
    if (added.length() == common) {
      return belowIsOne
          ? PrefixBranch.of(common, added, null, below)
          : PrefixBranch.of(common, added, below, null);
    }
    return beside(added, common, null, below);
  }

  /** A branch with the added entry on its own side and another node on the other. */
  private static <P> @Nullable PrefixNode<P> beside(
      AllowedIp<P> added,
      int bit,
      @Nullable AllowedIp<P> entry,
      @Nullable PrefixNode<P> otherSide) {
    return PrefixBranch.isSet(added.high, added.low, bit)
        ? PrefixBranch.of(bit, entry, otherSide, added)
        : PrefixBranch.of(bit, entry, added, otherSide);
  }

  /** Puts a node where the path ends, and copies the path up to a new root. */
  private void replace(AllowedIp<P> key, @Nullable PrefixNode<P> node) {
    while (depth > 0) {
      PrefixBranch<P> branch = path[--depth];
      path[depth] = null; // an old branch must not keep a removed peer alive
      assert branch != null;
      node = branch.withChild(key.high, key.low, node);
    }
    root = node;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays cannot be generic
  private static <P> @Nullable PrefixBranch<P>[] newPath() {
    return new PrefixBranch[MAX_BRANCHES];
  }
}
