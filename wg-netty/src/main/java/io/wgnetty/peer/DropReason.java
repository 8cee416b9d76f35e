package io.wgnetty.peer;

/**
 * Why a packet or a message went no further. Every drop has exactly one reason and is counted under
 * it.
 */
public enum DropReason {
  /**
   * Datagram too short, of unknown type, with non-zero reserved bytes or of the wrong length for
   * its type.
   */
  MALFORMED_MESSAGE,
  /** A transport message whose receiver index is no live session of ours. */
  UNKNOWN_INDEX,
  /** A transport message of a session that is too old to receive. */
  SESSION_EXPIRED,
  /** A transport message whose tag does not fit. */
  NOT_AUTHENTIC,
  /** An authentic transport message whose counter was seen before, or is too old to tell. */
  REPLAYED,
  /** The inner packet is neither IPv4 nor IPv6, or shorter than its header. */
  INNER_NOT_IP,
  /** The inner packet claims a length that it does not have. */
  INNER_LENGTH,
  /** The inner source address does not belong to the peer that sent the packet. */
  WRONG_SOURCE,
  /** The interface refused the packet. */
  TUN_REFUSED,
  /** What the interface says of a super-packet's segments does not fit the packet. */
  BAD_SUPER_PACKET,
  /** No peer's allowed IPs cover the destination. */
  NO_PEER,
  /** The peer has no known endpoint. */
  NO_ENDPOINT,
  /** The packet belonged to another loop, which is behind with its work already. */
  OWNER_BUSY,
  /** The packet waited longest for a session when too many did, or the handshake was given up. */
  STAGED_DROPPED,
  /** The socket refused the datagram. */
  UDP_REFUSED,
  /** A handshake message whose mac1 does not fit: its sender does not know our public key. */
  BAD_MAC1,
  /**
   * A handshake message without valid cookie while the node is under load; a cookie was sent
   * instead.
   */
  COOKIE_REQUIRED,
  /** A handshake message of a source that sends too many of them. */
  RATE_LIMITED,
  /** A handshake message for which the workers' queue had no place. */
  HANDSHAKE_QUEUE_FULL,
  /** A handshake message that failed its cryptographic checks, or came from an unknown peer. */
  HANDSHAKE_INVALID,
  /** An initiation whose timestamp is not newer than the last accepted one. */
  HANDSHAKE_REPLAYED,
  /** An initiation too soon after the last accepted one of this peer. */
  HANDSHAKE_TOO_SOON,
  /** A response or cookie reply that answers nothing we sent, or no longer. */
  HANDSHAKE_UNEXPECTED,
  /** A message that came while no private key is set. */
  NO_PRIVATE_KEY
}
