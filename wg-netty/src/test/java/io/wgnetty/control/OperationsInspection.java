package io.wgnetty.control;

import java.util.SortedSet;

/** What only tests ask of a node's operations. */
public final class OperationsInspection {
  private OperationsInspection() {}

  public static SortedSet<String> words(Operations operations) {
    return operations.words();
  }
}
