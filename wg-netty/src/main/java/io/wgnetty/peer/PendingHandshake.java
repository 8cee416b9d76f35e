package io.wgnetty.peer;

import io.wgnetty.protocol.InitiatorHandshake;
import org.jspecify.annotations.Nullable;

/**
 * An index that is reserved for a handshake of ours with a peer: either our initiation awaits a
 * response, or our response is being computed.
 */
public final class PendingHandshake implements IndexEntry {
  private static final int MAX_RESPONSES_IN_WORK = 8;

  private final Peer peer;
  private final int localIndex;
  private @Nullable InitiatorHandshake initiator;
  private long sentNs;
  private int responsesInWork;

  public PendingHandshake(Peer peer, int localIndex) {
    this.peer = peer;
    this.localIndex = localIndex;
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public int localIndex() {
    return localIndex;
  }

  /**
   * The initiation that was sent under this index; {@code null} before it is, and for responses.
   */
  public @Nullable InitiatorHandshake initiator() {
    return initiator;
  }

  public void initiated(InitiatorHandshake handshake, long nowNs) {
    this.initiator = handshake;
    this.sentNs = nowNs;
  }

  /** When the initiation was sent; meaningless without one. */
  public long sentNs() {
    return sentNs;
  }

  /**
   * Whether one more response may be looked at. Whoever has seen our index could send any number of
   * them, and only the peer's own leads to something.
   */
  public boolean mayTakeResponse() {
    return initiator != null && responsesInWork < MAX_RESPONSES_IN_WORK;
  }

  public void responseTaken() {
    responsesInWork++;
  }

  public void responseDone() {
    responsesInWork--;
  }

  public void wipe() {
    if (initiator != null) {
      initiator.wipe();
      initiator = null;
    }
  }
}
