package io.wgnetty.setup;

import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What was done to the fakes, in order; can make the next things fail. */
final class Journal {
  private final List<String> lines = new ArrayList<>();

  /** The number of the entry that fails, from 0. */
  int failingEntry = -1;

  /** Entries that fail whenever they come. */
  final Set<String> failingLines = new HashSet<>();

  private boolean isFailing() {
    return lines.size() - 1 == failingEntry || failingLines.contains(lines.getLast());
  }

  /** Notes what is about to be done. */
  void note(String line) throws NetlinkException {
    lines.add(line);
    if (isFailing()) {
      throw refusal(Errno.EPERM, "refused by the test");
    }
  }

  /** Notes something whose failure the caller reports in a way of its own. */
  boolean noteAndTell(String line) {
    lines.add(line);
    return isFailing();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  void clear() {
    lines.clear();
  }

  static NetlinkException refusal(int errno, String words) {
    return NetlinkException.refused(errno, words);
  }
}
