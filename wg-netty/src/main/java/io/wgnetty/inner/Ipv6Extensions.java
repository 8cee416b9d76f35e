package io.wgnetty.inner;

import java.nio.ByteBuffer;

/**
 * The chain of extension headers in front of an IPv6 payload, walked within the packet's bounds.
 */
final class Ipv6Extensions {
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int AUTHENTICATION = 51;
  private static final int ICMPV6 = 58;
  private static final int DESTINATION_OPTIONS = 60;

  private static final int NEXT_HEADER = 6;
  private static final int FRAGMENT_OFFSET = 0xfff8;
  private static final int MIN_EXTENSION_BYTES = 8;

  /** ICMPv6 types below this are errors (RFC 4443 section 2.1). */
  private static final int FIRST_INFORMATIONAL = 128;

  private static final int REDIRECT = 137;

  private Ipv6Extensions() {}

  /**
   * Whether an ICMPv6 error may answer the packet: it is not an ICMPv6 error or redirect itself and
   * not a later fragment. What is cut too short to tell may not.
   */
  static boolean mayBeAnswered(ByteBuffer packet, int offset, int length) {
    int next = packet.get(offset + NEXT_HEADER) & 0xff;
    int at = InnerPacket.IPV6_HEADER_BYTES;
    while (isExtension(next)) {
      if (at + MIN_EXTENSION_BYTES > length) {
        return false;
      }
      if (next == FRAGMENT && (packet.getShort(offset + at + 2) & FRAGMENT_OFFSET) != 0) {
        return false;
      }
      int step = lengthOf(next, packet.get(offset + at + 1) & 0xff);
      next = packet.get(offset + at) & 0xff;
      at += step;
    }
    return next != ICMPV6 || (at < length && isQuestion(packet.get(offset + at) & 0xff));
  }

  private static boolean isExtension(int header) {
    return switch (header) {
      case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
      default -> false;
    };
  }

  private static int lengthOf(int header, int lengthField) {
    return switch (header) {
      case FRAGMENT -> MIN_EXTENSION_BYTES;
      case AUTHENTICATION -> (lengthField + 2) * 4; // RFC 4302 counts 32-bit words
      default -> (lengthField + 1) * 8;
    };
  }

  private static boolean isQuestion(int icmpType) {
    return icmpType >= FIRST_INFORMATIONAL && icmpType != REDIRECT;
  }
}
