package io.wgnetty.peers.etcd;

import java.io.IOException;

/** A lease is over, and all that was written under it is gone. */
public final class LeaseOverException extends IOException {
  private static final long serialVersionUID = 1L;

  LeaseOverException(Throwable cause) {
    super("the lease is over", cause);
  }
}
