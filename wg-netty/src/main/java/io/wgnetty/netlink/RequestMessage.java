package io.wgnetty.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A request to the kernel: header, the fixed part of its type, attributes. All in the machine's own
 * byte order, but for addresses.
 */
public final class RequestMessage {
  static final int HEADER_BYTES = 16;
  static final int ATTRIBUTE_HEADER_BYTES = 4;

  /** Enough for all but some rules of the firewall, for which it grows. */
  private static final int INITIAL_CAPACITY = 256;

  private static final int FLAGS_OFFSET = 6;
  private static final int SEQUENCE_OFFSET = 8;

  /** Marks an attribute that holds others. */
  private static final int NLA_F_NESTED = 0x8000;

  private int flags;
  private ByteBuffer out = allocate(INITIAL_CAPACITY);
  private String subject = "";

  private RequestMessage(int type, int flags) {
    this.flags = flags | Constants.NLM_F_REQUEST;
    out.putInt(0).putShort((short) type).putShort((short) this.flags).putInt(0).putInt(0);
  }

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  /** A message of that type; that it is a request is added to the flags. */
  public static RequestMessage of(int type, int flags) {
    return new RequestMessage(type, flags);
  }

  /** Says, for the message of an error, what it asks for. */
  public RequestMessage about(String what) {
    subject = what;
    return this;
  }

  String subject() {
    return subject;
  }

  /** Has the kernel say so when it is fulfilled; what it refuses it says anyway. */
  public RequestMessage acknowledge() {
    flags |= Constants.NLM_F_ACK;
    out.putShort(FLAGS_OFFSET, (short) flags);
    return this;
  }

  boolean isDump() {
    return (flags & Constants.NLM_F_DUMP) == Constants.NLM_F_DUMP;
  }

  boolean wantsAcknowledgement() {
    return (flags & Constants.NLM_F_ACK) != 0;
  }

  private ByteBuffer room(int bytes) {
    if (out.remaining() < bytes) {
      out = allocate(2 * out.capacity() + bytes).put(out.flip());
    }
    return out;
  }

  public RequestMessage u8(int value) {
    room(Byte.BYTES).put((byte) value);
    return this;
  }

  public RequestMessage u16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  public RequestMessage u32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  /** A number in the machine's own byte order. */
  public RequestMessage attribute(int type, int value) {
    return u16(ATTRIBUTE_HEADER_BYTES + Integer.BYTES).u16(type).u32(value);
  }

  /** A number of 32 bits in network byte order, as nf_tables has them. */
  public RequestMessage attributeBigEndian(int type, int value) {
    return attribute(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  public RequestMessage attribute(int type, byte[] value) {
    u16(ATTRIBUTE_HEADER_BYTES + value.length).u16(type);
    room(value.length).put(value);
    while (out.position() % Integer.BYTES != 0) {
      u8(0);
    }
    return this;
  }

  /** An attribute that holds those which {@code inside} adds. */
  public RequestMessage nested(int type, Consumer<RequestMessage> inside) {
    int begin = out.position();
    u16(0).u16(type | NLA_F_NESTED);
    inside.accept(this);
    out.putShort(begin, (short) (out.position() - begin));
    return this;
  }

  /** Text with the NUL that the kernel wants behind it. */
  public RequestMessage attribute(int type, String ascii) {
    return attribute(type, (ascii + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  /** The bytes to be sent; the message is complete. */
  public ByteBuffer bytes(int sequence) {
    out.putInt(0, out.position()).putInt(SEQUENCE_OFFSET, sequence);
    return out.duplicate().order(ByteOrder.nativeOrder()).flip();
  }
}
