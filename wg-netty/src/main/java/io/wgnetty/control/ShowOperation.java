package io.wgnetty.control;

import io.wgnetty.cipher.AeadChoice;
import io.wgnetty.cipher.AeadChooser;
import io.wgnetty.cipher.AeadLoad;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.HandshakeCounts;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceCounters;
import io.wgnetty.device.DeviceSettings;
import io.wgnetty.device.LoopCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code do=show}: all that may be shown of the node and its peers, or of the peers that {@code
 * peer=} names. The keys are those of docs/management.md; where {@code get=1} has the same fact,
 * they are the same.
 */
public final class ShowOperation implements Operation {
  /** Peers that are asked for at a time: few enough to be no burden while the reader is slow. */
  static final int CHUNK_PEERS = 128;

  private final DeviceControl device;
  private final Facts more;
  private final long startedNs = System.nanoTime();

  /** More facts about a node. */
  @FunctionalInterface
  public interface Facts {
    void tell(AnswerWriter out) throws OperationFailure;
  }

  ShowOperation(DeviceControl device, Facts more) {
    this.device = device;
    this.more = more;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    List<PublicKey> keys = keys(arguments);
    node(out);
    var peers = new PeerLines(out);
    for (int from = 0; from < keys.size(); from += CHUNK_PEERS) {
      List<PublicKey> chunk = keys.subList(from, Math.min(from + CHUNK_PEERS, keys.size()));
      for (var details : device.details(chunk)) {
        peers.write(details);
      }
    }
  }

  private List<PublicKey> keys(Map<String, String> arguments) throws OperationFailure {
    String named = arguments.get("peer");
    if (named == null) {
      return device.peerKeys();
    }
    List<PublicKey> keys = new ArrayList<>();
    for (String hex : named.split(",", -1)) {
      try {
        keys.add(PublicKey.fromHex(hex));
      } catch (IllegalArgumentException e) {
        throw new OperationFailure("peer= takes keys of 64 hexadecimal digits");
      }
    }
    return keys;
  }

  private void node(AnswerWriter out) throws OperationFailure {
    out.line("implementation", "wg-netty");
    String version = ShowOperation.class.getPackage().getImplementationVersion();
    out.line("version", version == null ? "development" : version);
    out.line("uptime_seconds", (System.nanoTime() - startedNs) / TimeUnit.SECONDS.toNanos(1));
    settings(device.settings(), out);
    DeviceCounters counters = device.counters();
    LoopCounters sum = counters.sum();
    cipher(device.aead(), out);
    out.line("loops", counters.loops().size());
    out.line("longest_wait_us", TimeUnit.NANOSECONDS.toMicros(sum.longestWaitNs()));
    out.line("under_load", Boolean.toString(sum.underLoad()));
    out.line("peers", counters.peers().configured());
    out.line("peers_with_session", counters.peers().withSession());
    out.line("peers_heard_from", counters.peers().heardFrom());
    out.line("rx_packets", sum.traffic().packetsIn());
    out.line("rx_bytes", sum.traffic().bytesIn());
    out.line("tx_packets", sum.traffic().packetsOut());
    out.line("tx_bytes", sum.traffic().bytesOut());
    out.line("rx_keepalives", sum.traffic().keepalivesIn());
    out.line("tx_keepalives", sum.traffic().keepalivesOut());
    PeerLines.drops(sum.drops(), out);
    handshakes(sum.handshakes(), out);
    out.line("handshake_jobs", counters.handshakeJobs());
    out.line("staged", sum.queues().staged());
    out.line("mailbox", sum.queues().mailbox());
    out.line("pending_messages", sum.queues().pendingMessages());
    out.line("pending_bytes", sum.queues().pendingBytes());
    out.line("handed_over_out", sum.handedOver().outbound());
    out.line("handed_over_in", sum.handedOver().inbound());
    more.tell(out);
  }

  private static void cipher(@Nullable AeadProvider aead, AnswerWriter out)
      throws OperationFailure {
    out.line("cipher", aead == null ? "unknown" : aead.name());
    if (aead instanceof AeadChooser chooser && chooser.choice().packetNs(AeadLoad.MANY_LARGE) > 0) {
      AeadChoice choice = chooser.choice();
      out.line("cipher_ns", choice.packetNs(AeadLoad.MANY_LARGE));
      out.line("cipher_small", choice.name(AeadLoad.MANY_SMALL));
      out.line("cipher_small_ns", choice.packetNs(AeadLoad.MANY_SMALL));
      out.line("cipher_single", choice.name(AeadLoad.ONE_SMALL));
      out.line("cipher_single_ns", choice.packetNs(AeadLoad.ONE_SMALL));
    }
  }

  private static void settings(DeviceSettings settings, AnswerWriter out) throws OperationFailure {
    PrivateKey key = settings.privateKey();
    if (key != null) {
      out.line("own_public_key", key.publicKey(X25519Providers.fastest()).toHex());
    }
    out.line("listen_port", settings.listenPort());
    String notListening = settings.notListening();
    if (notListening != null) {
      out.line("not_listening", notListening);
    }
    out.line("fwmark", Integer.toUnsignedLong(settings.fwmark()));
  }

  private static void handshakes(HandshakeCounts counts, AnswerWriter out) throws OperationFailure {
    out.line("handshakes", "initiated_begun:" + counts.initiatedBegun());
    out.line("handshakes", "initiated_completed:" + counts.initiatedCompleted());
    out.line("handshakes", "initiated_failed:" + counts.initiatedFailed());
    out.line("handshakes", "answered_begun:" + counts.answeredBegun());
    out.line("handshakes", "answered_completed:" + counts.answeredCompleted());
    out.line("handshakes", "answered_failed:" + counts.answeredFailed());
    out.line("handshakes", "retransmissions:" + counts.retransmissions());
    out.line("handshakes", "given_up:" + counts.givenUp());
    out.line("handshakes", "cookies_sent:" + counts.cookiesSent());
    out.line("handshakes", "cookies_received:" + counts.cookiesReceived());
  }
}
