package io.wgnetty.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.netlink.RequestMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The messages byte by byte, as nft sends them on a little-endian machine. */
@EnabledIf("isLittleEndian")
class NftMessagesTest {
  private static final int SEQUENCE = 0x01020304;

  static boolean isLittleEndian() {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  private static void expect(RequestMessage message, String hex) {
    ByteBuffer bytes = message.bytes(SEQUENCE);
    byte[] sent = new byte[bytes.limit()];
    bytes.get(sent);
    assertThat(HexFormat.of().formatHex(sent)).isEqualTo(hex.replaceAll("\\s", ""));
  }

  private static RequestMessage rule(Expression... expressions) {
    var chain =
        new FilterChain(
            "c", FilterChain.Hook.PREROUTING, 0, List.of(new FilterRule(List.of(expressions))));
    var table = new FilterTable(FilterFamily.IP, "t", List.of(chain));
    return NftMessages.creation(table).getLast();
  }

  /** Header, table and chain of {@link #rule}, then a list of that many bytes. */
  private static String ruleWith(int listBytes, String list) {
    HexFormat hex = HexFormat.of();
    int total = 16 + 4 + 8 + 8 + 4 + listBytes;
    return hex.toHexDigits((byte) total)
        + "000000 060a 010c 04030201 00000000 02000000"
        + "0600 0100 74000000 0600 0200 63000000"
        + hex.toHexDigits((byte) (listBytes + 4))
        + "00 0480"
        + list;
  }

  @Test
  void shouldBeginAndEndABatch() {
    expect(NftMessages.begin(), "14000000 1000 0100 04030201 00000000 0000 000a");
    expect(NftMessages.end(), "14000000 1100 0100 04030201 00000000 0000 000a");
  }

  @Test
  void shouldMakeAndDeleteTables() {
    expect(
        NftMessages.newTable(FilterFamily.IP6, "t"),
        "1c000000 000a 0104 04030201 00000000 0a000000 0600 0100 74000000");
    expect(
        NftMessages.deleteTable(FilterFamily.IP, "t").acknowledge(),
        "1c000000 020a 0500 04030201 00000000 02000000 0600 0100 74000000");
  }

  @Test
  void shouldMakeAChainAtItsHook() {
    var chain = new FilterChain("c", FilterChain.Hook.POSTROUTING, -150, List.of());
    var table = new FilterTable(FilterFamily.IP, "t", List.of(chain));
    expect(
        NftMessages.creation(table).getLast(),
        "4c000000 030a 0104 04030201 00000000 02000000"
            + "0600 0100 74000000 0600 0300 63000000"
            + "1400 0480 0800 0100 00000004 0800 0200 ffffff6a"
            + "0800 0500 00000001 0b00 0700 66696c74 65720000");
  }

  @Test
  void shouldLoadAndCompare() {
    expect(
        rule(Load.transportProtocol(), Compare.equal(Compare.udp())),
        ruleWith(
            36 + 44,
            "2400 0180 0900 0100 6d657461 00000000 1400 0280"
                + "0800 0200 00000010 0800 0100 00000001"
                + "2c00 0180 0800 0100 636d7000 2000 0280"
                + "0800 0100 00000001 0800 0200 00000000 0c00 0380 0500 0100 11000000"));
  }

  @Test
  void shouldDrop() {
    expect(
        rule(Act.drop()),
        ruleWith(
            48,
            "3000 0180 0e00 0100 696d6d65 64696174 65000000 1c00 0280"
                + "0800 0100 00000000 1000 0280 0c00 0280 0800 0100 00000000"));
  }

  @Test
  void shouldSayWhatEachMessageIsFor() {
    String rules = "a rule of chain c";
    assertThat(rule(Act.drop())).extracting("subject").isEqualTo(rules);
  }

  @Test
  void shouldGrowWithARule() {
    Expression[] many = new Expression[300];
    java.util.Arrays.fill(many, Act.drop());
    ByteBuffer bytes = rule(many).bytes(SEQUENCE).order(ByteOrder.nativeOrder());
    assertThat(bytes.limit()).isEqualTo(40 + 300 * 48);
    assertThat(bytes.getInt(0)).isEqualTo(bytes.limit());
    assertThat(Short.toUnsignedInt(bytes.getShort(36))).isEqualTo(4 + 300 * 48);
  }
}
