package io.wgnetty.cipher;

/** OpenSSL's cipher: four calls a packet. Keeps one context for sealing and one for opening. */
final class OpenSslAead extends NativeAead {
  private final long sealing = OpenSsl.contextNew();
  private final long opening = OpenSsl.contextNew();

  OpenSslAead() {
    long algorithm = OpenSsl.chacha20Poly1305();
    check(
        sealing != 0
            && opening != 0
            && OpenSsl.encryptFetch(sealing, algorithm)
            && OpenSsl.decryptFetch(opening, algorithm));
  }

  @Override
  public String name() {
    return OpenSsl.NAME;
  }

  @Override
  void keyToSeal(long keyAddress) {
    check(OpenSsl.encryptInit(sealing, keyAddress, 0));
  }

  @Override
  void keyToOpen(long keyAddress) {
    check(OpenSsl.decryptInit(opening, keyAddress, 0));
  }

  @Override
  void sealOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes) {
    long tagAddress = destinationAddress + lengthBytes;
    check(
        OpenSsl.encryptInit(sealing, 0, nonceAddress)
            && (aadBytes == 0
                || OpenSsl.encryptUpdate(sealing, 0, resultAddress, aadAddress, aadBytes))
            && OpenSsl.encryptUpdate(
                sealing, destinationAddress, resultAddress, sourceAddress, lengthBytes)
            && OpenSsl.encryptFinal(sealing, tagAddress, resultAddress)
            && OpenSsl.contextCtrl(sealing, OpenSsl.GET_TAG, TAG_BYTES, tagAddress));
  }

  @Override
  boolean openOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes) {
    int plaintextBytes = lengthBytes - TAG_BYTES;
    check(
        OpenSsl.decryptInit(opening, 0, nonceAddress)
            && (aadBytes == 0
                || OpenSsl.decryptUpdate(opening, 0, resultAddress, aadAddress, aadBytes))
            && OpenSsl.decryptUpdate(
                opening, destinationAddress, resultAddress, sourceAddress, plaintextBytes)
            && OpenSsl.contextCtrl(
                opening, OpenSsl.SET_TAG, TAG_BYTES, sourceAddress + plaintextBytes));
    boolean verified =
        OpenSsl.decryptFinal(opening, destinationAddress + plaintextBytes, resultAddress);
    if (!verified) {
      OpenSsl.clearErrors();
    }
    return verified;
  }

  @Override
  void free() {
    OpenSsl.contextFree(sealing);
    OpenSsl.contextFree(opening);
  }

  private static void check(boolean succeeded) {
    if (!succeeded) {
      OpenSsl.clearErrors();
      throw new IllegalStateException("OpenSSL's cipher failed");
    }
  }
}
