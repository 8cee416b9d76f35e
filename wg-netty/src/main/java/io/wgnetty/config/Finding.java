package io.wgnetty.config;

import java.nio.file.Path;

/**
 * One thing that is wrong, or may be, in a configuration file.
 *
 * @param line from 1
 * @param column of the first character meant, from 1
 * @param key the key as it is written, or the section's name; empty if neither is meant
 * @param message what is wrong and what would be right; never holds key material
 */
public record Finding(Severity severity, int line, int column, String key, String message) {
  /** How bad it is. */
  public enum Severity {
    /** The file is not used. */
    ERROR,
    /** The file is used, but perhaps something else was meant. */
    WARNING
  }

  /** {@code FILE:LINE:COLUMN: error: KEY: MESSAGE}, the form that editors understand. */
  public String in(Path file) {
    String word = severity == Severity.ERROR ? "error" : "warning";
    return "%s:%d:%d: %s: %s%s"
        .formatted(file, line, column, word, key.isEmpty() ? "" : key + ": ", message);
  }
}
