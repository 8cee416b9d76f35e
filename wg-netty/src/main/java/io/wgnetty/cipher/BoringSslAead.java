package io.wgnetty.cipher;

/** BoringSSL's cipher: one call a packet, and the fastest that we know. */
final class BoringSslAead extends NativeAead {
  private final long algorithm = BoringSsl.chacha20Poly1305();

  /** The library allocates it, since its size is the library's affair. */
  private final long context = BoringSsl.contextNew(algorithm, noKeyAddress, KEY_BYTES, TAG_BYTES);

  BoringSslAead() {
    if (context == 0) {
      throw new IllegalStateException("BoringSSL has no memory for a cipher");
    }
  }

  @Override
  public String name() {
    return BoringSsl.NAME;
  }

  @Override
  void keyToSeal(long keyAddress) {
    // The cipher has no key schedule: this copies 32 bytes. Relatives of BoringSSL keep the copy
    // in memory of their own, which the clean-up frees.
    BoringSsl.contextCleanup(context);
    if (!BoringSsl.contextInit(context, algorithm, keyAddress, KEY_BYTES, TAG_BYTES)) {
      BoringSsl.clearErrors();
      throw new IllegalStateException("BoringSSL refuses a key");
    }
  }

  @Override
  void keyToOpen(long keyAddress) {
    keyToSeal(keyAddress);
  }

  @Override
  void sealOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes) {
    if (!BoringSsl.seal(
        context,
        destinationAddress,
        resultAddress,
        lengthBytes + TAG_BYTES,
        nonceAddress,
        NONCE_BYTES,
        sourceAddress,
        lengthBytes,
        aadAddress,
        aadBytes)) {
      BoringSsl.clearErrors();
      throw new IllegalStateException("BoringSSL failed to seal a packet");
    }
  }

  @Override
  boolean openOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes) {
    boolean verified =
        BoringSsl.open(
            context,
            destinationAddress,
            resultAddress,
            lengthBytes - TAG_BYTES,
            nonceAddress,
            NONCE_BYTES,
            sourceAddress,
            lengthBytes,
            aadAddress,
            aadBytes);
    if (!verified) {
      BoringSsl.clearErrors();
    }
    return verified;
  }

  @Override
  void free() {
    BoringSsl.contextFree(context);
  }
}
