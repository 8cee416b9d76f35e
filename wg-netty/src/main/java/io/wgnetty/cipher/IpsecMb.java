package io.wgnetty.cipher;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The functions of Intel's libIPSec_MB that we call; pointers and sizes are longs. See its {@code
 * intel-ipsec-mb.h}. Releases before 1.5 have a library of the same name without the one function
 * that matters.
 */
final class IpsecMb {
  static final String NAME = "ipsec-mb";

  /** IMB_DIR_ENCRYPT. */
  static final int SEAL = 1;

  /** IMB_DIR_DECRYPT. */
  static final int OPEN = 2;

  /**
   * Which of the library's ways to set a manager up: for this processor, or for one with less, as
   * the system property names it (avx512, avx2, sse). To see what such a processor would do.
   */
  private static final String INITIALIZER =
      "init_mb_mgr_" + System.getProperty("wgnetty.ipsecmb.registers", "auto");

  private static final NativeLibrary LIBRARY =
      NativeLibrary.find(
          "wgnetty.ipsecmb",
          List.of("libIPSec_MB.so.2", "libIPSec_MB.so.1", "libIPSec_MB.so"),
          List.of(
              "alloc_mb_mgr",
              INITIALIZER,
              "free_mb_mgr",
              "imb_get_errno",
              "imb_quic_chacha20_poly1305"));

  private static final MethodHandle ALLOCATE = LIBRARY.function("alloc_mb_mgr");
  private static final MethodHandle INITIALIZE = LIBRARY.function(INITIALIZER);
  private static final MethodHandle FREE = LIBRARY.function("free_mb_mgr");
  private static final MethodHandle ERROR = LIBRARY.function("imb_get_errno");

  // Not critical: a run takes tens of microseconds, which a safepoint should not wait for.
  private static final MethodHandle CHACHA20_POLY1305 =
      LIBRARY.function(
          "imb_quic_chacha20_poly1305",
          FunctionDescriptor.ofVoid(
              JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private IpsecMb() {}

  /** See {@link NativeLibrary#mark}. */
  static LibraryMark mark(LibraryMark.Test test) {
    return LIBRARY.mark(test);
  }

  static String whyMissing() {
    if (!System.getProperty("os.arch", "").equals("amd64")) {
      return "the library is for x86-64 processors, and this one is "
          + System.getProperty("os.arch", "another");
    }
    String why = LIBRARY.whyMissing();
    return why.isEmpty()
        ? ""
        : why + "; Debian has it in the package libipsec-mb2, from Debian 13 on";
  }

  /** A new manager, which belongs to one thread at a time; 0 if there is none to be had. */
  static long newManager() {
    try {
      long manager = (long) ALLOCATE.invokeExact(0L, 0L, 0L, 0L, 0L, 0L);
      if (manager != 0) {
        // All but "auto" take the manager alone.
        long unusedResult = (long) INITIALIZE.invokeExact(manager, 0L, 0L, 0L, 0L, 0L);
        if (failed(manager)) {
          freeManager(manager);
          return 0;
        }
      }
      return manager;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  static void freeManager(long manager) {
    try {
      long unusedResult = (long) FREE.invokeExact(manager, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /** Whether the manager's last call was refused. */
  static boolean failed(long manager) {
    try {
      return (int) (long) ERROR.invokeExact(manager, 0L, 0L, 0L, 0L, 0L) != 0;
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }

  /**
   * Seals or opens packets under one key. All but the lengths are the addresses of arrays of
   * addresses. Tags are computed, never compared.
   */
  static void chacha20Poly1305(
      long manager,
      long key,
      int direction,
      long destinations,
      long sources,
      long lengths,
      long nonces,
      long aads,
      long aadBytes,
      long tags,
      long packets) {
    try {
      CHACHA20_POLY1305.invokeExact(
          manager,
          key,
          direction,
          destinations,
          sources,
          lengths,
          nonces,
          aads,
          aadBytes,
          tags,
          packets);
    } catch (Throwable e) {
      throw NativeCall.failure(e);
    }
  }
}
