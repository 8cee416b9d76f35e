package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An array of {@code struct mmsghdr}, each with one {@code iovec}, room for a socket address and
 * for control data, in one piece of memory. The layout is that of 64-bit Linux:
 *
 * <pre>
 *   mmsghdr, 64 bytes:  0 name*  8 name length  16 iovec*  24 iovecs  32 control*  40 control length
 *                      48 flags  56 message length
 * </pre>
 *
 * <p>The data itself lies elsewhere: whoever sets a message's data keeps it alive.
 */
final class MessageArray {
  /** {@code sockaddr_in6} takes 28. */
  static final int NAME_BYTES = 32;

  /** Packet info (40 for IPv6), traffic class (24) and segment size (24), and some to spare. */
  static final int CONTROL_BYTES = 128;

  private static final int HEADER_BYTES = 64;
  private static final int NAME_LENGTH = 8;
  private static final int IOVEC = 16;
  private static final int IOVEC_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int MESSAGE_LENGTH = 56;

  private static final int IOVEC_BYTES = 16;
  private static final int IOVEC_LENGTH = 8;

  private static final int ALIGNMENT = 64;

  private final MemorySegment memory;
  private final long address;
  private final int capacity;
  private final long iovecs;
  private final long names;
  private final long controls;

  MessageArray(int capacity) {
    this.capacity = capacity;
    iovecs = (long) capacity * HEADER_BYTES;
    names = iovecs + (long) capacity * IOVEC_BYTES;
    controls = names + (long) capacity * NAME_BYTES;
    memory = Arena.ofAuto().allocate(controls + (long) capacity * CONTROL_BYTES, ALIGNMENT);
    address = memory.address();
    for (int i = 0; i < capacity; i++) {
      long header = (long) i * HEADER_BYTES;
      memory.set(JAVA_LONG, header, address + nameOffset(i));
      memory.set(JAVA_LONG, header + IOVEC, address + iovecs + (long) i * IOVEC_BYTES);
      memory.set(JAVA_LONG, header + IOVEC_COUNT, 1);
      memory.set(JAVA_LONG, header + CONTROL, address + controlOffset(i));
    }
  }

  int capacity() {
    return capacity;
  }

  /** Where message {@code index} is, for a system call. */
  long address(int index) {
    return address + (long) index * HEADER_BYTES;
  }

  /** All of the memory: names and control data are at the offsets below. */
  MemorySegment memory() {
    return memory;
  }

  long nameOffset(int index) {
    return names + (long) index * NAME_BYTES;
  }

  long controlOffset(int index) {
    return controls + (long) index * CONTROL_BYTES;
  }

  /** Where the message's data is, or is to be written. */
  void setData(int index, long dataAddress, int lengthBytes) {
    long iovec = iovecs + (long) index * IOVEC_BYTES;
    memory.set(JAVA_LONG, iovec, dataAddress);
    memory.set(JAVA_LONG, iovec + IOVEC_LENGTH, lengthBytes);
  }

  /** How much of name and control data there is, or may be. */
  void setLengths(int index, int nameBytes, int controlBytes) {
    long header = (long) index * HEADER_BYTES;
    memory.set(JAVA_INT, header + NAME_LENGTH, nameBytes);
    memory.set(JAVA_LONG, header + CONTROL_LENGTH, controlBytes);
  }

  int nameLength(int index) {
    return memory.get(JAVA_INT, (long) index * HEADER_BYTES + NAME_LENGTH);
  }

  /** Bytes of control data, never more than there is room for. */
  int controlLength(int index) {
    long length = memory.get(JAVA_LONG, (long) index * HEADER_BYTES + CONTROL_LENGTH);
    return Math.clamp(length, 0, CONTROL_BYTES);
  }

  int flags(int index) {
    return memory.get(JAVA_INT, (long) index * HEADER_BYTES + FLAGS);
  }

  /** How long the message is that came. */
  int messageLength(int index) {
    return memory.get(JAVA_INT, (long) index * HEADER_BYTES + MESSAGE_LENGTH);
  }

  /** For tests that play the kernel. */
  void setReceived(int index, int lengthBytes, int flags) {
    memory.set(JAVA_INT, (long) index * HEADER_BYTES + FLAGS, flags);
    memory.set(JAVA_INT, (long) index * HEADER_BYTES + MESSAGE_LENGTH, lengthBytes);
  }
}
