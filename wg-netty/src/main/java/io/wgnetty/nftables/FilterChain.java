package io.wgnetty.nftables;

import java.util.List;

/**
 * A chain that the kernel asks about packets; what no rule decides is accepted.
 *
 * @param priority chains of one hook are asked in ascending order
 */
public record FilterChain(String name, Type type, Hook hook, int priority, List<FilterRule> rules) {
  public FilterChain {
    rules = List.copyOf(rules);
  }

  /** A chain that is asked about every packet. */
  public FilterChain(String name, Hook hook, int priority, List<FilterRule> rules) {
    this(name, Type.FILTER, hook, priority, rules);
  }

  /** What a chain may do. */
  public enum Type {
    FILTER("filter"),
    /** Asked about the first packet of each connection; changes addresses of all. */
    NAT("nat");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As the kernel has it. */
    String text() {
      return text;
    }
  }

  /** Where on a packet's way it is asked. */
  public enum Hook {
    PREROUTING(0),
    FORWARD(2),
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
