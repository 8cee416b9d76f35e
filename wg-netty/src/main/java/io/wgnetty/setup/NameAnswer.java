package io.wgnetty.setup;

import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What the lookup of a name led to.
 *
 * @param endpoints the addresses to try, in this order; empty if there is none, or none now
 * @param failure why there is none
 */
record NameAnswer(List<Endpoint> endpoints, String failure) {
  NameAnswer {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * An answer with addresses. They are put in turns of the two families: if one family does not
   * work here, the second address is of the other.
   */
  static NameAnswer of(List<Endpoint> found) {
    boolean firstIsIpv6 = !found.isEmpty() && found.getFirst().isIpv6();
    List<Endpoint> first = found.stream().filter(e -> e.isIpv6() == firstIsIpv6).toList();
    List<Endpoint> second = found.stream().filter(e -> e.isIpv6() != firstIsIpv6).toList();
    List<Endpoint> turns = new ArrayList<>(found.size());
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      for (List<Endpoint> family : List.of(first, second)) {
        if (i < family.size()) {
          turns.add(family.get(i));
        }
      }
    }
    return new NameAnswer(turns, "");
  }

  static NameAnswer failed(String why) {
    return new NameAnswer(List.of(), why);
  }

  boolean isFound() {
    return !endpoints.isEmpty();
  }

  /** Whether it names the same addresses; their order changes from answer to answer. */
  boolean hasSameAddresses(List<Endpoint> others) {
    return new HashSet<>(endpoints).equals(new HashSet<>(others));
  }
}
