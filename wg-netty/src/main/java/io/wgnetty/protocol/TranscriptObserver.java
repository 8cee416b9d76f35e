package io.wgnetty.protocol;

/** Sees every state that a handshake passes through, so that tests can compare each of them. */
interface TranscriptObserver {
  TranscriptObserver NONE = (chainingKey, hash, key) -> {};

  /** Called after each step with the live arrays. */
  void stepped(byte[] chainingKey, byte[] hash, byte[] key);
}
