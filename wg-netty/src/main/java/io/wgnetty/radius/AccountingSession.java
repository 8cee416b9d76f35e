package io.wgnetty.radius;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A time in which a peer is connected. Has one thread. */
final class AccountingSession {
  /** A request has 4,096 bytes, and a peer may have a hundred thousand prefixes. */
  private static final int MAX_PREFIXES = 16;

  final PublicKey key;
  final String id;
  final long begunNs;

  /** The peer's counters when it began. */
  final Traffic before;

  /** The counters as they were last seen. */
  Traffic seen;

  long nextInterimNs;
  private String user;
  private @Nullable String place;
  private List<IpPrefix> prefixes = List.of();

  /** Whether a record of it waits for an answer: the next ones come after that. */
  boolean underWay;

  final Queue<AccountingRecord> held = new ArrayDeque<>(1);

  AccountingSession(PublicKey key, String id, long begunNs, Traffic before) {
    this.key = key;
    this.id = id;
    this.begunNs = begunNs;
    this.before = before;
    this.seen = before;
    this.user = key.toBase64();
  }

  static Traffic traffic(PeerDetails details) {
    return new Traffic(
        details.receivedBytes(),
        details.sentBytes(),
        details.receivedPackets(),
        details.sentPackets());
  }

  /** The peer as it is now. */
  void see(PeerDetails details) {
    seen = traffic(details);
    String label = details.label();
    user = label == null ? key.toBase64() : label;
    Endpoint endpoint = details.endpoint();
    place = endpoint == null ? null : endpoint.withoutLocal().toString();
    prefixes =
        List.copyOf(
            details.allowedIps().subList(0, Math.min(MAX_PREFIXES, details.allowedIps().size())));
  }

  /** The peer's name, or its key if it has none. */
  String user() {
    return user;
  }

  /** From where the peer calls, if that is known. */
  @Nullable String place() {
    return place;
  }

  /** Its first prefixes. */
  List<IpPrefix> prefixes() {
    return prefixes;
  }
}
