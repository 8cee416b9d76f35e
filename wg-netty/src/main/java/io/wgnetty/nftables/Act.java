package io.wgnetty.nftables;

import java.util.List;

/** Expressions that do something with the packet. */
public final class Act {
  /** The TCP option of the segment size: kind, length, two bytes of it (RFC 9293, 3.2). */
  private static final byte TCPOPT_MAXSEG = 2;

  private static final int TCPOPT_MAXSEG_VALUE_OFFSET = 2;

  private Act() {}

  /** Drops it; nothing is asked about it any more. */
  public static Expression drop() {
    return new Expression(
        "immediate",
        data ->
            data.attributeBigEndian(Nft.NFTA_IMMEDIATE_DREG, Nft.NFT_REG_VERDICT)
                .nested(
                    Nft.NFTA_IMMEDIATE_DATA,
                    value ->
                        value.nested(
                            Nft.NFTA_DATA_VERDICT,
                            verdict ->
                                verdict.attributeBigEndian(Nft.NFTA_VERDICT_CODE, Nft.NF_DROP))));
  }

  /** Has its connection leave with the address of the interface that it leaves by. */
  public static Expression masquerade() {
    return new Expression("masq", data -> {});
  }

  /**
   * Lowers the segment size that a TCP SYN announces to what fits the path both ways, as the kernel
   * knows it; never raises it.
   */
  public static List<Expression> fitSegmentSize() {
    return List.of(
        new Expression(
            "rt",
            data ->
                data.attributeBigEndian(Nft.NFTA_RT_KEY, Nft.NFT_RT_TCPMSS)
                    .attributeBigEndian(Nft.NFTA_RT_DREG, Nft.NFT_REG_1)),
        new Expression(
            "byteorder",
            data ->
                data.attributeBigEndian(Nft.NFTA_BYTEORDER_SREG, Nft.NFT_REG_1)
                    .attributeBigEndian(Nft.NFTA_BYTEORDER_DREG, Nft.NFT_REG_1)
                    .attributeBigEndian(Nft.NFTA_BYTEORDER_OP, Nft.NFT_BYTEORDER_HTON)
                    .attributeBigEndian(Nft.NFTA_BYTEORDER_LEN, Short.BYTES)
                    .attributeBigEndian(Nft.NFTA_BYTEORDER_SIZE, Short.BYTES)),
        new Expression(
            "exthdr",
            data ->
                data.attributeBigEndian(Nft.NFTA_EXTHDR_SREG, Nft.NFT_REG_1)
                    .attribute(Nft.NFTA_EXTHDR_TYPE, new byte[] {TCPOPT_MAXSEG})
                    .attributeBigEndian(Nft.NFTA_EXTHDR_OFFSET, TCPOPT_MAXSEG_VALUE_OFFSET)
                    .attributeBigEndian(Nft.NFTA_EXTHDR_LEN, Short.BYTES)
                    .attributeBigEndian(Nft.NFTA_EXTHDR_OP, Nft.NFT_EXTHDR_OP_TCPOPT)));
  }

  /** Gives it the mark that is in register 1. */
  public static Expression setMark() {
    return new Expression(
        "meta",
        data ->
            data.attributeBigEndian(Nft.NFTA_META_KEY, Nft.NFT_META_MARK)
                .attributeBigEndian(Nft.NFTA_META_SREG, Nft.NFT_REG_1));
  }

  /** Gives its connection the mark that is in register 1. */
  public static Expression setConnectionMark() {
    return new Expression(
        "ct",
        data ->
            data.attributeBigEndian(Nft.NFTA_CT_KEY, Nft.NFT_CT_MARK)
                .attributeBigEndian(Nft.NFTA_CT_SREG, Nft.NFT_REG_1));
  }
}
