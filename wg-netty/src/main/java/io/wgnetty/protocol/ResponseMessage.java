package io.wgnetty.protocol;

import java.util.Arrays;

/** The second message of a handshake, 92 bytes (protocol 2.1 type 2). */
public final class ResponseMessage implements HandshakeMessage {
  private final byte[] bytes;

  ResponseMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  /** The responder's index for the session to come. */
  public int senderIndex() {
    return Messages.word(bytes, Messages.SENDER_OFFSET);
  }

  /** The sender index of the initiation that is answered. */
  public int receiverIndex() {
    return Messages.word(bytes, Messages.RESPONSE_RECEIVER_OFFSET);
  }

  /** A copy of the responder's ephemeral public key. */
  byte[] ephemeral() {
    return Arrays.copyOfRange(
        bytes, Messages.RESPONSE_EPHEMERAL_OFFSET, Messages.RESPONSE_NOTHING_OFFSET);
  }

  /** A copy of the sealed empty payload: a tag. */
  byte[] encryptedNothing() {
    return Arrays.copyOfRange(
        bytes, Messages.RESPONSE_NOTHING_OFFSET, Messages.RESPONSE_BYTES - Messages.MACS_BYTES);
  }
}
