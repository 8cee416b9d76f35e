package io.wgnetty.peers.sessions;

import io.wgnetty.crypto.Tai64n;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What the directory says of a peer that has a session somewhere.
 *
 * @param node the node that it is at
 * @param since when it came there, in seconds since 1970
 * @param timestamp the greatest (TAI64N) with which it had called when it came; {@code null} if it
 *     never had: the node called it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by what is in it, below
public record SessionEntry(String node, long since, byte @Nullable [] timestamp) {
  /** Negative, zero or positive as {@code a} is earlier than, equal to or later than {@code b}. */
  static int compare(byte @Nullable [] a, byte @Nullable [] b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    return Tai64n.compare(a, b);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionEntry that
        && node.equals(that.node)
        && since == that.since
        && Arrays.equals(timestamp, that.timestamp);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * node.hashCode() + Long.hashCode(since)) + Arrays.hashCode(timestamp);
  }

  @Override
  public String toString() {
    return node
        + " since "
        + since
        + " at "
        + (timestamp == null ? "no timestamp" : HexFormat.of().formatHex(timestamp));
  }
}
