package io.wgnetty.cipher;

/** What the calls into native libraries have in common. */
final class NativeCall {
  private NativeCall() {}

  /**
   * What to throw for what a method handle threw: itself, unless it is checked, which a native
   * function cannot throw.
   */
  static RuntimeException failure(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) {
      return exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a native call failed", thrown);
  }
}
