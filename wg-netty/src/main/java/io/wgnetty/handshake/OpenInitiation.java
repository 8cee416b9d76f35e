package io.wgnetty.handshake;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out who sent an initiation, and whether it is genuine (protocol 2.2, on receipt). */
final class OpenInitiation extends HandshakeJob {
  /** The sender calls anew after 5 s, and then takes no answer to this any more. */
  private static final long OF_USE_NS = TimeUnit.MILLISECONDS.toNanos(4500);

  private final PeerDirectory directory;
  final LocalIdentity identity;
  private final InitiationMessage message;
  final Endpoint source;
  private final long arrivedNs;
  private final @Nullable WorkBudget payer;
  private @Nullable Peer peer;
  private @Nullable ResponderHandshake handshake;
  private boolean isOpened;
  private boolean isKept;
  private long workNs;

  /**
   * The work for a message that has just come.
   *
   * @param payer what is charged if the message comes to nothing; {@code null} for a source that
   *     has proved itself
   */
  OpenInitiation(
      int shard,
      PeerDirectory directory,
      LocalIdentity identity,
      InitiationMessage message,
      Endpoint source,
      long arrivedNs,
      @Nullable WorkBudget payer) {
    super(payer == null ? Kind.PROVEN : Kind.INCOMING, shard);
    this.directory = directory;
    this.identity = identity;
    this.message = message;
    this.source = source;
    this.arrivedNs = arrivedNs;
    this.payer = payer;
  }

  @Override
  public boolean isStale(long nowNs) {
    return nowNs - arrivedNs > OF_USE_NS;
  }

  @Override
  public void run(HandshakeCrypto crypto) {
    isOpened = true;
    handshake =
        ResponderHandshake.open(
            crypto,
            identity,
            message,
            key -> {
              peer = directory.find(key);
              if (peer == null) {
                isKept = directory.callers().called(key, message, source);
              }
              return peer == null ? null : peer.remote();
            });
  }

  @Override
  public void took(long workNs, long nowNs) {
    this.workNs = workNs;
    if (handshake == null) {
      charge(nowNs);
    }
  }

  /** It has come to nothing. */
  void charge(long nowNs) {
    if (payer != null) {
      payer.charge(workNs, nowNs);
    }
  }

  @Override
  public int owner() {
    return peer == null ? shard() : peer.shard().number();
  }

  @Override
  public void discard() {
    if (handshake != null) {
      handshake.wipe();
    }
  }

  /** Whether it was computed at all; not if it was stale by then. */
  boolean isOpened() {
    return isOpened;
  }

  /** Whether somebody keeps the message, to hand it in again when there is a peer for it. */
  boolean isKept() {
    return isKept;
  }

  /** Who calls, if it is a peer of ours. */
  @Nullable Peer peer() {
    return peer;
  }

  /** What is answered; {@code null} if the message is not genuine. */
  @Nullable ResponderHandshake handshake() {
    return handshake;
  }
}
