package io.wgnetty.protocol;

import java.util.Arrays;

/** What a handshake leaves behind: two keys and two indices (protocol 2.4). */
public final class TransportKeys {
  private final byte[] sendKey;
  private final byte[] receiveKey;
  private final int localIndex;
  private final int remoteIndex;
  private final boolean initiator;

  private TransportKeys(
      byte[] sendKey, byte[] receiveKey, int localIndex, int remoteIndex, boolean initiator) {
    this.sendKey = sendKey;
    this.receiveKey = receiveKey;
    this.localIndex = localIndex;
    this.remoteIndex = remoteIndex;
    this.initiator = initiator;
  }

  static TransportKeys ofInitiator(
      HandshakeCrypto crypto, SymmetricState state, int localIndex, int remoteIndex) {
    byte[] send = new byte[Messages.KEY_BYTES];
    byte[] receive = new byte[Messages.KEY_BYTES];
    state.split(crypto, send, receive);
    return new TransportKeys(send, receive, localIndex, remoteIndex, true);
  }

  static TransportKeys ofResponder(
      HandshakeCrypto crypto, SymmetricState state, int localIndex, int remoteIndex) {
    byte[] send = new byte[Messages.KEY_BYTES];
    byte[] receive = new byte[Messages.KEY_BYTES];
    state.split(crypto, receive, send);
    return new TransportKeys(send, receive, localIndex, remoteIndex, false);
  }

  /** The key of packets that we send: the array itself, not a copy. */
  public byte[] sendKey() {
    return sendKey;
  }

  /** The key of packets that we receive: the array itself, not a copy. */
  public byte[] receiveKey() {
    return receiveKey;
  }

  /** The receiver index of packets to us. */
  public int localIndex() {
    return localIndex;
  }

  /** The receiver index of packets from us. */
  public int remoteIndex() {
    return remoteIndex;
  }

  /** Whether we began the handshake: only then do we renew the keys by age. */
  public boolean initiator() {
    return initiator;
  }

  public void wipe() {
    Arrays.fill(sendKey, (byte) 0);
    Arrays.fill(receiveKey, (byte) 0);
  }
}
