package io.wgnetty.counters;

import java.util.Locale;

/**
 * Why a packet or a message went no further. Every drop has exactly one reason and is counted under
 * it; every reason belongs to one stage.
 */
public enum DropReason {
  /**
   * Datagram too short, of unknown type, with non-zero reserved bytes or of the wrong length for
   * its type.
   */
  MALFORMED_MESSAGE(DropStage.MESSAGE_DECODER),
  /** A transport message whose receiver index is no live session of ours. */
  UNKNOWN_INDEX(DropStage.MESSAGE_DECODER),
  /**
   * A transport message of a session that is too old to receive, or that ended while another loop
   * opened the message.
   */
  SESSION_EXPIRED(DropStage.MESSAGE_DECODER),
  /** The datagram came shortly before the interface was set up, or after it was set down. */
  LINK_DOWN(DropStage.MESSAGE_DECODER),
  /** The datagram belonged to another loop, which is behind with its work already. */
  DATAGRAM_OWNER_BUSY(DropStage.MESSAGE_DECODER),
  /**
   * A message for a session of another node of the cluster, to which nothing hands it on: it is not
   * in the list of nodes, or hand-on is not configured.
   */
  WRONG_NODE(DropStage.MESSAGE_DECODER),
  /** The same, where more came than are handed on in a second, or a larger one than is. */
  RELAY_LIMIT(DropStage.MESSAGE_DECODER),
  /** A transport message whose tag does not fit. */
  NOT_AUTHENTIC(DropStage.TRANSPORT_DECRYPTOR),
  /**
   * A transport message whose counter was seen before, or is too old to tell; one that came long
   * ago has not been opened again.
   */
  REPLAYED(DropStage.REPLAY_FILTER),
  /** The inner packet that a peer sent is neither IPv4 nor IPv6, or shorter than its header. */
  INNER_NOT_IP(DropStage.ALLOWED_IPS_FILTER),
  /** The inner packet that a peer sent claims a length that it does not have. */
  INNER_LENGTH(DropStage.ALLOWED_IPS_FILTER),
  /** The inner source address does not belong to the peer that sent the packet. */
  WRONG_SOURCE(DropStage.ALLOWED_IPS_FILTER),
  /** The peer sends more than its limit, and too many of its packets wait already. */
  RECEIVE_LIMIT(DropStage.INBOUND_SHAPER),
  /** The peers of a group send more than its limit, and too many of their packets wait already. */
  RECEIVE_GROUP_LIMIT(DropStage.INBOUND_SHAPER),
  /** The quota of the peer, or of its group, is used up: nothing, or no more, comes from it. */
  RECEIVE_QUOTA(DropStage.INBOUND_SHAPER),
  /** The interface refused the packet. */
  TUN_REFUSED(DropStage.TUN_WRITER),
  /** What the interface brought is neither IPv4 nor IPv6, or shorter than its header. */
  PACKET_NOT_IP(DropStage.PACKET_DECODER),
  /** What the interface brought claims a length that it does not have. */
  PACKET_LENGTH(DropStage.PACKET_DECODER),
  /** What the interface says of a super-packet's segments does not fit the packet. */
  BAD_SUPER_PACKET(DropStage.PACKET_DECODER),
  /** No peer's allowed IPs cover the destination. */
  NO_PEER(DropStage.PEER_ROUTER),
  /** The peer has no known endpoint. */
  NO_ENDPOINT(DropStage.PEER_ROUTER),
  /** The peer sleeps, and could not be woken, or too much waits for that already. */
  PEER_ASLEEP(DropStage.PEER_ROUTER),
  /** The packet belonged to another loop, which is behind with its work already. */
  OWNER_BUSY(DropStage.OWNER_SELECTOR),
  /** More goes to the peer than its limit, and too many packets for it wait already. */
  SEND_LIMIT(DropStage.OUTBOUND_SHAPER),
  /** More goes to the peers of a group than its limit, and too many packets wait already. */
  SEND_GROUP_LIMIT(DropStage.OUTBOUND_SHAPER),
  /** The quota of the peer, or of its group, is used up: nothing, or no more, goes to it. */
  SEND_QUOTA(DropStage.OUTBOUND_SHAPER),
  /** The packet waited longest for a session when too many did, or the handshake was given up. */
  STAGED_DROPPED(DropStage.NONCE_ASSIGNER),
  /** The packet waited longest of all peers' when together they took too much memory. */
  STAGED_MEMORY_FULL(DropStage.NONCE_ASSIGNER),
  /** The session ended while another loop sealed the packet. */
  SESSION_ENDED(DropStage.TRANSPORT_ENCRYPTOR),
  /** The socket refused the datagram. */
  UDP_REFUSED(DropStage.UDP_WRITER),
  /** A handshake message whose mac1 does not fit: its sender does not know our public key. */
  BAD_MAC1(DropStage.ADMISSION),
  /**
   * A handshake message without valid cookie while the node is under load; a cookie was sent
   * instead.
   */
  COOKIE_REQUIRED(DropStage.ADMISSION),
  /** A handshake message of a source that sends too many of them. */
  RATE_LIMITED(DropStage.ADMISSION),
  /** A message that came while no private key is set. */
  NO_PRIVATE_KEY(DropStage.ADMISSION),
  /** A handshake message for which the workers' queue had no place. */
  HANDSHAKE_QUEUE_FULL(DropStage.HANDSHAKES),
  /** An initiation that waited for the workers until its sender had begun anew. */
  HANDSHAKE_STALE(DropStage.HANDSHAKES),
  /** A handshake message that failed its cryptographic checks, or came from an unknown peer. */
  HANDSHAKE_INVALID(DropStage.HANDSHAKES),
  /** An initiation whose timestamp is not newer than the last accepted one. */
  HANDSHAKE_REPLAYED(DropStage.HANDSHAKES),
  /** An initiation too soon after the last accepted one of this peer. */
  HANDSHAKE_TOO_SOON(DropStage.HANDSHAKES),
  /** A response or cookie reply that answers nothing we sent, or no longer. */
  HANDSHAKE_UNEXPECTED(DropStage.HANDSHAKES),
  /** A handshake message of ours that the socket refused. */
  HANDSHAKE_REFUSED(DropStage.HANDSHAKES);

  private final DropStage stage;

  DropReason(DropStage stage) {
    this.stage = stage;
  }

  /** Where it is found out and counted. */
  public DropStage stage() {
    return stage;
  }

  /** As it is written in metrics and texts: {@code not-authentic}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
