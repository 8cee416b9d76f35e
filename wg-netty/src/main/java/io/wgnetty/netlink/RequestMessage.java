package io.wgnetty.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request to the kernel: header, the fixed part of its type, attributes. All in the machine's own
 * byte order, but for addresses.
 */
final class RequestMessage {
  static final int HEADER_BYTES = 16;
  static final int ATTRIBUTE_HEADER_BYTES = 4;

  /** No request of ours comes near. */
  private static final int CAPACITY = 256;

  private static final int SEQUENCE_OFFSET = 8;

  private final ByteBuffer out = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());
  private final int flags;

  private RequestMessage(int type, int flags) {
    this.flags = flags | Constants.NLM_F_REQUEST;
    out.putInt(0).putShort((short) type).putShort((short) this.flags).putInt(0).putInt(0);
  }

  static RequestMessage of(int type, int flags) {
    return new RequestMessage(type, flags);
  }

  boolean isDump() {
    return (flags & Constants.NLM_F_DUMP) == Constants.NLM_F_DUMP;
  }

  boolean wantsAcknowledgement() {
    return (flags & Constants.NLM_F_ACK) != 0;
  }

  RequestMessage u8(int value) {
    out.put((byte) value);
    return this;
  }

  RequestMessage u16(int value) {
    out.putShort((short) value);
    return this;
  }

  RequestMessage u32(int value) {
    out.putInt(value);
    return this;
  }

  RequestMessage attribute(int type, int value) {
    return u16(ATTRIBUTE_HEADER_BYTES + Integer.BYTES).u16(type).u32(value);
  }

  RequestMessage attribute(int type, byte[] value) {
    u16(ATTRIBUTE_HEADER_BYTES + value.length).u16(type);
    out.put(value);
    while (out.position() % Integer.BYTES != 0) {
      out.put((byte) 0);
    }
    return this;
  }

  /** Text with the NUL that the kernel wants behind it. */
  RequestMessage attribute(int type, String ascii) {
    return attribute(type, (ascii + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  /** The bytes to be sent; the message is complete. */
  ByteBuffer bytes(int sequence) {
    out.putInt(0, out.position()).putInt(SEQUENCE_OFFSET, sequence);
    return out.duplicate().order(ByteOrder.nativeOrder()).flip();
  }
}
