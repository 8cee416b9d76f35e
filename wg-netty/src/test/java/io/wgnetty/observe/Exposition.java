package io.wgnetty.observe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape said, taken apart: the text format of Prometheus, read strictly. */
final class Exposition {
  private static final String LABEL = "[a-zA-Z_]\\w*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(\\{(?:" + LABEL + "(?:," + LABEL + ")*)?,?})? (\\S+)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE (\\S+) (counter|gauge|histogram|summary|untyped)");
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) .*");

  /** The type of each family. */
  final Map<String, String> types = new LinkedHashMap<>();

  /** Each series, as {@code name{label="value",...}}, with its value. */
  final Map<String, Double> values = new LinkedHashMap<>();

  Exposition(String text) {
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line has no end");
    }
    text.lines().forEach(this::line);
  }

  private void line(String line) {
    if (HELP.matcher(line).matches()) {
      return;
    }
    Matcher type = TYPE.matcher(line);
    if (type.matches()) {
      if (types.put(type.group(1), type.group(2)) != null) {
        throw new AssertionError("twice: " + line);
      }
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("no line of the format: " + line);
    }
    String labels = sample.group(2) == null ? "" : sample.group(2);
    double value = Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"));
    if (values.put(sample.group(1) + labels, value) != null) {
      throw new AssertionError("twice: " + line);
    }
  }

  double value(String series) {
    Double value = values.get(series);
    if (value == null) {
      throw new AssertionError("no series " + series + " among " + values.keySet());
    }
    return value;
  }
}
