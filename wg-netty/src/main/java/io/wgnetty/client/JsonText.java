package io.wgnetty.client;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A JSON document being written, indented by two spaces. */
public final class JsonText {
  private final StringBuilder out = new StringBuilder();

  /** For each open array or object whether it has a member already. */
  private final Deque<Boolean> open = new ArrayDeque<>();

  private boolean afterName;

  public JsonText beginObject() {
    return begin('{');
  }

  public JsonText beginArray() {
    return begin('[');
  }

  public JsonText endObject() {
    return end('}');
  }

  public JsonText endArray() {
    return end(']');
  }

  public JsonText name(String name) {
    separate();
    quote(name);
    out.append(": ");
    afterName = true;
    return this;
  }

  public JsonText value(String text) {
    separate();
    quote(text);
    return this;
  }

  /** The text, or null where there is none. */
  public JsonText valueOrNothing(@Nullable String text) {
    return text == null ? nothing() : value(text);
  }

  /** A moment in seconds since 1970; null where there was none, which is said by 0. */
  JsonText momentOrNothing(long epochSeconds) {
    return epochSeconds == 0 ? nothing() : value(epochSeconds);
  }

  public JsonText value(long number) {
    separate();
    out.append(number);
    return this;
  }

  public JsonText value(boolean truth) {
    separate();
    out.append(truth);
    return this;
  }

  public JsonText nothing() {
    separate();
    out.append("null");
    return this;
  }

  private JsonText begin(char bracket) {
    separate();
    out.append(bracket);
    open.push(false);
    return this;
  }

  private JsonText end(char bracket) {
    boolean hasMembers = open.pop();
    if (hasMembers) {
      newLine();
    }
    out.append(bracket);
    return this;
  }

  private void separate() {
    if (afterName) {
      afterName = false;
      return;
    }
    if (open.isEmpty()) {
      return;
    }
    if (open.pop()) {
      out.append(',');
    }
    open.push(true);
    newLine();
  }

  private void newLine() {
    out.append('\n').append("  ".repeat(open.size()));
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // Control characters must, the others should not be able to act on a terminal either.
          boolean loneSurrogate = Character.isSurrogate(c) && !isPaired(text, i);
          if (c < 0x20 || (c >= 0x7f && c < 0xa0) || loneSurrogate) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isPaired(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  /** How much there is that was not taken. */
  int length() {
    return out.length();
  }

  /** What was written since this was last called. */
  public String take() {
    String text = out.toString();
    out.setLength(0);
    return text;
  }

  /** The document so far, with a line end. */
  @Override
  public String toString() {
    return out + "\n";
  }
}
