package io.wgnetty.nftables;

import java.util.List;

/**
 * A chain of type filter that the kernel asks about every packet; what no rule decides is accepted.
 *
 * @param priority chains of one hook are asked in ascending order
 */
public record FilterChain(String name, Hook hook, int priority, List<FilterRule> rules) {
  public FilterChain {
    rules = List.copyOf(rules);
  }

  /** Where on a packet's way it is asked. */
  public enum Hook {
    PREROUTING(0),
    POSTROUTING(4);

    private final int number;

    Hook(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }
}
