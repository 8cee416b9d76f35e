package io.wgnetty.counters;

import java.util.Locale;

/**
 * Where on its way through a node a packet or message was dropped: a stage of one of the chains.
 */
public enum DropStage {
  MESSAGE_DECODER(Chain.INBOUND),
  TRANSPORT_DECRYPTOR(Chain.INBOUND),
  REPLAY_FILTER(Chain.INBOUND),
  ALLOWED_IPS_FILTER(Chain.INBOUND),
  INBOUND_SHAPER(Chain.INBOUND),
  TUN_WRITER(Chain.INBOUND),
  PACKET_DECODER(Chain.OUTBOUND),
  PEER_ROUTER(Chain.OUTBOUND),
  OWNER_SELECTOR(Chain.OUTBOUND),
  OUTBOUND_SHAPER(Chain.OUTBOUND),
  /** Where packets wait for a session. */
  NONCE_ASSIGNER(Chain.OUTBOUND),
  TRANSPORT_ENCRYPTOR(Chain.OUTBOUND),
  UDP_WRITER(Chain.OUTBOUND),
  /** What is looked at before a handshake message costs the workers anything. */
  ADMISSION(Chain.HANDSHAKE),
  /** The workers' computation, and what the owner makes of its result. */
  HANDSHAKES(Chain.HANDSHAKE);

  /** The ways through a node. */
  public enum Chain {
    /** From the network to the interface. */
    INBOUND,
    /** From the interface to the network. */
    OUTBOUND,
    /** Handshake messages, which leave the inbound chain at its first stage. */
    HANDSHAKE;

    /** As it is written in metrics and texts. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Chain chain;

  DropStage(Chain chain) {
    this.chain = chain;
  }

  public Chain chain() {
    return chain;
  }

  /** As it is written in metrics and texts: {@code allowed-ips-filter}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
