package io.wgnetty.handover;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What processes of each format that is read have written, as they wrote it. Whoever changes what
 * is written raises {@link Giver#FORMAT}, adds a folder for it, and leaves the others alone: they
 * are read, or their format is refused from then on.
 */
public final class RecordedFormats {
  private RecordedFormats() {}

  /** All formats that are read, the newest last. */
  public static List<Integer> read() {
    return IntStream.rangeClosed(Taker.OLDEST_FORMAT, Giver.FORMAT).boxed().toList();
  }

  /** The format that is written. */
  public static int written() {
    return Giver.FORMAT;
  }

  /** A part of what was written in a format. */
  public static byte[] bytes(int format, String part) throws IOException {
    String name = "/handover/format-%d/%s.hex".formatted(format, part);
    try (InputStream in = requireNonNull(RecordedFormats.class.getResourceAsStream(name), name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }
}
