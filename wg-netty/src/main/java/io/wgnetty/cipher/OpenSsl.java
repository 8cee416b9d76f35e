package io.wgnetty.cipher;

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
  private static final long X25519_KEY = 1034;

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

  private static final MethodHandle CHACHA20_POLY1305 = LIBRARY.function("EVP_chacha20_poly1305");
  private static final MethodHandle CONTEXT_NEW = LIBRARY.function("EVP_CIPHER_CTX_new");
  private static final MethodHandle CONTEXT_FREE = LIBRARY.function("EVP_CIPHER_CTX_free");
  private static final MethodHandle CONTEXT_CTRL = LIBRARY.shortFunction("EVP_CIPHER_CTX_ctrl");

  // The first call fetches the algorithm, which may read the configuration; later calls are short.
  private static final MethodHandle ENCRYPT_FETCH = LIBRARY.function("EVP_EncryptInit_ex");
  private static final MethodHandle DECRYPT_FETCH = LIBRARY.function("EVP_DecryptInit_ex");
  private static final MethodHandle ENCRYPT_INIT = LIBRARY.shortFunction("EVP_EncryptInit_ex");
  private static final MethodHandle DECRYPT_INIT = LIBRARY.shortFunction("EVP_DecryptInit_ex");
  private static final MethodHandle ENCRYPT_UPDATE = LIBRARY.shortFunction("EVP_EncryptUpdate");
  private static final MethodHandle DECRYPT_UPDATE = LIBRARY.shortFunction("EVP_DecryptUpdate");
  private static final MethodHandle ENCRYPT_FINAL = LIBRARY.shortFunction("EVP_EncryptFinal_ex");
  private static final MethodHandle DECRYPT_FINAL = LIBRARY.shortFunction("EVP_DecryptFinal_ex");
  private static final MethodHandle CLEAR_ERRORS = LIBRARY.shortFunction("ERR_clear_error");

  private static final MethodHandle NEW_PRIVATE_KEY =
      LIBRARY.function("EVP_PKEY_new_raw_private_key");
  private static final MethodHandle NEW_PUBLIC_KEY =
      LIBRARY.function("EVP_PKEY_new_raw_public_key");
  private static final MethodHandle GET_PUBLIC_KEY =
      LIBRARY.function("EVP_PKEY_get_raw_public_key");
  private static final MethodHandle DERIVATION_NEW = LIBRARY.function("EVP_PKEY_CTX_new");
  private static final MethodHandle DERIVE_INIT = LIBRARY.function("EVP_PKEY_derive_init");
  private static final MethodHandle DERIVE_SET_PEER = LIBRARY.function("EVP_PKEY_derive_set_peer");
  private static final MethodHandle DERIVE = LIBRARY.function("EVP_PKEY_derive");
  private static final MethodHandle DERIVATION_FREE = LIBRARY.function("EVP_PKEY_CTX_free");
  private static final MethodHandle KEY_RETAIN = LIBRARY.function("EVP_PKEY_up_ref");
  private static final MethodHandle KEY_FREE = LIBRARY.function("EVP_PKEY_free");

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
      return (long) CHACHA20_POLY1305.invokeExact(0L, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long contextNew() {
    try {
      return (long) CONTEXT_NEW.invokeExact(0L, 0L, 0L, 0L, 0L, 0L);
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

  static boolean contextCtrl(long context, int command, int argument, long address) {
    try {
      return (int)
              (long)
                  CONTEXT_CTRL.invokeExact(
                      context, (long) command, (long) argument, address, 0L, 0L)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Gives a new context its algorithm. */
  static boolean encryptFetch(long context, long algorithm) {
    try {
      return (int) (long) ENCRYPT_FETCH.invokeExact(context, algorithm, 0L, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Gives a new context its algorithm. */
  static boolean decryptFetch(long context, long algorithm) {
    try {
      return (int) (long) DECRYPT_FETCH.invokeExact(context, algorithm, 0L, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Sets the key, the nonce, or both; 0 leaves one as it is. */
  static boolean encryptInit(long context, long key, long nonce) {
    try {
      return (int) (long) ENCRYPT_INIT.invokeExact(context, 0L, 0L, key, nonce, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Sets the key, the nonce, or both; 0 leaves one as it is. */
  static boolean decryptInit(long context, long key, long nonce) {
    try {
      return (int) (long) DECRYPT_INIT.invokeExact(context, 0L, 0L, key, nonce, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Without an output, the input is additional data. */
  static boolean encryptUpdate(long context, long out, long outLength, long in, int inBytes) {
    try {
      return (int)
              (long) ENCRYPT_UPDATE.invokeExact(context, out, outLength, in, (long) inBytes, 0L)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Without an output, the input is additional data. */
  static boolean decryptUpdate(long context, long out, long outLength, long in, int inBytes) {
    try {
      return (int)
              (long) DECRYPT_UPDATE.invokeExact(context, out, outLength, in, (long) inBytes, 0L)
          == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean encryptFinal(long context, long out, long outLength) {
    try {
      return (int) (long) ENCRYPT_FINAL.invokeExact(context, out, outLength, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Whether the tag was right. */
  static boolean decryptFinal(long context, long out, long outLength) {
    try {
      return (int) (long) DECRYPT_FINAL.invokeExact(context, out, outLength, 0L, 0L, 0L) == 1;
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

  static long newPrivateKey(long address, long keyBytes) {
    try {
      return (long) NEW_PRIVATE_KEY.invokeExact(X25519_KEY, 0L, address, keyBytes, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long newPublicKey(long address, long keyBytes) {
    try {
      return (long) NEW_PUBLIC_KEY.invokeExact(X25519_KEY, 0L, address, keyBytes, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean getPublicKey(long key, long out, long outLength) {
    try {
      return (int) (long) GET_PUBLIC_KEY.invokeExact(key, out, outLength, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static long derivationNew(long privateKey) {
    try {
      return (long) DERIVATION_NEW.invokeExact(privateKey, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean deriveInit(long derivation, long publicKey) {
    try {
      return (int) (long) DERIVE_INIT.invokeExact(derivation, 0L, 0L, 0L, 0L, 0L) == 1
          && (int) (long) DERIVE_SET_PEER.invokeExact(derivation, publicKey, 0L, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static boolean derive(long derivation, long out, long outLength) {
    try {
      return (int) (long) DERIVE.invokeExact(derivation, out, outLength, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void derivationFree(long derivation) {
    try {
      long unusedResult = (long) DERIVATION_FREE.invokeExact(derivation, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** One more user of the key, who frees it. */
  static boolean keyRetain(long key) {
    try {
      return (int) (long) KEY_RETAIN.invokeExact(key, 0L, 0L, 0L, 0L, 0L) == 1;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void keyFree(long key) {
    try {
      long unusedResult = (long) KEY_FREE.invokeExact(key, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }
}
