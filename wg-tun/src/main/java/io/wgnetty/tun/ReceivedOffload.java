package io.wgnetty.tun;

import java.nio.ByteBuffer;

/**
 * What the kernel left to do on a packet that was read: completes its checksum, or marks it as a
 * super-packet. Nothing that the virtio header says is believed before the packet itself says the
 * same; where they differ the packet becomes one of {@link PacketBatch#BAD_SEGMENTS}.
 */
final class ReceivedOffload {
  private ReceivedOffload() {}

  /** Takes up the virtio header that stands right before packet {@code index}. */
  static void accept(PacketBatch batch, int index) {
    ByteBuffer b = batch.bytes();
    int virtio = batch.offset(index) - VirtioHeader.BYTES;
    boolean honest =
        VirtioHeader.gsoType(b, virtio) == VirtioHeader.GSO_NONE
            ? acceptSingle(batch, index, virtio)
            : acceptSuper(batch, index, virtio);
    if (!honest) {
      batch.setSegments(index, 0, PacketBatch.BAD_SEGMENTS);
    }
  }

  private static boolean acceptSingle(PacketBatch batch, int index, int virtio) {
    ByteBuffer b = batch.bytes();
    if ((VirtioHeader.flags(b, virtio) & VirtioHeader.NEEDS_CSUM) == 0) {
      return true;
    }
    int start = VirtioHeader.checksumStart(b, virtio);
    int field = VirtioHeader.checksumOffset(b, virtio);
    int length = batch.length(index);
    if (start < TransportHeader.IPV4_BYTES || start + field + Short.BYTES > length) {
      return false;
    }
    completeChecksum(batch, index, start, field);
    return true;
  }

  /** The field holds the pseudo-header's sum already, so it takes part in the sum. */
  private static void completeChecksum(PacketBatch batch, int index, int start, int field) {
    int at = batch.offset(index) + start;
    int sum = InternetChecksum.fold(sum(batch, at, batch.length(index) - start));
    putChecksum(batch.bytes(), at + field, ~sum, field == VirtioHeader.UDP_CSUM_OFFSET);
  }

  private static boolean acceptSuper(PacketBatch batch, int index, int virtio) {
    ByteBuffer b = batch.bytes();
    int at = batch.offset(index);
    int length = batch.length(index);
    int transport = TransportHeader.offset(b, at, length);
    if (transport == TransportHeader.NONE) {
      return false;
    }
    int protocol = TransportHeader.protocol(b, at, transport);
    int header = TransportHeader.payloadOffset(b, at, length, transport, protocol);
    int segment = VirtioHeader.gsoBytes(b, virtio);
    boolean fits =
        header != TransportHeader.NONE
            && header < length
            && header <= Segmenter.MAX_HEADER_BYTES
            && segment > 0
            && segment <= length;
    if (!fits
        || VirtioHeader.gsoType(b, virtio) != gsoType(b, at, protocol)
        || !checksumAgrees(b, virtio, transport, protocol)) {
      return false;
    }
    if (segment < length - header) {
      batch.setSegments(index, header, segment);
    } else {
      completeWhole(batch, index, transport, protocol); // one segment: an ordinary packet
    }
    return true;
  }

  private static boolean checksumAgrees(ByteBuffer b, int virtio, int transport, int protocol) {
    return (VirtioHeader.flags(b, virtio) & VirtioHeader.NEEDS_CSUM) == 0
        || (VirtioHeader.checksumStart(b, virtio) == transport
            && VirtioHeader.checksumOffset(b, virtio) == checksumOffset(protocol));
  }

  private static void completeWhole(PacketBatch batch, int index, int transport, int protocol) {
    ByteBuffer b = batch.bytes();
    int at = batch.offset(index);
    int bytes = batch.length(index) - transport;
    int field = checksumOffset(protocol);
    b.putShort(at + transport + field, (short) 0);
    int addresses = b.get(at) >>> 4 == 4 ? 8 : 32;
    int addressesAt = b.get(at) >>> 4 == 4 ? at + 12 : at + 8;
    int pseudo = InternetChecksum.fold(sum(batch, addressesAt, addresses)) + protocol + bytes;
    int sum = InternetChecksum.fold(sum(batch, at + transport, bytes));
    int checksum = ~InternetChecksum.foldWords(pseudo + sum);
    putChecksum(b, at + transport + field, checksum, protocol == TransportHeader.UDP);
  }

  private static long sum(PacketBatch batch, int at, int lengthBytes) {
    return InternetChecksum.sum(batch.address() + at, lengthBytes);
  }

  private static void putChecksum(ByteBuffer b, int at, int checksum, boolean udp) {
    // RFC 768: 0 says that there is no checksum; the other zero stands for it.
    b.putShort(at, udp && (short) checksum == 0 ? (short) 0xffff : (short) checksum);
  }

  static int checksumOffset(int protocol) {
    return protocol == TransportHeader.TCP
        ? VirtioHeader.TCP_CSUM_OFFSET
        : VirtioHeader.UDP_CSUM_OFFSET;
  }

  static int gsoType(ByteBuffer b, int at, int protocol) {
    if (protocol == TransportHeader.UDP) {
      return VirtioHeader.GSO_UDP_L4;
    }
    return b.get(at) >>> 4 == 4 ? VirtioHeader.GSO_TCPV4 : VirtioHeader.GSO_TCPV6;
  }
}
