package io.wgnetty.peers.source;

import io.wgnetty.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * What came of a lookup.
 *
 * @param record {@code null} if there is none, or if it failed
 * @param failure why it is not known; {@code null} if it is
 */
public record LookedUp(PublicKey key, @Nullable StoredRecord record, @Nullable Exception failure) {
  /** A source has answered. */
  public static LookedUp known(PublicKey key, @Nullable StoredRecord record) {
    return new LookedUp(key, record, null);
  }

  /** It has not. */
  public static LookedUp failed(PublicKey key, Exception why) {
    return new LookedUp(key, null, why);
  }
}
