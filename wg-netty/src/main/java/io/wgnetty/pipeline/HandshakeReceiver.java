package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.shard.PeerShard;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where handshake messages leave the inbound chain: each is checked as far as that is cheap (mac1,
 * cookie, rate) and only then costs the workers anything.
 */
public final class HandshakeReceiver {
  private final PeerShard shard;
  private final DatagramOutput udp;
  private final IntSupplier waiting;
  private @Nullable HandshakeAdmission admission;
  private boolean loaded;

  /** {@code waiting} tells how many initiations of unproven sources wait for the workers. */
  public HandshakeReceiver(PeerShard shard, DatagramOutput udp, IntSupplier waiting) {
    this.shard = shard;
    this.udp = udp;
    this.waiting = waiting;
  }

  /** The admission rules for the current private key; {@code null} while there is none. */
  public void setAdmission(@Nullable HandshakeAdmission admission) {
    this.admission = admission;
  }

  /** Whether sources have to prove themselves at this moment. */
  public boolean isUnderLoad(long nowNs) {
    return admission != null && admission.isUnderLoad(nowNs);
  }

  /**
   * Takes a message that is not transport data; returns why it was dropped, {@code null} if it was
   * not.
   */
  @Nullable DropReason receive(byte[] bytes, Endpoint source, long nowNs) {
    HandshakeMessage message = HandshakeMessage.parse(bytes);
    if (message == null) {
      return DropReason.MALFORMED_MESSAGE;
    }
    if (message instanceof CookieReplyMessage reply) {
      // Bypasses mac1 and load: it is bound to the mac1 of a message that we sent (protocol 2.7).
      shard.handshakes().received(reply, nowNs);
      return null;
    }
    HandshakeAdmission rules = admission;
    if (rules == null) {
      return DropReason.NO_PRIVATE_KEY;
    }
    if (message instanceof ResponseMessage response) {
      return receive(response, rules, source);
    }
    return receive((InitiationMessage) message, rules, source, nowNs);
  }

  /** A response has to answer an attempt of ours, of which only its receiver knows the index. */
  private @Nullable DropReason receive(
      ResponseMessage response, HandshakeAdmission rules, Endpoint source) {
    PendingHandshake pending = shard.handshakes().awaiting(response);
    if (pending == null) {
      shard.handshakes().unexpected(source);
    } else if (!rules.knowsUs(response.bytes())) {
      return DropReason.BAD_MAC1;
    } else {
      shard.handshakes().received(response, pending, source);
    }
    return null;
  }

  private @Nullable DropReason receive(
      InitiationMessage initiation, HandshakeAdmission rules, Endpoint source, long nowNs) {
    HandshakeAdmission.Decision decision =
        rules.decide(initiation.bytes(), source, waiting.getAsInt(), nowNs);
    noticeLoad(nowNs);
    return switch (decision) {
      case DROP_QUEUE_FULL -> DropReason.HANDSHAKE_QUEUE_FULL;
      case DROP_BAD_MAC1 -> DropReason.BAD_MAC1;
      case DROP_RATE_LIMITED -> DropReason.RATE_LIMITED;
      case REPLY_WITH_COOKIE -> {
        udp.send(rules.cookieReply(initiation.bytes(), source, nowNs), source, 0);
        shard.counters().countCookieSent();
        shard.events().cookieSent(source);
        yield DropReason.COOKIE_REQUIRED;
      }
      case PROCESS -> {
        shard.handshakes().received(initiation, source, nowNs, rules.strangers());
        yield null;
      }
      case PROCESS_PROVEN -> {
        shard.handshakes().received(initiation, source, nowNs, null);
        yield null;
      }
    };
  }

  /** Tells when load begins and ends: to be asked now and then, also while no messages come. */
  public void noticeLoad(long nowNs) {
    boolean now = isUnderLoad(nowNs);
    if (now != loaded) {
      loaded = now;
      if (now) {
        shard.events().loadBegan(shard.number());
      } else {
        shard.events().loadEnded(shard.number());
      }
    }
  }
}
