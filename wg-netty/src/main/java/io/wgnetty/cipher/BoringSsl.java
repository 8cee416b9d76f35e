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
      LIBRARY.function("EVP_aead_chacha20_poly1305");
  private static final MethodHandle CONTEXT_NEW = LIBRARY.function("EVP_AEAD_CTX_new");
  private static final MethodHandle CONTEXT_INIT = LIBRARY.shortFunction("EVP_AEAD_CTX_init");
  private static final MethodHandle CONTEXT_CLEANUP = LIBRARY.shortFunction("EVP_AEAD_CTX_cleanup");
  private static final MethodHandle CONTEXT_FREE = LIBRARY.function("EVP_AEAD_CTX_free");
  private static final FunctionDescriptor SEAL_OR_OPEN =
      FunctionDescriptor.of(
          JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SEAL = LIBRARY.shortFunction("EVP_AEAD_CTX_seal", SEAL_OR_OPEN);
  private static final MethodHandle OPEN = LIBRARY.shortFunction("EVP_AEAD_CTX_open", SEAL_OR_OPEN);
  private static final MethodHandle CLEAR_ERRORS = LIBRARY.shortFunction("ERR_clear_error");
  private static final MethodHandle X25519_AGREE = LIBRARY.function("X25519");
  private static final MethodHandle X25519_PUBLIC = LIBRARY.function("X25519_public_from_private");

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
      return (long) CHACHA20_POLY1305.invokeExact(0L, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long contextNew(long algorithm, long keyAddress, long keyBytes, long tagBytes) {
    try {
      return (long) CONTEXT_NEW.invokeExact(algorithm, keyAddress, keyBytes, tagBytes, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean contextInit(
      long context, long algorithm, long keyAddress, long keyBytes, long tagBytes) {
    try {
      return (int)
              (long)
                  CONTEXT_INIT.invokeExact(context, algorithm, keyAddress, keyBytes, tagBytes, 0L)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void contextCleanup(long context) {
    try {
      long unusedResult = (long) CONTEXT_CLEANUP.invokeExact(context, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void contextFree(long context) {
    try {
      long unusedResult = (long) CONTEXT_FREE.invokeExact(context, 0L, 0L, 0L, 0L, 0L);
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
      long unusedResult = (long) CLEAR_ERRORS.invokeExact(0L, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean x25519(long sharedSecret, long privateKey, long publicKey) {
    try {
      return (int) (long) X25519_AGREE.invokeExact(sharedSecret, privateKey, publicKey, 0L, 0L, 0L)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void x25519Public(long publicKey, long privateKey) {
    try {
      long unusedResult = (long) X25519_PUBLIC.invokeExact(publicKey, privateKey, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }
}
