package io.wgnetty.cipher;

import java.util.ArrayList;
import java.util.List;

/** For an operator: what a machine's ciphers cost, and what would be faster. */
public final class AeadAdvice {
  /** What libIPSec_MB needs to be faster than others: vectors that multiply 52 bits at a time. */
  private static final String WIDE_MULTIPLICATION = "avx512ifma";

  private AeadAdvice() {}

  /** One line without an end. */
  public static String summary(AeadChoice choice) {
    StringBuilder text = new StringBuilder(choice.name(AeadLoad.MANY_LARGE));
    if (choice.packetNs(AeadLoad.MANY_LARGE) == 0) {
      return text.append(", not measured").toString();
    }
    text.append(", %d ns for 1424 bytes".formatted(choice.packetNs(AeadLoad.MANY_LARGE)));
    other(choice, AeadLoad.MANY_SMALL, "runs of small packets", text);
    other(choice, AeadLoad.ONE_LARGE, "single large packets", text);
    other(choice, AeadLoad.ONE_SMALL, "single small packets", text);
    return text.toString();
  }

  private static void other(AeadChoice choice, AeadLoad load, String what, StringBuilder text) {
    if (!choice.name(load).equals(choice.name(AeadLoad.MANY_LARGE))) {
      text.append("; %s for %s, %d ns".formatted(choice.name(load), what, choice.packetNs(load)));
    }
  }

  /**
   * What is not installed and would be faster, with what keeps it from being used.
   *
   * @param processorFlags as Linux shows them, separated by spaces
   */
  public static List<String> faster(AeadChoice choice, String processorFlags) {
    List<String> advice = new ArrayList<>();
    String used = choice.name(AeadLoad.MANY_LARGE);
    boolean wide = List.of(processorFlags.split(" ")).contains(WIDE_MULTIPLICATION);
    if (wide) {
      missing(choice, IpsecMb.NAME, advice);
    }
    if (!used.equals(IpsecMb.NAME)) {
      missing(choice, BoringSsl.NAME, advice);
    }
    return advice;
  }

  private static void missing(AeadChoice choice, String name, List<String> advice) {
    String problem = choice.problems().get(name);
    if (problem != null) {
      advice.add(name + " (" + problem + ")");
    }
  }
}
