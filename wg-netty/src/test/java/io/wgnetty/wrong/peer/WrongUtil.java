package io.wgnetty.wrong.peer;

import io.wgnetty.wrong.protocol.ReadsClock;

/** Wrong in its name; that it knows protocol is right. */
public final class WrongUtil {
  private WrongUtil() {}

  public static int answer(ReadsClock clock) {
    return clock.hashCode();
  }
}
