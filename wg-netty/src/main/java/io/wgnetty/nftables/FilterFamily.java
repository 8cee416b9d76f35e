package io.wgnetty.nftables;

/** Which packets a table sees. */
public enum FilterFamily {
  IP(2, "ip"),
  IP6(10, "ip6");

  private final int number;
  private final String text;

  FilterFamily(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public static FilterFamily of(boolean ipv6) {
    return ipv6 ? IP6 : IP;
  }

  /** As the kernel has it. */
  int number() {
    return number;
  }

  /** As nft has it. */
  @Override
  public String toString() {
    return text;
  }
}
