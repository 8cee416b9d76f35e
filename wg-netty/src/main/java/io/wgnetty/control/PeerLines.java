package io.wgnetty.control;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.counters.DropReason;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.peer.EndpointChange;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All that may be shown of peers, as lines of an answer; no secret is among them. */
final class PeerLines {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final AnswerWriter out;

  PeerLines(AnswerWriter out) {
    this.out = out;
  }

  void write(PeerDetails peer) throws OperationFailure {
    out.line("public_key", peer.publicKey().toHex());
    configured(peer);
    handshakeTime(peer.lastHandshakeEpochNs());
    if (peer.heardAgoNs() >= 0) {
      out.line("heard_ms_ago", peer.heardAgoNs() / NANOS_PER_MILLI);
    }
    out.line("rx_bytes", peer.receivedBytes());
    out.line("tx_bytes", peer.sentBytes());
    out.line("rx_packets", peer.receivedPackets());
    out.line("tx_packets", peer.sentPackets());
    drops(peer.drops(), out);
    out.line("loop", peer.ownerLoop());
    out.line("handshake_state", peer.handshake().word());
    out.line("handshake_attempt", peer.handshakeAttempt());
    session(peer.session());
    out.line("staged", peer.staged());
    out.line("endpoint_changes", peer.endpointChanges());
    for (EndpointChange place : peer.recentEndpoints()) {
      out.line("endpoint_was", place.epochNs() / NANOS_PER_MILLI + "," + place.endpoint());
    }
  }

  private void configured(PeerDetails peer) throws OperationFailure {
    if (peer.label() != null) {
      out.line("label", peer.label());
    }
    LimitLines.write(peer.limit(), peer.quotaUsedBytes(), out);
    if (peer.hasPresharedKey()) {
      out.line("has_preshared_key", "true");
    }
    if (peer.endpoint() != null) {
      out.line("endpoint", ScopeId.named(peer.endpoint()));
    }
    out.line("persistent_keepalive_interval", peer.keepaliveSeconds());
    for (IpPrefix prefix : peer.allowedIps()) {
      out.line("allowed_ip", prefix.toString());
    }
  }

  private void handshakeTime(long epochNs) throws OperationFailure {
    out.line("last_handshake_time_sec", epochNs / NANOS_PER_SECOND);
    out.line("last_handshake_time_nsec", epochNs % NANOS_PER_SECOND);
  }

  private void session(PeerDetails.@Nullable SessionDetails session) throws OperationFailure {
    if (session != null) {
      out.line("session_age_ms", session.ageNs() / NANOS_PER_MILLI);
      out.line("session_rekey_ms", session.rekeyInNs() / NANOS_PER_MILLI);
      out.line("session_expires_ms", session.expiresInNs() / NANOS_PER_MILLI);
      out.line("session_initiator", Boolean.toString(session.initiator()));
    }
  }

  /** {@code drop=REASON:COUNT} for each reason that there was. */
  static void drops(Map<DropReason, Long> drops, AnswerWriter out) throws OperationFailure {
    for (Map.Entry<DropReason, Long> drop : drops.entrySet()) {
      if (drop.getValue() != 0) {
        out.line("drop", drop.getKey().word() + ":" + drop.getValue());
      }
    }
  }
}
