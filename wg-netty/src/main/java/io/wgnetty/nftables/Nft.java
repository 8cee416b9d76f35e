package io.wgnetty.nftables;

/** Numbers of nf_tables, by their names in the kernel's headers. */
final class Nft {
  static final int NETLINK_NETFILTER = 12;

  static final int NLM_F_CREATE = 0x400;
  static final int NLM_F_APPEND = 0x800;

  static final int NFNL_SUBSYS_NFTABLES = 10;
  static final int NFNL_MSG_BATCH_BEGIN = 0x10;
  static final int NFNL_MSG_BATCH_END = 0x11;
  static final int NFNETLINK_V0 = 0;

  static final int NFT_MSG_NEWTABLE = 0;
  static final int NFT_MSG_GETTABLE = 1;
  static final int NFT_MSG_DELTABLE = 2;
  static final int NFT_MSG_NEWCHAIN = 3;
  static final int NFT_MSG_NEWRULE = 6;

  static final int NFTA_TABLE_NAME = 1;

  static final int NFTA_CHAIN_TABLE = 1;
  static final int NFTA_CHAIN_NAME = 3;
  static final int NFTA_CHAIN_HOOK = 4;
  static final int NFTA_CHAIN_POLICY = 5;
  static final int NFTA_CHAIN_TYPE = 7;
  static final int NFTA_HOOK_HOOKNUM = 1;
  static final int NFTA_HOOK_PRIORITY = 2;

  static final int NFTA_RULE_TABLE = 1;
  static final int NFTA_RULE_CHAIN = 2;
  static final int NFTA_RULE_EXPRESSIONS = 4;
  static final int NFTA_LIST_ELEM = 1;
  static final int NFTA_EXPR_NAME = 1;
  static final int NFTA_EXPR_DATA = 2;

  static final int NFT_REG_VERDICT = 0;
  static final int NFT_REG_1 = 1;
  static final int NFTA_DATA_VALUE = 1;
  static final int NFTA_DATA_VERDICT = 2;
  static final int NFTA_VERDICT_CODE = 1;

  static final int NFTA_META_DREG = 1;
  static final int NFTA_META_KEY = 2;
  static final int NFTA_META_SREG = 3;
  static final int NFT_META_MARK = 3;
  static final int NFT_META_IIFNAME = 6;
  static final int NFT_META_OIFNAME = 7;
  static final int NFT_META_L4PROTO = 16;

  static final int NFTA_CMP_SREG = 1;
  static final int NFTA_CMP_OP = 2;
  static final int NFTA_CMP_DATA = 3;
  static final int NFT_CMP_EQ = 0;
  static final int NFT_CMP_NEQ = 1;

  static final int NFTA_PAYLOAD_DREG = 1;
  static final int NFTA_PAYLOAD_BASE = 2;
  static final int NFTA_PAYLOAD_OFFSET = 3;
  static final int NFTA_PAYLOAD_LEN = 4;
  static final int NFT_PAYLOAD_NETWORK_HEADER = 1;
  static final int NFT_PAYLOAD_TRANSPORT_HEADER = 2;

  static final int NFTA_BITWISE_SREG = 1;
  static final int NFTA_BITWISE_DREG = 2;
  static final int NFTA_BITWISE_LEN = 3;
  static final int NFTA_BITWISE_MASK = 4;
  static final int NFTA_BITWISE_XOR = 5;

  static final int NFTA_RT_DREG = 1;
  static final int NFTA_RT_KEY = 2;
  static final int NFT_RT_TCPMSS = 3;

  static final int NFTA_BYTEORDER_SREG = 1;
  static final int NFTA_BYTEORDER_DREG = 2;
  static final int NFTA_BYTEORDER_OP = 3;
  static final int NFTA_BYTEORDER_LEN = 4;
  static final int NFTA_BYTEORDER_SIZE = 5;
  static final int NFT_BYTEORDER_HTON = 1;

  static final int NFTA_EXTHDR_TYPE = 2;
  static final int NFTA_EXTHDR_OFFSET = 3;
  static final int NFTA_EXTHDR_LEN = 4;
  static final int NFTA_EXTHDR_OP = 6;
  static final int NFTA_EXTHDR_SREG = 7;
  static final int NFT_EXTHDR_OP_TCPOPT = 1;

  static final int NFTA_FIB_DREG = 1;
  static final int NFTA_FIB_RESULT = 2;
  static final int NFTA_FIB_FLAGS = 3;
  static final int NFT_FIB_RESULT_ADDRTYPE = 3;
  static final int NFTA_FIB_F_SADDR = 1;
  static final int RTN_LOCAL = 2;

  static final int NFTA_CT_DREG = 1;
  static final int NFTA_CT_KEY = 2;
  static final int NFTA_CT_SREG = 4;
  static final int NFT_CT_MARK = 3;

  static final int NFTA_IMMEDIATE_DREG = 1;
  static final int NFTA_IMMEDIATE_DATA = 2;
  static final int NF_DROP = 0;

  private Nft() {}
}
