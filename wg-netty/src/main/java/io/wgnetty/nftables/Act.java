package io.wgnetty.nftables;

/** Expressions that do something with the packet. */
public final class Act {
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
