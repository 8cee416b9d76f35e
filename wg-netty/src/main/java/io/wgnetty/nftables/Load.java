package io.wgnetty.nftables;

import java.util.List;

/** Expressions that bring something of the packet into register 1. */
public final class Load {
  private static final int IPV4_DESTINATION_OFFSET = 16;
  private static final int IPV6_DESTINATION_OFFSET = 24;

  private static final int TCP_FLAGS_OFFSET = 13;
  private static final byte TCP_SYN = 2;

  private Load() {}

  /** The name of the interface that it came in by. */
  public static Expression inputInterface() {
    return meta(Nft.NFT_META_IIFNAME);
  }

  /** The name of the interface that it leaves by. */
  public static Expression outputInterface() {
    return meta(Nft.NFT_META_OIFNAME);
  }

  /** Its mark. */
  public static Expression mark() {
    return meta(Nft.NFT_META_MARK);
  }

  /** The number of its transport protocol, one byte. */
  public static Expression transportProtocol() {
    return meta(Nft.NFT_META_L4PROTO);
  }

  private static Expression meta(int key) {
    return new Expression(
        "meta",
        data ->
            data.attributeBigEndian(Nft.NFTA_META_KEY, key)
                .attributeBigEndian(Nft.NFTA_META_DREG, Nft.NFT_REG_1));
  }

  /** The mark of its connection. */
  public static Expression connectionMark() {
    return new Expression(
        "ct",
        data ->
            data.attributeBigEndian(Nft.NFTA_CT_KEY, Nft.NFT_CT_MARK)
                .attributeBigEndian(Nft.NFTA_CT_DREG, Nft.NFT_REG_1));
  }

  /** Its destination address, 4 or 16 bytes. */
  public static Expression destinationAddress(FilterFamily family) {
    boolean ipv6 = family == FilterFamily.IP6;
    return new Expression(
        "payload",
        data ->
            data.attributeBigEndian(Nft.NFTA_PAYLOAD_DREG, Nft.NFT_REG_1)
                .attributeBigEndian(Nft.NFTA_PAYLOAD_BASE, Nft.NFT_PAYLOAD_NETWORK_HEADER)
                .attributeBigEndian(
                    Nft.NFTA_PAYLOAD_OFFSET,
                    ipv6 ? IPV6_DESTINATION_OFFSET : IPV4_DESTINATION_OFFSET)
                .attributeBigEndian(Nft.NFTA_PAYLOAD_LEN, ipv6 ? 16 : 4));
  }

  /** Of its TCP flags the one that begins a connection, one byte: not 0 if it is set. */
  public static List<Expression> tcpSyn() {
    return List.of(
        new Expression(
            "payload",
            data ->
                data.attributeBigEndian(Nft.NFTA_PAYLOAD_DREG, Nft.NFT_REG_1)
                    .attributeBigEndian(Nft.NFTA_PAYLOAD_BASE, Nft.NFT_PAYLOAD_TRANSPORT_HEADER)
                    .attributeBigEndian(Nft.NFTA_PAYLOAD_OFFSET, TCP_FLAGS_OFFSET)
                    .attributeBigEndian(Nft.NFTA_PAYLOAD_LEN, 1)),
        new Expression(
            "bitwise",
            data ->
                data.attributeBigEndian(Nft.NFTA_BITWISE_SREG, Nft.NFT_REG_1)
                    .attributeBigEndian(Nft.NFTA_BITWISE_DREG, Nft.NFT_REG_1)
                    .attributeBigEndian(Nft.NFTA_BITWISE_LEN, 1)
                    .nested(
                        Nft.NFTA_BITWISE_MASK,
                        mask -> mask.attribute(Nft.NFTA_DATA_VALUE, new byte[] {TCP_SYN}))
                    .nested(
                        Nft.NFTA_BITWISE_XOR,
                        xor -> xor.attribute(Nft.NFTA_DATA_VALUE, new byte[1]))));
  }

  /** What kind of address its source is to our routing tables, see {@link Compare#local}. */
  public static Expression sourceType() {
    return new Expression(
        "fib",
        data ->
            data.attributeBigEndian(Nft.NFTA_FIB_DREG, Nft.NFT_REG_1)
                .attributeBigEndian(Nft.NFTA_FIB_RESULT, Nft.NFT_FIB_RESULT_ADDRTYPE)
                .attributeBigEndian(Nft.NFTA_FIB_FLAGS, Nft.NFTA_FIB_F_SADDR));
  }
}
