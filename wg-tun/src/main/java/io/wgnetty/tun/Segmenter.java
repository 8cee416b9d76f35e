package io.wgnetty.tun;

import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * A cursor that cuts super-packets into the packets that they stand for, without moving payload:
 * for each segment it writes a header where the caller wants it, and tells where the payload lies.
 *
 * <p>The header of a segment may be put right before its payload, over the end of the segment
 * before, as soon as that one is no longer needed. It need not be: headers of many segments can be
 * taken first. The super-packet's own header is copied by {@link #begin} and may be overwritten.
 *
 * <p>One instance per event loop; not thread-safe.
 */
public final class Segmenter {
  /** The longest header that is cut: IPv6, 156 bytes of extension headers, and TCP's longest. */
  public static final int MAX_HEADER_BYTES = 256;

  private static final int TCP_SEQUENCE = 4;
  private static final int TCP_FLAGS = 12; // with data offset: a 16-bit word
  private static final int FIN_PSH = 0x09;
  private static final int CWR = 0x80;
  private static final int UDP_LENGTH = 4;

  private final ByteBuffer template = ByteBuffer.allocateDirect(MAX_HEADER_BYTES);
  private long slabAddress;
  private int headerBytes;
  private int segmentBytes;
  private int transport;
  private boolean ipv4;
  private boolean tcp;
  private int identification;
  private int sequence;
  private int flags;
  private int ipSum;
  private int transportSum;
  private int nextOffset;
  private int endOffset;
  private int payloadOffset;
  private int payloadBytes;

  /**
   * Begins with super-packet {@code index} of a batch.
   *
   * @throws IllegalArgumentException if that is none, or its headers are not what they were
   */
  public void begin(PacketBatch batch, int index) {
    int at = batch.offset(index);
    int length = batch.length(index);
    Objects.checkFromIndexSize(at, length, batch.slabBytes());
    ByteBuffer b = batch.bytes();
    headerBytes = batch.headerBytes(index);
    segmentBytes = batch.segmentBytes(index);
    transport = TransportHeader.offset(b, at, length);
    int protocol = transport < 0 ? 0 : TransportHeader.protocol(b, at, transport);
    if (segmentBytes <= 0
        || headerBytes > MAX_HEADER_BYTES
        || headerBytes >= length
        || transport < 0
        || headerBytes != TransportHeader.payloadOffset(b, at, length, transport, protocol)) {
      nextOffset = endOffset = 0;
      throw new IllegalArgumentException("packet " + index + " is no super-packet");
    }
    ipv4 = b.get(at) >>> 4 == 4;
    tcp = protocol == TransportHeader.TCP;
    slabAddress = batch.address();
    nextOffset = at + headerBytes;
    endOffset = at + length;
    template.put(0, b, at, headerBytes);
    takeOut();
    addUp(protocol);
  }

  /** Takes what differs from segment to segment out of the template. */
  private void takeOut() {
    if (ipv4) {
      identification = Short.toUnsignedInt(template.getShort(4));
      template.putInt(2, 0); // length and identification
      template.putShort(10, (short) 0);
    } else {
      template.putShort(4, (short) 0);
    }
    if (tcp) {
      sequence = template.getInt(transport + TCP_SEQUENCE);
      flags = Short.toUnsignedInt(template.getShort(transport + TCP_FLAGS));
      template.putInt(transport + TCP_SEQUENCE, 0);
      template.putShort(transport + TCP_FLAGS, (short) 0);
      template.putShort(transport + VirtioHeader.TCP_CSUM_OFFSET, (short) 0);
    } else {
      template.putInt(transport + UDP_LENGTH, 0); // length and checksum
    }
  }

  /** The part of both checksums that all segments share. */
  private void addUp(int protocol) {
    ipSum = 0;
    if (ipv4) {
      for (int i = 0; i < transport; i += 2) {
        ipSum += Short.toUnsignedInt(template.getShort(i));
      }
    }
    int sum = protocol;
    for (int i = transport; i < headerBytes; i += 2) {
      sum += Short.toUnsignedInt(template.getShort(i));
    }
    int addresses = ipv4 ? 12 : 8;
    int afterAddresses = ipv4 ? TransportHeader.IPV4_BYTES : TransportHeader.IPV6_BYTES;
    for (int i = addresses; i < afterAddresses; i += 2) {
      sum += Short.toUnsignedInt(template.getShort(i));
    }
    transportSum = sum;
  }

  public boolean hasNext() {
    return nextOffset < endOffset;
  }

  /**
   * Takes the next segment: writes its complete header, checksums over the payload included, into
   * {@code headers} (big-endian) from {@code at} on, and nothing beyond it; returns its length.
   */
  public int next(ByteBuffer headers, int at) {
    int offset = nextOffset;
    int bytes = Math.min(segmentBytes, endOffset - offset);
    if (bytes <= 0) {
      throw new NoSuchElementException("all segments are taken");
    }
    copyTemplate(headers, at);
    int payloadSum = InternetChecksum.fold(InternetChecksum.sum(slabAddress + offset, bytes));
    int transportBytes = headerBytes - transport + bytes;
    if (ipv4) {
      int total = headerBytes + bytes;
      int id = identification;
      identification = (id + 1) & 0xffff;
      headers.putInt(at + 2, total << 16 | id);
      headers.putShort(at + 10, (short) ~InternetChecksum.foldWords(ipSum + total + id));
    } else {
      headers.putShort(at + 4, (short) (headerBytes - TransportHeader.IPV6_BYTES + bytes));
    }
    int sum = transportSum + transportBytes + payloadSum;
    if (tcp) {
      finishTcp(headers, at + transport, bytes, offset + bytes == endOffset, sum);
    } else {
      finishUdp(headers, at + transport, transportBytes, sum);
    }
    nextOffset = offset + bytes;
    payloadOffset = offset;
    payloadBytes = bytes;
    return headerBytes;
  }

  private void finishTcp(ByteBuffer headers, int at, int bytes, boolean last, int sum) {
    int segmentFlags = last ? flags : flags & ~FIN_PSH;
    int segmentSequence = sequence;
    flags &= ~CWR; // on the first only: RFC 3168 6.1.2
    sequence = segmentSequence + bytes;
    headers.putInt(at + TCP_SEQUENCE, segmentSequence);
    headers.putShort(at + TCP_FLAGS, (short) segmentFlags);
    int all = sum + segmentFlags + (segmentSequence >>> 16) + (segmentSequence & 0xffff);
    headers.putShort(at + VirtioHeader.TCP_CSUM_OFFSET, (short) ~InternetChecksum.foldWords(all));
  }

  private static void finishUdp(ByteBuffer headers, int at, int transportBytes, int sum) {
    int checksum = ~InternetChecksum.foldWords(sum + transportBytes) & 0xffff;
    // RFC 768: 0 says that there is no checksum; the other zero stands for it.
    headers.putInt(at + UDP_LENGTH, transportBytes << 16 | (checksum == 0 ? 0xffff : checksum));
  }

  /** Long by long, the last one overlapping: no header is shorter than three. */
  private void copyTemplate(ByteBuffer headers, int at) {
    int last = headerBytes - Long.BYTES;
    for (int i = 0; i < last; i += Long.BYTES) {
      headers.putLong(at + i, template.getLong(i));
    }
    headers.putLong(at + last, template.getLong(last));
  }

  /** Where in the batch's slab the payload of the segment just taken begins. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** How long the payload of the segment just taken is. */
  public int payloadBytes() {
    return payloadBytes;
  }
}
