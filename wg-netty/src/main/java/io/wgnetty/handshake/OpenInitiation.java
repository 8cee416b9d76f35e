package io.wgnetty.handshake;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardState;
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

  private final ShardState receiver;
  private final LocalIdentity identity;
  private final InitiationMessage message;
  private final Endpoint source;
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
      ShardState receiver,
      LocalIdentity identity,
      InitiationMessage message,
      Endpoint source,
      long arrivedNs,
      @Nullable WorkBudget payer) {
    super(
        payer == null ? HandshakeLanes.Kind.PROVEN : HandshakeLanes.Kind.INCOMING,
        receiver.number());
    this.receiver = receiver;
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
              peer = receiver.directory().find(key);
              if (peer == null) {
                isKept = receiver.directory().callers().called(key, message, source);
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

  private void charge(long nowNs) {
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

  @Override
  public void complete(Handshakes owner, long nowNs) {
    Answers answers = owner.answers();
    if (!isOpened) {
      answers.initiationStale(source);
    } else if (!isKept
        && !answers.initiationOpened(identity, peer, handshake, source, nowNs)
        && handshake != null) {
      charge(nowNs); // a replay costs as much as what is forged
    }
  }
}
