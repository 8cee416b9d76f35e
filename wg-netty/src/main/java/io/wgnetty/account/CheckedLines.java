package io.wgnetty.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Text files of fields with spaces between them, whose last line says how many lines there are, and
 * their checksum.
 */
final class CheckedLines {
  private static final String END = "end";
  private static final int MAX_CHARACTERS = 1024;
  private static final int BUFFER_BYTES = 1 << 16;

  private CheckedLines() {}

  /** A number that counts something. */
  static long count(String text) {
    long count = Long.parseLong(text);
    if (count < 0) {
      throw new IllegalArgumentException("less than nothing");
    }
    return count;
  }

  /** Writes one. */
  static final class Writer {
    private final OutputStream out;
    private final CRC32C sum = new CRC32C();
    private int lines;

    Writer(OutputStream to) {
      out = new BufferedOutputStream(to, BUFFER_BYTES);
    }

    void line(String line) throws IOException {
      byte[] bytes = (line + '\n').getBytes(UTF_8);
      sum.update(bytes);
      out.write(bytes);
      lines++;
    }

    void end() throws IOException {
      String check = HexFormat.of().toHexDigits((int) sum.getValue());
      out.write((END + ' ' + lines + ' ' + check + '\n').getBytes(UTF_8));
      out.flush();
    }
  }

  /** Reads one. What it gave out counts only when it has found its end. */
  static final class Reader {
    private static final String[] NO_MORE = {};

    private final BufferedReader in;
    private final CRC32C sum = new CRC32C();
    private int lines;

    Reader(InputStream from) {
      in = new BufferedReader(new InputStreamReader(from, UTF_8), BUFFER_BYTES);
    }

    /** The fields of the first line, behind a beginning that it has to have. */
    String[] head(String beginning, int fields) throws IOException {
      String line = in.readLine();
      if (line == null || !line.startsWith(beginning + ' ')) {
        throw new IOException("it does not begin with '" + beginning + "'");
      }
      take(line);
      return split(line.substring(beginning.length() + 1), fields);
    }

    /** The fields of the next line; none at the end. */
    String[] fields(int fields) throws IOException {
      String line = in.readLine();
      if (line == null) {
        throw new IOException("its end is missing");
      }
      if (line.startsWith(END + ' ')) {
        checkEnd(line);
        return NO_MORE;
      }
      take(line);
      return split(line, fields);
    }

    private void take(String line) throws IOException {
      lines++;
      if (line.length() > MAX_CHARACTERS) {
        throw new IOException("line " + lines + " is too long");
      }
      sum.update((line + '\n').getBytes(UTF_8));
    }

    private String[] split(String line, int count) throws IOException {
      String[] fields = line.split(" ", -1);
      if (fields.length != count) {
        throw new IOException("line " + lines + " is damaged");
      }
      return fields;
    }

    private void checkEnd(String line) throws IOException {
      String expected = END + ' ' + lines + ' ' + HexFormat.of().toHexDigits((int) sum.getValue());
      if (!line.equals(expected)) {
        throw new IOException("its checksum is wrong");
      }
    }

    /** The line that was read last cannot be understood. */
    IOException damaged(Exception cause) {
      return new IOException("line " + lines + " is damaged", cause);
    }
  }
}
