package io.wgnetty.cipher;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The functions of BoringSSL's libcrypto that we call; pointers and sizes are longs. See its {@code
 * openssl/aead.h} and {@code openssl/curve25519.h}.
 */
final class BoringSsl {
  static final String NAME = "boringssl";

  /** Debian's android-libboringssl has it in a folder of its own. */
  private static final NativeLibrary LIBRARY =
      NativeLibrary.find(
          "wgnetty.boringssl",
          List.of("android/libcrypto.so.0"),
          List.of(
              "EVP_aead_chacha20_poly1305",
              "EVP_AEAD_CTX_new",
              "EVP_AEAD_CTX_init",
              "EVP_AEAD_CTX_cleanup",
              "EVP_AEAD_CTX_free",
              "EVP_AEAD_CTX_seal",
              "EVP_AEAD_CTX_open",
              "ERR_clear_error",
              "X25519",
              "X25519_public_from_private"));

  private static final MethodHandle CHACHA20_POLY1305 =
      LIBRARY.function("EVP_aead_chacha20_poly1305", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle CONTEXT_NEW =
      LIBRARY.function(
          "EVP_AEAD_CTX_new",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CONTEXT_INIT =
      LIBRARY.shortFunction(
          "EVP_AEAD_CTX_init",
          FunctionDescriptor.of(
              JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CONTEXT_CLEANUP =
      LIBRARY.shortFunction("EVP_AEAD_CTX_cleanup", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle CONTEXT_FREE =
      LIBRARY.function("EVP_AEAD_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final FunctionDescriptor SEAL_OR_OPEN =
      FunctionDescriptor.of(
          JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SEAL = LIBRARY.shortFunction("EVP_AEAD_CTX_seal", SEAL_OR_OPEN);
  private static final MethodHandle OPEN = LIBRARY.shortFunction("EVP_AEAD_CTX_open", SEAL_OR_OPEN);
  private static final MethodHandle CLEAR_ERRORS =
      LIBRARY.shortFunction("ERR_clear_error", FunctionDescriptor.ofVoid());
  private static final MethodHandle X25519_AGREE =
      LIBRARY.function("X25519", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle X25519_PUBLIC =
      LIBRARY.function(
          "X25519_public_from_private", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));

  private BoringSsl() {}

  /** See {@link NativeLibrary#mark}. */
  static LibraryMark mark(LibraryMark.Test test) {
    return LIBRARY.mark(test);
  }

  static String whyMissing() {
    String why = LIBRARY.whyMissing();
    return why.isEmpty() ? "" : why + "; Debian has it in the package android-libboringssl";
  }

  static long chacha20Poly1305() {
    try {
      return (long) CHACHA20_POLY1305.invokeExact();
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long contextNew(long algorithm, long keyAddress, long keyBytes, long tagBytes) {
    try {
      return (long) CONTEXT_NEW.invokeExact(algorithm, keyAddress, keyBytes, tagBytes);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean contextInit(
      long context, long algorithm, long keyAddress, long keyBytes, long tagBytes) {
    try {
      return (int) CONTEXT_INIT.invokeExact(context, algorithm, keyAddress, keyBytes, tagBytes, 0L)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void contextCleanup(long context) {
    try {
      CONTEXT_CLEANUP.invokeExact(context);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void contextFree(long context) {
    try {
      CONTEXT_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean seal(
      long context,
      long out,
      long outLength,
      long maxOutBytes,
      long nonce,
      long nonceBytes,
      long in,
      long inBytes,
      long aad,
      long aadBytes) {
    try {
      return (int)
              SEAL.invokeExact(
                  context,
                  out,
                  outLength,
                  maxOutBytes,
                  nonce,
                  nonceBytes,
                  in,
                  inBytes,
                  aad,
                  aadBytes)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean open(
      long context,
      long out,
      long outLength,
      long maxOutBytes,
      long nonce,
      long nonceBytes,
      long in,
      long inBytes,
      long aad,
      long aadBytes) {
    try {
      return (int)
              OPEN.invokeExact(
                  context,
                  out,
                  outLength,
                  maxOutBytes,
                  nonce,
                  nonceBytes,
                  in,
                  inBytes,
                  aad,
                  aadBytes)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Empties this thread's queue of errors. */
  static void clearErrors() {
    try {
      CLEAR_ERRORS.invokeExact();
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean x25519(long sharedSecret, long privateKey, long publicKey) {
    try {
      return (int) X25519_AGREE.invokeExact(sharedSecret, privateKey, publicKey) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void x25519Public(long publicKey, long privateKey) {
    try {
      X25519_PUBLIC.invokeExact(publicKey, privateKey);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }
}
