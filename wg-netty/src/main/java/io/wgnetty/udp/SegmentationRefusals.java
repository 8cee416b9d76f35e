package io.wgnetty.udp;

import io.wgnetty.protocol.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The destinations to which the kernel refused to send segmented messages: for some time they get
 * their datagrams one by one. The oldest is forgotten when there are too many; at worst it is
 * refused once more.
 */
final class SegmentationRefusals {
  static final int MAX_DESTINATIONS = 1024;

  /** A path may get better: after this time it is tried again. */
  static final long EXPIRY_NS = 10 * 60 * 1_000_000_000L;

  /** So many refusals by a device (EIO) are taken as one of all of them. */
  static final int MAX_DEVICE_REFUSALS = 16;

  private final LinkedHashMap<Endpoint, Long> untilNs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Endpoint, Long> eldest) {
          return size() > MAX_DESTINATIONS;
        }
      };

  private int deviceRefusals;
  private long allUntilNs;
  private boolean all;

  /** A segmented message to this destination was refused. */
  void add(Endpoint destination, int errno, long nowNs) {
    untilNs.putLast(destination.withoutLocal(), nowNs + EXPIRY_NS);
    if (errno == Errno.EIO && ++deviceRefusals >= MAX_DEVICE_REFUSALS) {
      deviceRefusals = 0;
      all = true;
      allUntilNs = nowNs + EXPIRY_NS;
    }
  }

  /** Whether there is nothing that {@link #contains} could find. */
  boolean isEmpty() {
    return !all && untilNs.isEmpty();
  }

  /** Whether messages to this destination are not to be segmented. */
  boolean contains(Endpoint destination, long nowNs) {
    all = all && nowNs - allUntilNs < 0;
    if (all) {
      return true;
    }
    Long expiryNs = untilNs.get(destination.withoutLocal());
    if (expiryNs == null) {
      return false;
    }
    if (nowNs - expiryNs >= 0) {
      untilNs.remove(destination.withoutLocal());
      return false;
    }
    return true;
  }
}
