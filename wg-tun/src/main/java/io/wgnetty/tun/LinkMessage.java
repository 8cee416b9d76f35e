package io.wgnetty.tun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What rtnetlink says of links (protocol 8.2). Parsing takes bytes as they come: what is cut short
 * or makes no sense ends the reading, what is of no interest is passed over.
 */
sealed interface LinkMessage {
  /** A link is there in this state; {@code name} is empty or {@code mtu} 0 where not told. */
  record Present(int index, boolean up, int mtu, String name) implements LinkMessage {}

  /** A link has left this namespace: deleted, or moved to another. */
  record Left(int index) implements LinkMessage {}

  /** A request was refused; {@code errno} is positive. */
  record Refused(int errno) implements LinkMessage {}

  int NLMSG_ERROR = 2;
  int RTM_NEWLINK = 16;
  int RTM_DELLINK = 17;
  int RTM_GETLINK = 18;
  int NLM_F_REQUEST = 1;
  int IFLA_IFNAME = 3;
  int IFLA_MTU = 4;
  int IFF_UP = 1;

  int HEADER_BYTES = 16;
  int LINK_BYTES = 16;
  int ATTRIBUTE_HEADER_BYTES = 4;

  /** The messages between the buffer's position and its limit. */
  static List<LinkMessage> parse(ByteBuffer bytes) {
    var messages = new ArrayList<LinkMessage>();
    ByteBuffer in = bytes.slice().order(ByteOrder.nativeOrder());
    int at = 0;
    while (in.limit() - at >= HEADER_BYTES) {
      int length = in.getInt(at);
      if (length < HEADER_BYTES || length > in.limit() - at) {
        break;
      }
      int type = Short.toUnsignedInt(in.getShort(at + 4));
      parseOne(type, in.slice(at + HEADER_BYTES, length - HEADER_BYTES), messages);
      if (length > in.limit() - at - 3) {
        break; // the last one needs no padding
      }
      at += align(length);
    }
    return messages;
  }

  private static void parseOne(int type, ByteBuffer slice, List<LinkMessage> messages) {
    ByteBuffer body = slice.order(ByteOrder.nativeOrder());
    if (type == NLMSG_ERROR && body.limit() >= Integer.BYTES) {
      int error = body.getInt(0);
      if (error < 0) { // 0 is an acknowledgement
        messages.add(new Refused(-error));
      }
    } else if ((type == RTM_NEWLINK || type == RTM_DELLINK) && body.limit() >= LINK_BYTES) {
      // Another family (bridging) speaks of the link's role there, not of the link.
      if (body.get(0) == 0) {
        int index = body.getInt(4);
        messages.add(type == RTM_DELLINK ? new Left(index) : present(index, body));
      }
    }
  }

  private static Present present(int index, ByteBuffer body) {
    boolean up = (body.getInt(8) & IFF_UP) != 0;
    int mtu = 0;
    String name = "";
    int at = LINK_BYTES;
    while (body.limit() - at >= ATTRIBUTE_HEADER_BYTES) {
      int length = Short.toUnsignedInt(body.getShort(at));
      int type = Short.toUnsignedInt(body.getShort(at + 2));
      if (length < ATTRIBUTE_HEADER_BYTES || length > body.limit() - at) {
        break;
      }
      int valueBytes = length - ATTRIBUTE_HEADER_BYTES;
      if (type == IFLA_MTU && valueBytes == Integer.BYTES) {
        mtu = Math.max(0, body.getInt(at + ATTRIBUTE_HEADER_BYTES));
      } else if (type == IFLA_IFNAME) {
        name = text(body, at + ATTRIBUTE_HEADER_BYTES, valueBytes);
      }
      at += align(length);
    }
    return new Present(index, up, mtu, name);
  }

  private static String text(ByteBuffer body, int offset, int length) {
    int end = 0;
    while (end < length && body.get(offset + end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end];
    body.get(offset, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** A request for the state of the link of that name; answered by {@link Present} or refused. */
  static ByteBuffer request(String name, int sequence) {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    int attribute = ATTRIBUTE_HEADER_BYTES + ascii.length + 1;
    int length = HEADER_BYTES + LINK_BYTES + align(attribute);
    ByteBuffer out = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    out.putInt(length).putShort((short) RTM_GETLINK).putShort((short) NLM_F_REQUEST);
    out.putInt(sequence).putInt(0);
    out.position(HEADER_BYTES + LINK_BYTES); // all zeros: any family, index by name
    out.putShort((short) attribute).putShort((short) IFLA_IFNAME).put(ascii);
    return out.clear();
  }

  private static int align(int length) {
    return (length + 3) & -4;
  }
}
