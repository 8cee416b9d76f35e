package io.wgnetty.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words for limits: terms with commas between them, each {@code 20M} (bits a second, with k, M
 * or G) or {@code 5000pps} (packets a second), behind {@code in} or {@code out} if it is meant for
 * one direction only. {@code off} is no limit.
 */
public final class LimitText {
  private static final Pattern TERM =
      Pattern.compile("(?:(in|out)\\s+)?([0-9]{1,13})(k|m|g|pps)?", Pattern.CASE_INSENSITIVE);

  private static final int MAX_CHARACTERS = 200;

  private LimitText() {}

  /**
   * Reads a limit.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  public static PeerLimit parse(String text) {
    String all = text.strip();
    if (all.equalsIgnoreCase("off")) {
      return PeerLimit.NONE;
    }
    if (all.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("a limit has up to " + MAX_CHARACTERS + " characters");
    }
    Building in = new Building("in");
    Building out = new Building("out");
    for (String term : all.split(",", -1)) {
      Matcher matcher = TERM.matcher(term.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "a limit is bits a second, such as 20M, or packets a second, such as 5000pps, each behind"
                + " in or out if it is for one direction only; commas between them; or off");
      }
      String direction = matcher.group(1) == null ? "" : matcher.group(1).toLowerCase(Locale.ROOT);
      String unit = matcher.group(3) == null ? "" : matcher.group(3).toLowerCase(Locale.ROOT);
      long value = Long.parseLong(matcher.group(2));
      if (!direction.equals("out")) {
        in.set(value, unit);
      }
      if (!direction.equals("in")) {
        out.set(value, unit);
      }
    }
    return new PeerLimit(in.limit(), out.limit());
  }

  /** One direction, term by term. */
  private static final class Building {
    private final String direction;
    private long bitsPerSecond;
    private long packetsPerSecond;

    Building(String direction) {
      this.direction = direction;
    }

    void set(long value, String unit) {
      boolean packets = unit.equals("pps");
      if ((packets ? packetsPerSecond : bitsPerSecond) != 0) {
        throw new IllegalArgumentException(
            "two limits of %s a second for %s".formatted(packets ? "packets" : "bits", direction));
      }
      if (packets) {
        packetsPerSecond = checked(value, 1, RateLimit.GREATEST_PACKETS_PER_SECOND, "packets");
        return;
      }
      long factor =
          switch (unit) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            case "g" -> 1_000_000_000;
            default -> 1;
          };
      long bits = value > Long.MAX_VALUE / factor ? Long.MAX_VALUE : value * factor;
      bitsPerSecond =
          checked(
              bits, RateLimit.LEAST_BITS_PER_SECOND, RateLimit.GREATEST_BITS_PER_SECOND, "bits");
    }

    private static long checked(long value, long least, long greatest, String what) {
      if (value < least || value > greatest) {
        throw new IllegalArgumentException(
            "a limit is from %d to %d %s a second; off is none".formatted(least, greatest, what));
      }
      return value;
    }

    RateLimit limit() {
      return new RateLimit(bitsPerSecond, packetsPerSecond);
    }
  }

  static String format(RateLimit in, RateLimit out) {
    if (in.isNone() && out.isNone()) {
      return "off";
    }
    if (in.equals(out)) {
      return String.join(", ", terms("", in));
    }
    List<String> terms = terms("in ", in);
    terms.addAll(terms("out ", out));
    return String.join(", ", terms);
  }

  private static List<String> terms(String direction, RateLimit limit) {
    List<String> terms = new ArrayList<>();
    if (limit.bitsPerSecond() != 0) {
      terms.add(direction + bits(limit.bitsPerSecond()));
    }
    if (limit.packetsPerSecond() != 0) {
      terms.add(direction + limit.packetsPerSecond() + "pps");
    }
    return terms;
  }

  private static String bits(long bitsPerSecond) {
    String units = "kMG";
    long value = bitsPerSecond;
    int unit = -1;
    while (value % 1000 == 0 && unit + 1 < units.length()) {
      value /= 1000;
      unit++;
    }
    return unit < 0 ? Long.toString(value) : value + units.substring(unit, unit + 1);
  }
}
