package io.wgnetty.cipher;

import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;

/**
 * Intel's cipher: one call for many packets, made for processors with AVX-512. It computes tags;
 * comparing them is done here.
 */
final class IpsecMbAead extends NativeAead {
  private final IpsecMbCall call = new IpsecMbCall();
  private final long manager = IpsecMb.newManager();
  private long keyAddress;

  IpsecMbAead() {
    if (manager == 0) {
      throw new IllegalStateException("libIPSec_MB does not support this processor");
    }
  }

  @Override
  public String name() {
    return IpsecMb.NAME;
  }

  @Override
  public void seal(long runKeyAddress, AeadRun run) {
    requireOpen();
    keyToSeal(runKeyAddress);
    try {
      for (int start = 0; start < run.size(); start += IpsecMbCall.MAX_PACKETS) {
        int end = Math.min(run.size(), start + IpsecMbCall.MAX_PACKETS);
        call.clear();
        for (int i = start; i < end; i++) {
          call.seal(sourceToSeal(run, i), run.destination(i), run.length(i), run.counter(i));
        }
        call.perform(manager, keyAddress, IpsecMb.SEAL);
      }
    } finally {
      keyToSeal(noKeyAddress);
    }
  }

  /**
   * Where the packet is to be sealed from. One whose header goes to where the packet before ended
   * is moved first: all packets of a call have to lie there when it begins.
   */
  private static long sourceToSeal(AeadRun run, int index) {
    long source = run.source(index);
    if (!run.hasHeader(index)) {
      return source;
    }
    run.placeHeader(index);
    Memory.copy(source, run.destination(index), run.length(index));
    return run.destination(index);
  }

  @Override
  public int open(long runKeyAddress, AeadRun run) {
    requireOpen();
    keyToOpen(runKeyAddress);
    try {
      int genuine = 0;
      for (int start = 0; start < run.size(); start += IpsecMbCall.MAX_PACKETS) {
        int end = Math.min(run.size(), start + IpsecMbCall.MAX_PACKETS);
        call.clear();
        for (int i = start; i < end; i++) {
          if (run.length(i) >= TAG_BYTES) {
            int length = run.length(i) - TAG_BYTES;
            call.open(run.source(i), run.destination(i), length, run.counter(i));
          }
        }
        call.perform(manager, keyAddress, IpsecMb.OPEN);
        genuine += verify(run, start, end);
      }
      return genuine;
    } finally {
      keyToOpen(noKeyAddress);
    }
  }

  private int verify(AeadRun run, int start, int end) {
    int genuine = 0;
    int opened = 0;
    for (int i = start; i < end; i++) {
      int length = run.length(i);
      boolean verified =
          length >= TAG_BYTES && call.hasTag(opened++, run.source(i) + length - TAG_BYTES);
      run.setVerified(i, verified);
      genuine += verified ? 1 : 0;
    }
    return genuine;
  }

  @Override
  void keyToSeal(long address) {
    keyAddress = address;
    if (address == noKeyAddress) {
      // What the library still has of the last key, on its stack or elsewhere, is overwritten.
      call.clear();
      call.seal(resultAddress, resultAddress, 0, 0);
      call.perform(manager, address, IpsecMb.SEAL);
    }
  }

  @Override
  void keyToOpen(long address) {
    keyToSeal(address);
  }

  @Override
  void sealOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes) {
    call.clear();
    call.seal(sourceAddress, destinationAddress, lengthBytes, counter());
    call.perform(manager, keyAddress, IpsecMb.SEAL, aadAddress, aadBytes);
  }

  @Override
  boolean openOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes) {
    int plaintextBytes = lengthBytes - TAG_BYTES;
    call.clear();
    call.open(sourceAddress, destinationAddress, plaintextBytes, counter());
    call.perform(manager, keyAddress, IpsecMb.OPEN, aadAddress, aadBytes);
    return call.hasTag(0, sourceAddress + plaintextBytes);
  }

  @Override
  void free() {
    IpsecMb.freeManager(manager);
    call.close();
  }
}
