package io.wgnetty.cipher;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The functions of OpenSSL's libcrypto (1.1.1 and later) that we call; pointers and sizes are
 * longs. See the manual pages EVP_EncryptInit(3) and EVP_PKEY_derive(3).
 */
final class OpenSsl {
  static final String NAME = "openssl";

  /** EVP_CTRL_AEAD_GET_TAG. */
  static final int GET_TAG = 0x10;

  /** EVP_CTRL_AEAD_SET_TAG. */
  static final int SET_TAG = 0x11;

  /** EVP_PKEY_X25519. */
  private static final int X25519_KEY = 1034;

  private static final NativeLibrary LIBRARY =
      NativeLibrary.find(
          "wgnetty.libcrypto",
          List.of("libcrypto.so.3", "libcrypto.so.4", "libcrypto.so.1.1", "libcrypto.so"),
          List.of(
              "EVP_chacha20_poly1305",
              "EVP_CIPHER_CTX_new",
              "EVP_CIPHER_CTX_free",
              "EVP_CIPHER_CTX_ctrl",
              "EVP_EncryptInit_ex",
              "EVP_EncryptUpdate",
              "EVP_EncryptFinal_ex",
              "EVP_DecryptInit_ex",
              "EVP_DecryptUpdate",
              "EVP_DecryptFinal_ex",
              "EVP_PKEY_new_raw_private_key",
              "EVP_PKEY_new_raw_public_key",
              "EVP_PKEY_get_raw_public_key",
              "EVP_PKEY_CTX_new",
              "EVP_PKEY_derive_init",
              "EVP_PKEY_derive_set_peer",
              "EVP_PKEY_derive",
              "EVP_PKEY_CTX_free",
              "EVP_PKEY_free",
              "EVP_PKEY_up_ref",
              "ERR_clear_error"));

