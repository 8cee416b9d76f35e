package io.wgnetty.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Requests against those of iproute2 6.15 for the same purpose, as strace showed them. The captures
 * are of a little-endian machine, with an interface {@code d0} whose index was 2.
 */
@EnabledIf("isLittleEndian")
class RequestsTest {
  private static final int SEQUENCE = 0x6b0372ec;
  private static final int LINK = 2;

  static boolean isLittleEndian() {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  private static void expect(RequestMessage request, String captured) {
    ByteBuffer bytes = request.bytes(SEQUENCE);
    byte[] sent = new byte[bytes.limit()];
    bytes.get(sent);
    assertThat(HexFormat.ofDelimiter(" ").formatHex(sent)).isEqualTo(captured.strip());
  }

  private static LinkAddress address(String host, int prefixLength) {
    return new LinkAddress(IpPrefix.parse(host), prefixLength);
  }

  private static Route route(String destination, int table) {
    return new Route(IpPrefix.parse(destination), LINK, table);
  }

  @Test
  void shouldAddAnIpv4Address() {
    expect(
        Requests.addAddress(LINK, address("10.0.0.1/32", 24)),
        "28 00 00 00 14 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 02 18 00 00 02 00 00 00 08 00 02 00 0a 00 00 01"
            + " 08 00 01 00 0a 00 00 01");
  }

  @Test
  void shouldAddAnIpv6Address() {
    expect(
        Requests.addAddress(LINK, address("fd00::1/128", 64)),
        "40 00 00 00 14 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 0a 40 00 00 02 00 00 00 14 00 02 00 fd 00 00 00"
            + " 00 00 00 00 00 00 00 00 00 00 00 01 14 00 01 00"
            + " fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01");
  }

  @Test
  void shouldRemoveAnAddress() {
    expect(
        Requests.removeAddress(LINK, address("10.0.0.1/32", 24)),
        "28 00 00 00 15 00 05 00 ec 72 03 6b 00 00 00 00"
            + " 02 18 00 00 02 00 00 00 08 00 02 00 0a 00 00 01"
            + " 08 00 01 00 0a 00 00 01");
  }

  @Test
  void shouldAskForALinkByName() {
    expect(
        Requests.linkNamed("d0"),
        "30 00 00 00 12 00 01 00 ec 72 03 6b 00 00 00 00"
            + " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
            + " 08 00 1d 00 08 00 00 00 07 00 03 00 64 30 00 00");
  }

  @Test
  void shouldSetMtuAndUp() {
    expect(
        Requests.setLink(LINK, 1400, true),
        "28 00 00 00 10 00 05 00 ec 72 03 6b 00 00 00 00"
            + " 00 00 00 00 02 00 00 00 01 00 00 00 01 00 00 00"
            + " 08 00 04 00 78 05 00 00");
  }

  @Test
  void shouldAddAnIpv4Route() {
    expect(
        Requests.addRoute(route("10.9.0.0/16", Route.MAIN_TABLE)),
        "2c 00 00 00 18 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 02 10 00 00 fe 03 fd 01 00 00 00 00 08 00 01 00"
            + " 0a 09 00 00 08 00 04 00 02 00 00 00");
  }

  @Test
  void shouldAddAnIpv6Route() {
    expect(
        Requests.addRoute(route("fd09::/48", Route.MAIN_TABLE)),
        "38 00 00 00 18 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 0a 30 00 00 fe 03 00 01 00 00 00 00 14 00 01 00"
            + " fd 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
            + " 08 00 04 00 02 00 00 00");
  }

  @Test
  void shouldAddARouteToAHighTable() {
    expect(
        Requests.addRoute(route("0.0.0.0/0", 51820)),
        "34 00 00 00 18 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 02 00 00 00 00 03 fd 01 00 00 00 00 08 00 01 00"
            + " 00 00 00 00 08 00 0f 00 6c ca 00 00 08 00 04 00"
            + " 02 00 00 00");
    expect(
        Requests.addRoute(route("::/0", 51820)),
        "40 00 00 00 18 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 0a 00 00 00 00 03 00 01 00 00 00 00 14 00 01 00"
            + " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
            + " 08 00 0f 00 6c ca 00 00 08 00 04 00 02 00 00 00");
  }

  @Test
  void shouldRemoveARoute() {
    expect(
        Requests.removeRoute(route("10.9.0.0/16", Route.MAIN_TABLE)),
        "2c 00 00 00 19 00 05 00 ec 72 03 6b 00 00 00 00"
            + " 02 10 00 00 fe 00 ff 00 00 00 00 00 08 00 01 00"
            + " 0a 09 00 00 08 00 04 00 02 00 00 00");
  }

  @Test
  void shouldAskForTheRouteToAnAddress() {
    expect(
        Requests.routeTo(IpPrefix.parse("10.9.1.1/32"), 0),
        "24 00 00 00 1a 00 01 00 ec 72 03 6b 00 00 00 00"
            + " 02 20 00 00 00 00 00 00 00 10 00 00 08 00 01 00"
            + " 0a 09 01 01");
    expect(
        Requests.routeTo(IpPrefix.parse("fd09::1/128"), 0),
        "30 00 00 00 1a 00 01 00 ec 72 03 6b 00 00 00 00"
            + " 0a 80 00 00 00 00 00 00 00 00 00 00 14 00 01 00"
            + " fd 09 00 00 00 00 00 00 00 00 00 00 00 00 00 01");
  }

  @Test
  void shouldListTheRoutesOfATable() {
    // ip sends more zeros behind it than the length in the header says.
    expect(
        Requests.routes(false, 51820),
        "24 00 00 00 1a 00 01 03 ec 72 03 6b 00 00 00 00"
            + " 02 00 00 00 00 00 00 00 00 00 00 00 08 00 0f 00"
            + " 6c ca 00 00");
  }

  @Test
  void shouldAddTheRuleForWhatIsNotMarked() {
    expect(
        Requests.addRule(PolicyRule.unlessMarked(false, 51820, 51820)),
        "2c 00 00 00 20 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 02 00 00 00 00 00 00 01 02 00 00 00 08 00 0a 00"
            + " 6c ca 00 00 08 00 0f 00 6c ca 00 00");
  }

  @Test
  void shouldAddTheRuleThatPassesOverTheDefaultRoute() {
    expect(
        Requests.addRule(PolicyRule.mainWithoutDefault(false)),
        "24 00 00 00 20 00 05 06 ec 72 03 6b 00 00 00 00"
            + " 02 00 00 00 fe 00 00 01 00 00 00 00 08 00 0e 00"
            + " 00 00 00 00");
  }
}
