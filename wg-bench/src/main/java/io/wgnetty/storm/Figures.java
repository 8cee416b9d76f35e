package io.wgnetty.storm;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What was measured: rows of a table for people, and the same as one JSON object. */
final class Figures {
  private final Map<String, String> rows = new LinkedHashMap<>();
  private final Map<String, String> json = new LinkedHashMap<>();

  void text(String name, String label, String value) {
    rows.put(label, value);
    json.put(name, quoted(value));
  }

  void count(String name, String label, long value) {
    rows.put(label, String.format(Locale.ROOT, "%,d", value));
    json.put(name, Long.toString(value));
  }

  /** A number of some unit, or of none; empty if there is none to tell. */
  void number(String name, String label, OptionalDouble value, String unit) {
    rows.put(
        label,
        value.isPresent() ? (readable(value.getAsDouble()) + " " + unit).stripTrailing() : "-");
    json.put(
        name, value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "null");
  }

  /** A time, in seconds in the JSON; empty if it never came. */
  void time(String name, String label, OptionalLong ns) {
    rows.put(label, ns.isPresent() ? readableTime(ns.getAsLong()) : "never");
    json.put(
        name,
        ns.isPresent()
            ? String.format(
                Locale.ROOT, "%.6f", ns.getAsLong() / (double) TimeUnit.SECONDS.toNanos(1))
            : "null");
  }

  /** Counts by name, in one row. */
  void counts(String name, String label, Map<String, Long> counts) {
    rows.put(
        label,
        counts.isEmpty()
            ? "-"
            : counts.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %,d", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", ")));
    json.put(
        name,
        counts.entrySet().stream()
            .map(e -> quoted(e.getKey()) + ": " + e.getValue())
            .collect(Collectors.joining(", ", "{", "}")));
  }

  String table() {
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    return rows.entrySet().stream()
        .map(
            e ->
                "| "
                    + e.getKey()
                    + " ".repeat(width - e.getKey().length())
                    + " | "
                    + e.getValue()
                    + " |\n")
        .collect(Collectors.joining("", "| " + " ".repeat(width) + " | |\n|---|---|\n", ""));
  }

  String json() {
    return json.entrySet().stream()
        .map(e -> quoted(e.getKey()) + ": " + e.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  static String readableTime(long ns) {
    double ms = ns / (double) TimeUnit.MILLISECONDS.toNanos(1);
    return ms < 1000
        ? String.format(Locale.ROOT, ms < 10 ? "%.2f ms" : "%.0f ms", ms)
        : String.format(Locale.ROOT, "%.2f s", ms / 1000);
  }

  private static String readable(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
