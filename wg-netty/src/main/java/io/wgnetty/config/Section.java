package io.wgnetty.config;

import org.jspecify.annotations.Nullable;

/** The part of a file that a line belongs to. */
enum Section {
  INTERFACE("Interface"),
  PEER("Peer");

  private final String written;

  Section(String written) {
    this.written = written;
  }

  /** The section of this name in any case, {@code null} if there is none. */
  static @Nullable Section named(String name) {
    for (Section section : values()) {
      if (section.written.equalsIgnoreCase(name)) {
        return section;
      }
    }
    return null;
  }

  String written() {
    return written;
  }

  /** {@code [Peer]}. */
  String header() {
    return "[" + written + "]";
  }
}
