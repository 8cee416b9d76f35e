package io.wgnetty.allowedips;

/** A peer that is nothing but a name and its allowed IPs. */
final class TestPeer implements AllowedIps.Owner {
  private final String name;
  private final AllowedIpList allowedIps = new AllowedIpList();

  TestPeer(String name) {
    this.name = name;
  }

  @Override
  public AllowedIpList allowedIps() {
    return allowedIps;
  }

  @Override
  public String toString() {
    return name;
  }
}
