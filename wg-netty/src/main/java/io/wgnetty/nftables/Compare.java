package io.wgnetty.nftables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Expressions that end the rule for packets whose register 1 is another than this. */
public final class Compare {
  /** Names of interfaces are compared as the kernel keeps them, with their NUL. */
  private static final int INTERFACE_NAME_BYTES = 16;

  private static final int TCP = 6;
  private static final int UDP = 17;

  private Compare() {}

  public static Expression equal(byte[] value) {
    return compare(Nft.NFT_CMP_EQ, value);
  }

  public static Expression notEqual(byte[] value) {
    return compare(Nft.NFT_CMP_NEQ, value);
  }

  /** A mark, or another number of the kernel's own. */
  public static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  public static byte[] interfaceName(String name) {
    return Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), INTERFACE_NAME_BYTES);
  }

  /** The transport protocol UDP. */
  public static byte[] udp() {
    return new byte[] {UDP};
  }

  /** The transport protocol TCP. */
  public static byte[] tcp() {
    return new byte[] {TCP};
  }

  /** The kind of address that is this host's. */
  public static byte[] local() {
    return number(Nft.RTN_LOCAL);
  }

  private static Expression compare(int operator, byte[] value) {
    byte[] copy = value.clone();
    return new Expression(
        "cmp",
        data ->
            data.attributeBigEndian(Nft.NFTA_CMP_SREG, Nft.NFT_REG_1)
                .attributeBigEndian(Nft.NFTA_CMP_OP, operator)
                .nested(Nft.NFTA_CMP_DATA, inner -> inner.attribute(Nft.NFTA_DATA_VALUE, copy)));
  }
}
