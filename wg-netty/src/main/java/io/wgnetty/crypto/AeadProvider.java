package io.wgnetty.crypto;

/** A source of {@link Aead}s: one library that may or may not be on this machine. Thread-safe. */
public interface AeadProvider {
  /** The name that an operator chooses it by and reads in the log. */
  String name();

  /** Whether the library is here and passed its self-test. Never throws. */
  boolean isAvailable();

  /** What is missing or wrong, for an operator to read; empty if the provider is available. */
  String whyUnavailable();

  /**
   * A new instance that has just passed the self-test.
   *
   * @throws IllegalStateException if the provider is not available
   */
  Aead create();
}
