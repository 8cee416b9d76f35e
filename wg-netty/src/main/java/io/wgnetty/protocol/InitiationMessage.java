package io.wgnetty.protocol;

import java.util.Arrays;

/** The first message of a handshake, 148 bytes (protocol 2.1 type 1). */
public final class InitiationMessage implements HandshakeMessage {
  private final byte[] bytes;

  InitiationMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  /** The initiator's index for this handshake. */
  public int senderIndex() {
    return Messages.word(bytes, Messages.SENDER_OFFSET);
  }

  /** A copy of the initiator's ephemeral public key. */
  byte[] ephemeral() {
    return Arrays.copyOfRange(
        bytes, Messages.INITIATION_EPHEMERAL_OFFSET, Messages.INITIATION_STATIC_OFFSET);
  }

  /** A copy of the sealed static public key of the initiator. */
  byte[] encryptedStatic() {
    return Arrays.copyOfRange(
        bytes, Messages.INITIATION_STATIC_OFFSET, Messages.INITIATION_TIMESTAMP_OFFSET);
  }

  /** A copy of the sealed timestamp. */
  byte[] encryptedTimestamp() {
    return Arrays.copyOfRange(
        bytes,
        Messages.INITIATION_TIMESTAMP_OFFSET,
        Messages.INITIATION_BYTES - Messages.MACS_BYTES);
  }
}
