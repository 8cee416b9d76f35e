package io.wgnetty.peers.etcd;

import java.io.IOException;

/** What etcd says of a request that it does not do. */
final class EtcdException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What it may be about. */
  enum Reason {
    /** A revision is wanted that is no longer kept. */
    COMPACTED,
    /** The token is too old, or there is none. */
    TOKEN,
    /** A lease is over. */
    LEASE,
    /** A transaction has more operations than it was configured for. */
    TOO_MANY,
    OTHER
  }

  private final Reason reason;

  EtcdException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
