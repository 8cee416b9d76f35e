package io.wgnetty.allowedips;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of one peer's chain of allowed IPs, oldest first. The links are in the entries, so a
 * peer with many prefixes lists and loses any of them in the time of one. Belongs to the writer of
 * the table.
 */
public final class AllowedIpList {
  private @Nullable AllowedIp<?> first;
  private @Nullable AllowedIp<?> last;
  private int size;

  /** How many prefixes the peer has. */
  public int size() {
    return size;
  }

  @Nullable AllowedIp<?> first() {
    return first;
  }

  void append(AllowedIp<?> entry) {
    AllowedIp<?> before = last;
    entry.previous = before;
    entry.next = null;
    if (before == null) {
      first = entry;
    } else {
      before.next = entry;
    }
    last = entry;
    size++;
  }

  void unlink(AllowedIp<?> entry) {
    AllowedIp<?> before = entry.previous;
    AllowedIp<?> after = entry.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    entry.previous = null;
    entry.next = null;
    size--;
    assert size >= 0 && (size == 0) == (first == null) && (size == 0) == (last == null);
  }

  List<IpPrefix> prefixes() {
    List<IpPrefix> prefixes = new ArrayList<>(size);
    for (AllowedIp<?> entry = first; entry != null; entry = entry.next) {
      prefixes.add(entry.prefix());
    }
    return prefixes;
  }
}
