package io.wgnetty.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes packets as a pcapng file (draft-ietf-opsawg-pcapng): one section, one interface of raw IP
 * packets, times in nanoseconds. Each block is written whole, so that what is there can be read
 * whenever the writer ends.
 */
public final class PcapngWriter {
  private static final int SECTION_HEADER = 0x0a0d_0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;

  private static final int BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
  private static final int LINKTYPE_RAW = 101;

  private static final int OPT_END = 0;
  private static final int OPT_COMMENT = 1;
  private static final int SHB_USER_APPLICATION = 4;
  private static final int IF_NAME = 2;
  private static final int IF_TIME_RESOLUTION = 9;
  private static final int EPB_FLAGS = 2;
  private static final int ISB_DROPPED_BY_INTERFACE = 5;

  private static final byte NANOSECONDS = 9;
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;

  /** Of a block, beside packet and comment: header, fixed part, options, length again. */
  private static final int MAX_OVERHEAD_BYTES = 128;

  private final OutputStream out;

  /**
   * Begins a file.
   *
   * @param interfaceName whose packets come
   * @param snapBytes how much of each packet there is at most
   */
  public PcapngWriter(OutputStream out, String interfaceName, int snapBytes) throws IOException {
    this.out = out;
    ByteBuffer section = begin(SECTION_HEADER, 32);
    section.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
    option(section, SHB_USER_APPLICATION, "wg-netty".getBytes(UTF_8));
    end(section);
    ByteBuffer description = begin(INTERFACE_DESCRIPTION, interfaceName.length());
    description.putShort((short) LINKTYPE_RAW).putShort((short) 0).putInt(snapBytes);
    option(description, IF_NAME, interfaceName.getBytes(UTF_8));
    option(description, IF_TIME_RESOLUTION, new byte[] {NANOSECONDS});
    end(description);
  }

  /**
   * Writes one packet.
   *
   * @param originalBytes how long it was, of which {@code bytes} may be the beginning
   * @param comment the empty text for none
   */
  public void packet(
      long epochNs, boolean outbound, int originalBytes, byte[] bytes, String comment)
      throws IOException {
    byte[] words = comment.getBytes(UTF_8);
    ByteBuffer block = begin(ENHANCED_PACKET, bytes.length + words.length);
    block.putInt(0); // the only interface
    time(block, epochNs);
    block.putInt(bytes.length).putInt(originalBytes).put(bytes);
    pad(block);
    option(block, EPB_FLAGS, number(outbound ? OUTBOUND : INBOUND));
    if (words.length > 0) {
      option(block, OPT_COMMENT, words);
    }
    end(block);
  }

  /** Ends it with how many packets are missing because they came too fast. */
  public void statistics(long epochNs, long lost) throws IOException {
    ByteBuffer block = begin(INTERFACE_STATISTICS, 0);
    block.putInt(0);
    time(block, epochNs);
    ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    option(block, ISB_DROPPED_BY_INTERFACE, count.putLong(lost).array());
    end(block);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  /** The upper half comes first, whatever the byte order. */
  private static void time(ByteBuffer block, long epochNs) {
    block.putInt((int) (epochNs >>> Integer.SIZE)).putInt((int) epochNs);
  }

  private static ByteBuffer begin(int type, int variableBytes) {
    ByteBuffer block =
        ByteBuffer.allocate(MAX_OVERHEAD_BYTES + variableBytes).order(ByteOrder.LITTLE_ENDIAN);
    return block.putInt(type).putInt(0); // the length comes last
  }

  private static void option(ByteBuffer block, int code, byte[] value) {
    block.putShort((short) code).putShort((short) value.length).put(value);
    pad(block);
  }

  private static void pad(ByteBuffer block) {
    while (block.position() % Integer.BYTES != 0) {
      block.put((byte) 0);
    }
  }

  private void end(ByteBuffer block) throws IOException {
    block.putShort((short) OPT_END).putShort((short) 0);
    int length = block.position() + Integer.BYTES;
    block.putInt(length).putInt(Integer.BYTES, length);
    byte[] bytes = new byte[length];
    block.get(0, bytes);
    out.write(bytes);
  }
}
