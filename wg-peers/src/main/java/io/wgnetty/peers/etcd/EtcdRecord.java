package io.wgnetty.peers.etcd;

import org.jspecify.annotations.Nullable;

/**
 * A key and its value.
 *
 * @param createRevision when it was made; 0 if it was deleted
 * @param modRevision when it was changed last, or deleted
 * @param value {@code null} if the key was deleted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EtcdRecord(byte[] key, long createRevision, long modRevision, byte @Nullable [] value) {
  /** Of key and value. */
  int bytes() {
    return key.length + (value == null ? 0 : value.length);
  }
}
