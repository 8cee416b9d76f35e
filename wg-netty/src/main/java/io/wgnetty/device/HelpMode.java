package io.wgnetty.device;

import java.util.Locale;

/** When loops help one that is behind with its work. */
public enum HelpMode {
  /** Where there are three or more: with two, the other one has enough to do. */
  AUTO,
  /** Also where there are two. */
  ON,
  /** Never: each does its own work alone. */
  OFF;

  /**
   * The mode of this name, in lower case.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static HelpMode named(String word) {
    for (HelpMode mode : values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("--helpers: auto, on or off, not '" + word + "'");
  }

  /** Whether so many loops help each other. */
  boolean appliesTo(int loops) {
    return switch (this) {
      case AUTO -> loops >= 3;
      case ON -> loops >= 2;
      case OFF -> false;
    };
  }
}
