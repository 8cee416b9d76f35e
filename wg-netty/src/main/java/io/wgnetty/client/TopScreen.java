package io.wgnetty.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The live view as lines of text, a pure function of what is known and of the window's size. */
public final class TopScreen {
  /** Title, totals, an empty line, the columns' names. */
  public static final int HEAD_LINES = 4;

  private static final int NAME_COLUMNS = 16;
  private static final int IPV6_COLUMNS = 26;
  private static final int IPV4_COLUMNS = 21;
  private static final int AMOUNT_COLUMNS = 9;

  /** What a row takes beside endpoint and totals: name, rates, handshake, state. */
  private static final int LEAST_COLUMNS = 58;

  private static final int TOTALS_COLUMNS = 2 * (AMOUNT_COLUMNS + 1);

  private static final String[] UNITS = {"", "K", "M", "G", "T", "P"};
  private static final int STEP = 1000;
  private static final int BITS = 8;

  private final Palette palette;
  private final long nowEpochSeconds;

  public TopScreen(Palette palette, long nowEpochSeconds) {
    this.palette = palette;
    this.nowEpochSeconds = nowEpochSeconds;
  }

  /**
   * All lines.
   *
   * @param first the number of the first row shown, from 0
   * @param columns how wide lines may be
   */
  public List<String> render(NodeReport report, TopOrder order, int first, int columns) {
    Facts node = report.node();
    List<String> lines = new ArrayList<>();
    int last = first + report.peers().size();
    String title =
        "%s   peers %s, with session %s   rows %d-%d   sorted by %s"
            .formatted(
                report.name(),
                node.text("peers", "0"),
                node.text("peers_with_session", "0"),
                Math.min(first + 1, last),
                last,
                order.word());
    lines.add(palette.bold(cut(title, columns)));
    String totals =
        "total   in %s   out %s   received %s   sent %s"
            .formatted(
                rate(node, "rx_rate"),
                rate(node, "tx_rate"),
                bytes(node, "rx_bytes"),
                bytes(node, "tx_bytes"));
    lines.add(cut(totals, columns));
    lines.add("");
    String names =
        row(
            columns,
            "PEER",
            "ENDPOINT",
            "IN bit/s",
            "OUT bit/s",
            "RECEIVED",
            "SENT",
            "HANDSHAKE",
            "STATE");
    lines.add(palette.reversed(palette.on() ? pad(names, columns) : names));
    for (Facts peer : report.peers()) {
      lines.add(row(peer, columns));
    }
    return lines;
  }

  private String row(Facts peer, int columns) {
    String waiting = peer.number("staged") > 0 ? " +" + peer.number("staged") : "";
    String line =
        row(
            columns,
            name(peer),
            peer.text("endpoint", "-"),
            number(peer.number("rx_rate") * BITS),
            number(peer.number("tx_rate") * BITS),
            bytes(peer, "rx_bytes"),
            bytes(peer, "tx_bytes"),
            age(peer.number("last_handshake_time_sec")),
            peer.text("handshake_state", "") + waiting);
    return switch (peer.text("handshake_state", "")) {
      case "established" -> palette.green(line);
      case "initiating", "answering" -> palette.yellow(line);
      default -> line;
    };
  }

  /** A line of cells; a narrow window has the totals left out, then the endpoint. */
  private static String row(
      int columns,
      String name,
      String endpoint,
      String in,
      String out,
      String received,
      String sent,
      String handshake,
      String state) {
    boolean totals = columns > LEAST_COLUMNS + IPV4_COLUMNS + TOTALS_COLUMNS;
    int left = columns - LEAST_COLUMNS - (totals ? TOTALS_COLUMNS : 0) - 1;
    StringBuilder line = new StringBuilder(pad(cut(name, NAME_COLUMNS), NAME_COLUMNS));
    if (left >= IPV4_COLUMNS) {
      int width = Math.min(left, IPV6_COLUMNS);
      line.append(' ').append(pad(cut(endpoint, width), width));
    }
    amount(line, in);
    amount(line, out);
    if (totals) {
      amount(line, received);
      amount(line, sent);
    }
    amount(line, handshake);
    return cut(line.append(' ').append(state).toString().stripTrailing(), columns);
  }

  private static void amount(StringBuilder line, String text) {
    line.append(' ').append(" ".repeat(Math.max(0, AMOUNT_COLUMNS - text.length()))).append(text);
  }

  private static String name(Facts peer) {
    String label = peer.text("label");
    return label == null ? peer.base64("public_key") : ShowText.printable(label);
  }

  private static String rate(Facts facts, String key) {
    return number(facts.number(key) * BITS) + "bit/s";
  }

  private static String bytes(Facts facts, String key) {
    return number(facts.number(key)) + "B";
  }

  /** Three or four digits and a unit of a thousand. */
  static String number(long amount) {
    int unit = 0;
    double scaled = amount;
    while (scaled >= STEP && unit < UNITS.length - 1) {
      scaled /= STEP;
      unit++;
    }
    return unit == 0
        ? amount + " "
        : String.format(Locale.ROOT, scaled < 100 ? "%.2f %s" : "%.1f %s", scaled, UNITS[unit]);
  }

  /** How long ago, in two units at the most. */
  private String age(long epochSeconds) {
    if (epochSeconds == 0) {
      return "-";
    }
    long seconds = Math.max(0, nowEpochSeconds - epochSeconds);
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return "%dm%02ds".formatted(seconds / 60, seconds % 60);
    }
    return seconds < 86_400
        ? "%dh%02dm".formatted(seconds / 3600, seconds / 60 % 60)
        : "%dd%02dh".formatted(seconds / 86_400, seconds / 3600 % 24);
  }

  private static String cut(String text, int columns) {
    if (text.codePointCount(0, text.length()) <= columns) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, Math.max(0, columns - 1))) + "…";
  }

  private static String pad(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - text.codePointCount(0, text.length())));
  }
}
