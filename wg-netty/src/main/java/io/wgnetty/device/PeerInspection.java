package io.wgnetty.device;

import static java.util.stream.Collectors.groupingBy;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardTables;
import io.wgnetty.pipeline.NanoClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells what is known of peers: by asking their owners, or at a glance from outside. */
final class PeerInspection {
  /** A session lives as long (protocol 1.3), and who is silent for as long is taken for gone. */
  private static final long ALIVE_NS = TimeUnit.MINUTES.toNanos(3);

  private final DataLoops loops;
  private final PeerDirectory directory;
  private final PeerOwners owners;
  private final AllowedIps<Peer> allowedIps;
  private final NanoClock clock;
  private final PeerLabels labels;
  private final Limits limits;

  PeerInspection(
      DataLoops loops,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      NanoClock clock,
      PeerLabels labels,
      Limits limits) {
    this.loops = loops;
    this.directory = directory;
    this.owners = new PeerOwners(loops, directory);
    this.allowedIps = allowedIps;
    this.clock = clock;
    this.labels = labels;
    this.limits = limits;
  }

  List<PeerSnapshot> snapshots(List<PublicKey> keys) {
    return ask(keys, this::snapshot, PeerSnapshot::publicKey);
  }

  List<PeerDetails> details(List<PublicKey> keys) {
    return ask(keys, this::detail, PeerDetails::publicKey);
  }

  List<PeerTrace> traces(List<PublicKey> keys) {
    return ask(keys, this::trace, PeerTrace::publicKey);
  }

  /** Asks the owners, each once for all of its peers; the answers are in the order of the keys. */
  private <T> List<T> ask(
      List<PublicKey> keys, Function<Peer, T> question, Function<T, PublicKey> keyOf) {
    List<Peer> found = owners.find(keys);
    Map<ShardTables, List<Peer>> byOwner = found.stream().collect(groupingBy(Peer::shard));
    Map<PublicKey, T> taken = new HashMap<>();
    byOwner.forEach(
        (shard, owned) ->
            loops
                .of(shard)
                .call(() -> owned.stream().map(question).toList())
                .forEach(answer -> taken.put(keyOf.apply(answer), answer)));
    return keys.stream().map(taken::get).filter(Objects::nonNull).toList();
  }

  private PeerSnapshot snapshot(Peer peer) {
    return new PeerSnapshot(
        peer.publicKey(),
        peer.presharedKey().copy(),
        peer.endpoint(),
        peer.keepaliveSeconds(),
        peer.lastHandshakeEpochNs(),
        peer.receivedBytes(),
        peer.sentBytes(),
        allowedIps.prefixes(peer));
  }

  private PeerTrace trace(Peer peer) {
    return new PeerTrace(
        peer.publicKey(),
        peer.endpoint(),
        peer.hasHandshake() ? peer.handshake().greatestTimestamp() : null,
        peer.lastHandshakeEpochNs(),
        labels.get(peer.publicKey()));
  }

  private PeerDetails detail(Peer peer) {
    long nowNs = clock.nowNs();
    return new PeerDetails(
        peer.publicKey(),
        labels.get(peer.publicKey()),
        limits.of(peer.publicKey()),
        limits.use().ofPeer(peer.publicKey()),
        !peer.presharedKey().isNone(),
        peer.endpoint(),
        peer.keepaliveSeconds(),
        allowedIps.prefixes(peer),
        peer.lastHandshakeEpochNs(),
        heardAgoNs(peer, nowNs),
        peer.receivedBytes(),
        peer.sentBytes(),
        peer.receivedPackets(),
        peer.sentPackets(),
        peer.drops(),
        peer.shard().number(),
        peer.handshakeState(nowNs),
        peer.handshakeAttempt(),
        session(peer.currentSession(), nowNs),
        peer.stagedPackets(),
        peer.endpointChanges(),
        peer.recentEndpoints());
  }

  private static PeerDetails.@Nullable SessionDetails session(
      @Nullable Session session, long nowNs) {
    return session == null
        ? null
        : new PeerDetails.SessionDetails(
            session.ageNs(nowNs),
            session.rekeyInNs(nowNs),
            session.expiresInNs(nowNs),
            session.isInitiator());
  }

  /** From outside: what is read here may be read by any thread. */
  List<PeerTraffic> traffic() {
    long nowNs = clock.nowNs();
    List<PeerTraffic> all = new ArrayList<>(directory.size());
    for (Peer peer : directory.all()) {
      all.add(
          new PeerTraffic(
              peer.publicKey(),
              peer.receivedBytes(),
              peer.sentBytes(),
              peer.lastHandshakeEpochNs(),
              heardAgoNs(peer, nowNs)));
    }
    return all;
  }

  private static long heardAgoNs(Peer peer, long nowNs) {
    long heardNs = peer.heardNs();
    return heardNs == Peer.NEVER_HEARD ? -1 : Math.max(0, nowNs - heardNs);
  }

  /** From outside, as above. */
  DeviceCounters.PeerPopulation population() {
    long nowNs = clock.nowNs();
    long handshakeSinceEpochNs = WallClock.epochNs() - ALIVE_NS;
    int configured = 0;
    int withSession = 0;
    int heardFrom = 0;
    for (Peer peer : directory.all()) {
      configured++;
      withSession += peer.lastHandshakeEpochNs() > handshakeSinceEpochNs ? 1 : 0;
      long heardNs = peer.heardNs();
      heardFrom += heardNs != Peer.NEVER_HEARD && nowNs - heardNs < ALIVE_NS ? 1 : 0;
    }
    return new DeviceCounters.PeerPopulation(configured, withSession, heardFrom);
  }
}
