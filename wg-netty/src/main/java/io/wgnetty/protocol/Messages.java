package io.wgnetty.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The wire layouts: types, lengths and field offsets of the four messages (protocol 2.1).
 *
 * <p>All integers are little-endian. The type is read as a word of four bytes, of which three are
 * reserved: if one of those is not zero the type is unknown.
 */
public final class Messages {
  public static final int INITIATION = 1;
  public static final int RESPONSE = 2;
  public static final int COOKIE_REPLY = 3;
  public static final int TRANSPORT = 4;

  public static final int INITIATION_BYTES = 148;
  public static final int RESPONSE_BYTES = 92;
  public static final int COOKIE_REPLY_BYTES = 64;

  public static final int TRANSPORT_HEADER_BYTES = 16;

  /** Header and authentication tag: what a transport message adds to the padded packet. */
  public static final int TRANSPORT_OVERHEAD_BYTES = 32;

  /** A keepalive: header and tag around nothing. */
  public static final int MIN_TRANSPORT_BYTES = TRANSPORT_OVERHEAD_BYTES;

  public static final int TYPE_OFFSET = 0;

  /** The sender index of an initiation and of a response. */
  public static final int SENDER_OFFSET = 4;

  public static final int INITIATION_EPHEMERAL_OFFSET = 8;
  public static final int INITIATION_STATIC_OFFSET = 40;
  public static final int INITIATION_TIMESTAMP_OFFSET = 88;

  public static final int RESPONSE_RECEIVER_OFFSET = 8;
  public static final int RESPONSE_EPHEMERAL_OFFSET = 12;
  public static final int RESPONSE_NOTHING_OFFSET = 44;

  public static final int COOKIE_REPLY_RECEIVER_OFFSET = 4;
  public static final int COOKIE_REPLY_NONCE_OFFSET = 8;
  public static final int COOKIE_REPLY_COOKIE_OFFSET = 32;

  public static final int TRANSPORT_RECEIVER_OFFSET = 4;
  public static final int TRANSPORT_COUNTER_OFFSET = 8;

  public static final int MAC_BYTES = 16;

  /** The two macs that end initiations and responses. */
  public static final int MACS_BYTES = 2 * MAC_BYTES;

  static final int KEY_BYTES = 32;
  static final int TAG_BYTES = 16;
  static final int COOKIE_BYTES = 16;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Messages() {}

  /** The index, or type word, in the four bytes from {@code offset} on. */
  static int word(byte[] message, int offset) {
    return (int) INTS.get(message, offset);
  }

  static void putWord(byte[] message, int offset, int word) {
    INTS.set(message, offset, word);
  }
}