  private static final FunctionDescriptor NEW = FunctionDescriptor.of(JAVA_LONG);
  private static final FunctionDescriptor FREE = FunctionDescriptor.ofVoid(JAVA_LONG);
  private static final FunctionDescriptor INIT =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor UPDATE =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final FunctionDescriptor FINAL =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor NEW_RAW_KEY =
      FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor WITH_ONE = FunctionDescriptor.of(JAVA_INT, JAVA_LONG);
  private static final FunctionDescriptor WITH_TWO =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor WITH_THREE =
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle CHACHA20_POLY1305 =
      LIBRARY.function("EVP_chacha20_poly1305", NEW);
  private static final MethodHandle CONTEXT_NEW = LIBRARY.function("EVP_CIPHER_CTX_new", NEW);
  private static final MethodHandle CONTEXT_FREE = LIBRARY.function("EVP_CIPHER_CTX_free", FREE);
  private static final MethodHandle CONTEXT_CTRL =
      LIBRARY.shortFunction(
          "EVP_CIPHER_CTX_ctrl",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG));

  // The first call fetches the algorithm, which may read the configuration; later calls are short.
  private static final MethodHandle ENCRYPT_FETCH = LIBRARY.function("EVP_EncryptInit_ex", INIT);
  private static final MethodHandle DECRYPT_FETCH = LIBRARY.function("EVP_DecryptInit_ex", INIT);
  private static final MethodHandle ENCRYPT_INIT =
      LIBRARY.shortFunction("EVP_EncryptInit_ex", INIT);
  private static final MethodHandle DECRYPT_INIT =
      LIBRARY.shortFunction("EVP_DecryptInit_ex", INIT);
  private static final MethodHandle ENCRYPT_UPDATE =
      LIBRARY.shortFunction("EVP_EncryptUpdate", UPDATE);
  private static final MethodHandle DECRYPT_UPDATE =
      LIBRARY.shortFunction("EVP_DecryptUpdate", UPDATE);
  private static final MethodHandle ENCRYPT_FINAL =
      LIBRARY.shortFunction("EVP_EncryptFinal_ex", FINAL);
  private static final MethodHandle DECRYPT_FINAL =
      LIBRARY.shortFunction("EVP_DecryptFinal_ex", FINAL);
  private static final MethodHandle CLEAR_ERRORS =
      LIBRARY.shortFunction("ERR_clear_error", FunctionDescriptor.ofVoid());

  private static final MethodHandle NEW_PRIVATE_KEY =
      LIBRARY.function("EVP_PKEY_new_raw_private_key", NEW_RAW_KEY);
  private static final MethodHandle NEW_PUBLIC_KEY =
      LIBRARY.function("EVP_PKEY_new_raw_public_key", NEW_RAW_KEY);
  private static final MethodHandle GET_PUBLIC_KEY =
      LIBRARY.function("EVP_PKEY_get_raw_public_key", WITH_THREE);
  private static final MethodHandle DERIVATION_NEW =
      LIBRARY.function("EVP_PKEY_CTX_new", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle DERIVE_INIT =
      LIBRARY.function("EVP_PKEY_derive_init", WITH_ONE);
  private static final MethodHandle DERIVE_SET_PEER =
      LIBRARY.function("EVP_PKEY_derive_set_peer", WITH_TWO);
  private static final MethodHandle DERIVE = LIBRARY.function("EVP_PKEY_derive", WITH_THREE);
  private static final MethodHandle DERIVATION_FREE = LIBRARY.function("EVP_PKEY_CTX_free", FREE);
  private static final MethodHandle KEY_RETAIN = LIBRARY.function("EVP_PKEY_up_ref", WITH_ONE);
  private static final MethodHandle KEY_FREE = LIBRARY.function("EVP_PKEY_free", FREE);

  private OpenSsl() {}

  /** See {@link NativeLibrary#mark}. */
  static LibraryMark mark(LibraryMark.Test test) {
    return LIBRARY.mark(test);
  }

  static String whyMissing() {
    return LIBRARY.whyMissing();
  }

  static long chacha20Poly1305() {
    try {
      return (long) CHACHA20_POLY1305.invokeExact();
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long contextNew() {
    try {
      return (long) CONTEXT_NEW.invokeExact();
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

  static boolean contextCtrl(long context, int command, int argument, long address) {
    try {
      return (int) CONTEXT_CTRL.invokeExact(context, command, argument, address) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Gives a new context its algorithm. */
  static boolean encryptFetch(long context, long algorithm) {
    try {
      return (int) ENCRYPT_FETCH.invokeExact(context, algorithm, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Gives a new context its algorithm. */
  static boolean decryptFetch(long context, long algorithm) {
    try {
      return (int) DECRYPT_FETCH.invokeExact(context, algorithm, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Sets the key, the nonce, or both; 0 leaves one as it is. */
  static boolean encryptInit(long context, long key, long nonce) {
    try {
      return (int) ENCRYPT_INIT.invokeExact(context, 0L, 0L, key, nonce) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Sets the key, the nonce, or both; 0 leaves one as it is. */
  static boolean decryptInit(long context, long key, long nonce) {
    try {
      return (int) DECRYPT_INIT.invokeExact(context, 0L, 0L, key, nonce) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Without an output, the input is additional data. */
  static boolean encryptUpdate(long context, long out, long outLength, long in, int inBytes) {
    try {
      return (int) ENCRYPT_UPDATE.invokeExact(context, out, outLength, in, inBytes) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Without an output, the input is additional data. */
  static boolean decryptUpdate(long context, long out, long outLength, long in, int inBytes) {
    try {
      return (int) DECRYPT_UPDATE.invokeExact(context, out, outLength, in, inBytes) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean encryptFinal(long context, long out, long outLength) {
    try {
      return (int) ENCRYPT_FINAL.invokeExact(context, out, outLength) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Whether the tag was right. */
  static boolean decryptFinal(long context, long out, long outLength) {
    try {
      return (int) DECRYPT_FINAL.invokeExact(context, out, outLength) == 1;
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

  static long newPrivateKey(long address, long keyBytes) {
    try {
      return (long) NEW_PRIVATE_KEY.invokeExact(X25519_KEY, 0L, address, keyBytes);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long newPublicKey(long address, long keyBytes) {
    try {
      return (long) NEW_PUBLIC_KEY.invokeExact(X25519_KEY, 0L, address, keyBytes);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean getPublicKey(long key, long out, long outLength) {
    try {
      return (int) GET_PUBLIC_KEY.invokeExact(key, out, outLength) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long derivationNew(long privateKey) {
    try {
      return (long) DERIVATION_NEW.invokeExact(privateKey, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean deriveInit(long derivation, long publicKey) {
    try {
      return (int) DERIVE_INIT.invokeExact(derivation) == 1
          && (int) DERIVE_SET_PEER.invokeExact(derivation, publicKey) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean derive(long derivation, long out, long outLength) {
    try {
      return (int) DERIVE.invokeExact(derivation, out, outLength) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void derivationFree(long derivation) {
    try {
      DERIVATION_FREE.invokeExact(derivation);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** One more user of the key, who frees it. */
  static boolean keyRetain(long key) {
    try {
      return (int) KEY_RETAIN.invokeExact(key) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void keyFree(long key) {
    try {
      KEY_FREE.invokeExact(key);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }
}
