package io.wgnetty.netlink;

/**
 * A rule that says which table is asked for a route.
 *
 * @param priority rules are asked in ascending order; 0 in a new one leaves the choice to the
 *     kernel, which puts it before all others
 * @param inverted whether it is for packets that do <em>not</em> have the mark
 * @param fwmark the mark it is for, 0 if it is for all
 * @param suppressPrefixLength routes of prefixes of up to this length do not count, -1 if all do
 */
public record PolicyRule(
    boolean isIpv6,
    int priority,
    boolean inverted,
    int fwmark,
    int table,
    int suppressPrefixLength) {
  public static final int NO_SUPPRESSION = -1;

  /** All that does not have the mark goes by that table. */
  public static PolicyRule unlessMarked(boolean isIpv6, int fwmark, int table) {
    return new PolicyRule(isIpv6, 0, true, fwmark, table, NO_SUPPRESSION);
  }

  /** The main table counts, but for its default route. */
  public static PolicyRule mainWithoutDefault(boolean isIpv6) {
    return new PolicyRule(isIpv6, 0, false, 0, Route.MAIN_TABLE, 0);
  }

  public PolicyRule withPriority(int newPriority) {
    return new PolicyRule(isIpv6, newPriority, inverted, fwmark, table, suppressPrefixLength);
  }

  /** As {@code ip rule add} would be told. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(isIpv6 ? "-6" : "-4");
    if (fwmark != 0) {
      text.append(inverted ? " not" : "").append(" fwmark 0x").append(Integer.toHexString(fwmark));
    }
    text.append(" table ").append(table == Route.MAIN_TABLE ? "main" : Integer.toString(table));
    if (suppressPrefixLength != NO_SUPPRESSION) {
      text.append(" suppress_prefixlength ").append(suppressPrefixLength);
    }
    return text.toString();
  }
}
