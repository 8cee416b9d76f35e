package io.wgnetty.peers.source;

import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in a source.
 *
 * @param name what the source has it by
 * @param order who came first: of two records that want the same, the one with the lower has it
 * @param text {@code null} if the record is gone, or cannot be had
 * @param fault why it cannot be had; {@code null} if it can be, or is gone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredRecord(
    String name, long order, byte @Nullable [] text, @Nullable String fault) {
  /** Whether there is no such record any more. */
  public boolean isGone() {
    return text == null && fault == null;
  }

  public static StoredRecord gone(String name) {
    return new StoredRecord(name, 0, null, null);
  }

  public static StoredRecord unreadable(String name, String why) {
    return new StoredRecord(name, 0, null, why);
  }
}
