package io.wgnetty.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message from the kernel.
 *
 * @param body what follows the header, in the machine's own byte order
 */
record AnswerMessage(int type, int flags, int sequence, ByteBuffer body) {
  /** The messages between the buffer's position and its limit, as copies. */
  static List<AnswerMessage> parse(ByteBuffer bytes) {
    var messages = new ArrayList<AnswerMessage>();
    ByteBuffer in = bytes.slice().order(ByteOrder.nativeOrder());
    int at = 0;
    while (in.limit() - at >= RequestMessage.HEADER_BYTES) {
      int length = in.getInt(at);
      if (length < RequestMessage.HEADER_BYTES || length > in.limit() - at) {
        break;
      }
      byte[] body = new byte[length - RequestMessage.HEADER_BYTES];
      in.get(at + RequestMessage.HEADER_BYTES, body);
      messages.add(
          new AnswerMessage(
              Short.toUnsignedInt(in.getShort(at + 4)),
              Short.toUnsignedInt(in.getShort(at + 6)),
              in.getInt(at + 8),
              ByteBuffer.wrap(body).order(ByteOrder.nativeOrder())));
      if (length > in.limit() - at - 3) {
        break; // the last one needs no padding
      }
      at += (length + 3) & -4;
    }
    return messages;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int u8(int offset) {
    return offset < body.limit() ? Byte.toUnsignedInt(body.get(offset)) : 0;
  }

  int u32(int offset) {
    return offset + Integer.BYTES <= body.limit() ? body.getInt(offset) : 0;
  }

  Attributes attributes(int offset) {
    return Attributes.of(body, offset);
  }

  /** The refusal that this is; {@code null} if it is an acknowledgement or an end without error. */
  @Nullable NetlinkException refusal() {
    int error = u32(0);
    if (error >= 0) {
      return null;
    }
    // An error repeats the header of the request, an end of a dump does not.
    int offset =
        type == Constants.NLMSG_ERROR ? Integer.BYTES + RequestMessage.HEADER_BYTES : Integer.BYTES;
    String words =
        has(Constants.NLM_F_ACK_TLVS) ? attributes(offset).text(Constants.NLMSGERR_ATTR_MSG) : "";
    return NetlinkException.refused(-error, words);
  }
}
