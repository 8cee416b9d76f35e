package io.wgnetty.client;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the rows of the live view are sorted by. */
public enum TopOrder {
  RATE,
  RX,
  TX,
  TOTAL,
  HANDSHAKE;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<TopOrder> named(String word) {
    return Arrays.stream(values()).filter(order -> order.word().equals(word)).findFirst();
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(TopOrder::word).toList();
  }

  /** The one after this, and the first after the last. */
  public TopOrder next() {
    return switch (this) {
      case RATE -> RX;
      case RX -> TX;
      case TX -> TOTAL;
      case TOTAL -> HANDSHAKE;
      case HANDSHAKE -> RATE;
    };
  }
}
