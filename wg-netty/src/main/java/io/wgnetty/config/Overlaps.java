package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for allowed IPs that two peers share, in the time that it takes to sort them: in order of
 * addresses, shorter prefixes first, each prefix follows at once those that it lies within.
 */
final class Overlaps {
  private static final Comparator<Entry> BY_ADDRESS =
      Comparator.<Entry>comparingInt(entry -> entry.prefix.isIpv6() ? 1 : 0)
          .thenComparing((a, b) -> Long.compareUnsigned(a.prefix.high(), b.prefix.high()))
          .thenComparing((a, b) -> Long.compareUnsigned(a.prefix.low(), b.prefix.low()))
          .thenComparingInt(entry -> entry.prefix.length())
          .thenComparing(entry -> entry.place);

  private final Findings findings;

  private Overlaps(Findings findings) {
    this.findings = findings;
  }

  /** One prefix of a peer, and what of others' lies within it. */
  private static final class Entry {
    final IpPrefix prefix;
    final PeerSection owner;
    final Place place;
    int inside;
    @Nullable Entry firstInside;

    Entry(IpPrefix prefix, PeerSection owner, Place place) {
      this.prefix = prefix;
      this.owner = owner;
      this.place = place;
    }

    boolean contains(Entry other) {
      IpPrefix its = other.prefix;
      return its.isIpv6() == prefix.isIpv6()
          && its.length() >= prefix.length()
          && new IpPrefix(its.isIpv6(), its.high(), its.low(), prefix.length()).equals(prefix);
    }
  }

  /** Warns of what peers share. Of the same prefix twice, the earlier peer loses it. */
  static void resolve(Collection<PeerSection> peers, Findings findings) {
    List<Entry> entries = new ArrayList<>(peers.size());
    for (PeerSection peer : peers) {
      peer.allowedIps().forEach((prefix, place) -> entries.add(new Entry(prefix, peer, place)));
    }
    entries.sort(BY_ADDRESS);
    var overlaps = new Overlaps(findings);
    overlaps.nest(overlaps.withoutIdentical(entries));
  }

  private List<Entry> withoutIdentical(List<Entry> sorted) {
    List<Entry> left = new ArrayList<>(sorted.size());
    for (Entry entry : sorted) {
      int last = left.size() - 1;
      if (last >= 0 && left.get(last).prefix.equals(entry.prefix)) {
        Entry loser = left.get(last);
        loser.owner.lose(loser.prefix);
        left.set(last, entry);
        findings.warning(
            entry.place,
            Keyword.ALLOWED_IPS.written(),
            entry.prefix
                + " is also of the peer in line "
                + loser.owner.header().line()
                + ", which loses it: the later one counts");
      } else {
        left.add(entry);
      }
    }
    return left;
  }

  private void nest(List<Entry> sorted) {
    Deque<Entry> around = new ArrayDeque<>();
    List<Entry> outer = new ArrayList<>();
    for (Entry entry : sorted) {
      while (!around.isEmpty() && !around.peekLast().contains(entry)) {
        around.removeLast();
      }
      for (Entry container : around) {
        if (container.owner != entry.owner && noteInside(container, entry)) {
          outer.add(container);
        }
      }
      around.addLast(entry);
    }
    outer.forEach(this::warnOfInside);
  }

  /** Returns whether it was the first. */
  private static boolean noteInside(Entry container, Entry entry) {
    Entry first = container.firstInside;
    if (first == null || entry.place.compareTo(first.place) < 0) {
      container.firstInside = entry;
    }
    return container.inside++ == 0;
  }

  private void warnOfInside(Entry outer) {
    Entry first = outer.firstInside;
    if (first != null) {
      String more = outer.inside == 1 ? "" : " and " + (outer.inside - 1) + " more";
      findings.warning(
          outer.place,
          Keyword.ALLOWED_IPS.written(),
          outer.prefix
              + " overlaps with other peers' "
              + first.prefix
              + " (line "
              + first.place.line()
              + ")"
              + more
              + ": packets go to the peer with the longer prefix");
    }
  }
}
