package io.wgnetty.control;

import io.netty.buffer.ByteBuf;

/**
 * Cuts a stream of bytes into lines, one at a time, in a single buffer of fixed size.
 *
 * <p>Pull, not push: whoever asks for lines decides when to stop, so that a request which must wait
 * leaves the rest of the stream unread.
 */
final class UapiLineDecoder {
  /** Many times the longest line that the protocol knows (a key of 64 digits and its name). */
  static final int MAX_LINE_BYTES = 4096;

  private final UapiLine line = new UapiLine(MAX_LINE_BYTES);
  private boolean whole;

  /**
   * Takes bytes up to the next line end.
   *
   * @return whether {@link #line()} is now a whole line; if not, everything was taken
   * @throws RequestException if the line is longer than {@value #MAX_LINE_BYTES} bytes
   */
  boolean readLine(ByteBuf in) throws RequestException {
    if (whole) {
      line.wipe();
      whole = false;
    }
    int lineEnd = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    int take = (lineEnd < 0 ? in.writerIndex() : lineEnd) - in.readerIndex();
    if (take > MAX_LINE_BYTES - line.length()) {
      throw RequestException.invalid("a line of more than " + MAX_LINE_BYTES + " bytes");
    }
    in.readBytes(line.buffer(), line.length(), take);
    line.extendTo(line.length() + take);
    if (lineEnd < 0) {
      return false;
    }
    in.skipBytes(1);
    line.findSeparator();
    whole = true;
    return true;
  }

  /** The line that was read last. */
  UapiLine line() {
    return line;
  }

  /** Overwrites what is left in the buffer. */
  void wipe() {
    line.wipe();
    whole = false;
  }
}
