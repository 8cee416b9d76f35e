package io.wgnetty.tun;

import java.nio.ByteBuffer;

/**
 * Makes the headers of a group's first packet those of the super-packet that the group leaves as,
 * in place, with the virtio header before them; and back, should the kernel refuse it.
 */
final class MergedHeader {
  private static final int TCP_FLAGS = 13;
  private static final int UDP_LENGTH = 4;

  private int at;
  private int transport;
  private boolean ipv6;
  private boolean tcp;
  private long networkWord0;
  private short networkChecksum;
  private byte tcpFlags;
  private int udpLength;
  private short checksum;

  /**
   * Rewrites the packet at {@code packetAt}.
   *
   * @param lastFlags TCP flags of the last segment, which the whole bears too
   */
  void apply(
      PacketBatch batch,
      int packetAt,
      int transportOffset,
      int protocol,
      int headerBytes,
      int segmentBytes,
      int totalBytes,
      int lastFlags) {
    ByteBuffer b = batch.bytes();
    at = packetAt;
    ipv6 = b.get(at) >>> 4 == 6;
    tcp = protocol == TransportHeader.TCP;
    transport = at + transportOffset;
    save(b);
    setLength(batch, transportOffset, totalBytes);
    int field = ReceivedOffload.checksumOffset(protocol);
    int transportBytes = totalBytes - transportOffset;
    if (tcp) {
      b.put(transport + TCP_FLAGS, (byte) (tcpFlags | lastFlags));
    } else {
      b.putShort(transport + UDP_LENGTH, (short) transportBytes);
    }
    b.putShort(transport + field, (short) pseudoSum(batch, protocol, transportBytes));
    VirtioHeader.putSuper(
        b,
        at - VirtioHeader.BYTES,
        ReceivedOffload.gsoType(b, at, protocol),
        headerBytes,
        segmentBytes,
        transportOffset,
        field);
  }

  private void save(ByteBuffer b) {
    networkWord0 = b.getLong(at);
    if (!ipv6) {
      networkChecksum = b.getShort(at + 10);
    }
    if (tcp) {
      tcpFlags = b.get(transport + TCP_FLAGS);
      checksum = b.getShort(transport + VirtioHeader.TCP_CSUM_OFFSET);
    } else {
      udpLength = b.getInt(transport + UDP_LENGTH);
    }
  }

  private void setLength(PacketBatch batch, int transportOffset, int totalBytes) {
    ByteBuffer b = batch.bytes();
    if (ipv6) {
      b.putShort(at + 4, (short) (totalBytes - TransportHeader.IPV6_BYTES));
      return;
    }
    b.putShort(at + 2, (short) totalBytes);
    b.putShort(at + 10, (short) 0);
    long sum = InternetChecksum.sum(batch.address() + at, transportOffset);
    b.putShort(at + 10, (short) ~InternetChecksum.fold(sum));
  }

  /** What the kernel expects in the place of the checksum that it completes. */
  private int pseudoSum(PacketBatch batch, int protocol, int transportBytes) {
    int addresses = ipv6 ? 8 : 12;
    int addressBytes = ipv6 ? 32 : 8;
    int sum =
        InternetChecksum.fold(InternetChecksum.sum(batch.address() + at + addresses, addressBytes));
    return InternetChecksum.foldWords(sum + protocol + transportBytes);
  }

  /** Makes the packet what it was. */
  void restore(ByteBuffer b) {
    b.putLong(at, networkWord0);
    if (!ipv6) {
      b.putShort(at + 10, networkChecksum);
    }
    if (tcp) {
      b.put(transport + TCP_FLAGS, tcpFlags);
      b.putShort(transport + VirtioHeader.TCP_CSUM_OFFSET, checksum);
    } else {
      b.putInt(transport + UDP_LENGTH, udpLength);
    }
  }
}
