package io.wgnetty.storm;

/** What a verified response leaves with a client. */
final class SessionKeys {
  private final byte[] sendKey;
  private final byte[] receiveKey;
  private final int localIndex;
  private final int remoteIndex;

  SessionKeys(byte[] sendKey, byte[] receiveKey, int localIndex, int remoteIndex) {
    this.sendKey = sendKey;
    this.receiveKey = receiveKey;
    this.localIndex = localIndex;
    this.remoteIndex = remoteIndex;
  }

  /** The key of packets to the server: the array itself, not a copy. */
  byte[] sendKey() {
    return sendKey;
  }

  /** The key of packets from the server: the array itself, not a copy. */
  byte[] receiveKey() {
    return receiveKey;
  }

  /** The receiver index of packets from the server. */
  int localIndex() {
    return localIndex;
  }

  /** The receiver index of packets to the server. */
  int remoteIndex() {
    return remoteIndex;
  }
}
