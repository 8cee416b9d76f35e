package io.wgnetty.device;

import static java.util.stream.Collectors.groupingBy;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.peer.SleepingPeers;
import io.wgnetty.peer.UnknownCallers;
import io.wgnetty.pipeline.NanoClock;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.relay.NodeRelay;
import io.wgnetty.relay.RelayKeys;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.state.MalformedStateException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings configuration to the peers: what a peer's owner keeps is changed on the owner's thread,
 * the allowed IPs by the caller, who is their only writer.
 */
final class PeerConfiguration implements Callers, PeerSessions, AutoCloseable {
  private final DataLoops loops;
  private final PeerDirectory directory;
  private final AllowedIps<Peer> allowedIps;
  private final NanoClock clock;
  private final PeerLabels labels;
  private final PeerOwners owners;
  private final PeerLimits limits;
  private final ShardEvents events;
  private final @Nullable SessionNews news;
  private final FormerPeers former;
  private final FormerCalls calls;
  private @Nullable PublicKey ownKey;
  private boolean left;

  PeerConfiguration(
      DataLoops loops,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      NanoClock clock,
      DeviceOptions options) {
    this.loops = loops;
    this.directory = directory;
    this.allowedIps = allowedIps;
    this.clock = clock;
    this.labels = options.labels();
    this.news = options.news();
    this.events = options.events();
    directory.setCallers(telling(UnknownCallers.NONE));
    owners = new PeerOwners(loops, directory);
    limits = new PeerLimits(owners, clock);
    former = options.former();
    calls = new FormerCalls(options.tun().name(), owners, clock);
  }

  Limits limits() {
    return limits;
  }

  /** Our own public key, which is never a peer's. */
  void setOwnKey(@Nullable PublicKey key) {
    ownKey = key;
    former.belongTo(key);
  }

  List<PublicKey> keys() {
    return directory.all().stream().map(Peer::publicKey).toList();
  }

  void removeIfPresent(PublicKey key) {
    Peer peer = directory.find(key);
    if (peer != null) {
      remove(List.of(peer));
    }
  }

  /** Another process has the peers. */
  void leave() {
    left = true;
    calls.close();
  }

  private void requireHere() {
    if (left) {
      throw new IllegalStateException("another process has the peers of this interface");
    }
  }

  void removeAll() {
    requireHere();
    remove(List.copyOf(directory.all()));
  }

  /** Takes peers in that were this loop's in another process. */
  void inherit(DataLoop loop, List<InheritedPeer> inherited) {
    List<Peer> peers = new ArrayList<>(inherited.size());
    for (InheritedPeer each : inherited) {
      Peer peer = loop.shard().create(each.publicKey());
      if (directory.find(each.publicKey()) != null || each.publicKey().equals(ownKey)) {
        throw new MalformedStateException("a peer comes twice, or is this node");
      }
      directory.add(peer);
      loops.dealt().joins(loop.shard().number());
      labels.set(each.publicKey(), each.label());
      limits.remember(each.publicKey(), each.limit());
      each.allowedIps().forEach(prefix -> allowedIps.insert(prefix, peer));
      peers.add(peer);
    }
    loop.run(
        () -> {
          for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            loop.shard().adopt(peer);
            inherited.get(i).configure(peer, limits.terms(peer.publicKey()), clock.nowNs());
          }
        });
  }

  private void forget(Peer peer) {
    directory.remove(peer);
    labels.set(peer.publicKey(), null);
    limits.forget(peer.publicKey());
    former.forget(peer.publicKey());
    loops.dealt().leaves(peer.shard());
  }

  private void remove(List<Peer> peers) {
    for (Peer peer : peers) {
      allowedIps.removeAll(peer);
      forget(peer);
    }
    owners.visit(peers, PeerShard::remove);
  }

  /**
   * Makes the changes in order, with a visit or two to each loop however many there are.
   *
   * <p>A peer's keys and endpoint stand before packets find it. Allowed IPs come before others go,
   * over all changes: one that moves from peer to peer, or is in a list that replaces another, is
   * nobody's at no moment.
   */
  void apply(List<PeerChange> changes) {
    requireHere();
    List<Step> steps = new ArrayList<>(changes.size());
    try {
      for (PeerChange change : changes) {
        Step step = prepare(change);
        if (step != null) {
          steps.add(step);
        }
      }
    } finally {
      // Also when a change was refused: those before it stand.
      visit(steps, false, step -> perform(step, clock.nowNs()));
      steps.forEach(this::addAllowedIps);
      steps.forEach(this::dropAllowedIps);
      visit(steps, true, step -> shardOf(step.peer()).remove(step.peer()));
    }
  }

  private void visit(List<Step> steps, boolean removals, Consumer<Step> task) {
    steps.stream()
        .filter(step -> step.change().remove() == removals)
        .collect(groupingBy(step -> step.peer().shard()))
        .forEach((shard, owned) -> loops.of(shard).run(() -> owned.forEach(task)));
  }

  /** What is left to do when it is known which peer is meant. */
  private record Step(Peer peer, boolean isNew, PeerChange change) {}

  /** Finds or makes the peer; returns {@code null} if there is nothing to do. */
  private @Nullable Step prepare(PeerChange change) {
    PublicKey key = change.publicKey();
    Peer known = directory.find(key);
    if (key.equals(ownKey) || (known == null && (change.remove() || change.updateOnly()))) {
      return null;
    }
    Peer peer = known == null ? loops.dealt().forNewPeer().shard().create(key) : known;
    if (known == null) {
      if (directory.size() >= DeviceControl.MAX_PEERS) {
        throw new IllegalStateException(
            "an interface has at most " + DeviceControl.MAX_PEERS + " peers");
      }
      directory.add(peer);
    }
    if (change.remove()) {
      forget(peer);
    }
    return new Step(peer, known == null, change);
  }

  private void addAllowedIps(Step step) {
    PeerChange change = step.change();
    if (change.remove()) {
      return;
    }
    Peer peer = step.peer();
    if (change.beginsReplacement()) {
      allowedIps.beginReplacement(peer);
    }
    for (PeerChange.AllowedIp line : change.allowedIps()) {
      if (line.remove()) {
        allowedIps.remove(line.prefix(), peer);
      } else {
        allowedIps.insert(line.prefix(), peer);
      }
    }
  }

  private void dropAllowedIps(Step step) {
    if (step.change().remove()) {
      allowedIps.removeAll(step.peer());
    } else if (step.change().endsReplacement()) {
      allowedIps.endReplacement(step.peer());
    }
  }

  private void perform(Step step, long nowNs) {
    if (step.isNew()) {
      shardOf(step.peer()).adopt(step.peer());
      recall(step.peer());
    }
    change(step.peer(), step.change(), nowNs);
  }

  /** What is known of a new peer from before; configuration may then say otherwise. */
  private void recall(Peer peer) {
    PeerTrace trace = former.recall(peer.publicKey());
    if (trace == null) {
      return;
    }
    if (trace.timestamp() != null) {
      peer.handshake().knows(trace.timestamp());
    }
    if (trace.endpoint() != null) {
      peer.setEndpoint(trace.endpoint());
    }
    if (trace.label() != null && labels.get(peer.publicKey()) == null) {
      labels.set(peer.publicKey(), trace.label());
    }
    if (former.wasAlive(trace)) {
      calls.add(peer.publicKey());
    }
  }

  /** Nobody is called any more. */
  @Override
  public void close() {
    calls.close();
  }

  /** Where the name of a peer leads now. */
  void moveByName(PublicKey key, String name, Endpoint endpoint) {
    Peer peer = directory.find(key);
    if (peer == null) {
      return;
    }
    PeerShard shard = shardOf(peer);
    loops
        .of(peer.shard())
        .run(
            () -> {
              shard.counters().countMovedByName();
              shard.events().movedByName(peer, name, endpoint);
              shard.handshakes().setEndpoint(peer, endpoint, clock.nowNs());
              shard.configured(peer, clock.nowNs());
            });
  }

  private void change(Peer peer, PeerChange change, long nowNs) {
    if (change.presharedKey() != null) {
      peer.setPresharedKey(change.presharedKey());
    }
    if (change.endpoint() != null) {
      shardOf(peer).handshakes().setEndpoint(peer, change.endpoint(), nowNs);
    }
    if (change.keepaliveSeconds() != null) {
      shardOf(peer).setKeepalive(peer, change.keepaliveSeconds(), nowNs);
    }
    shardOf(peer).configured(peer, nowNs);
  }

  @Override
  public void listen(UnknownCallers listener, SleepingPeers sleepers) {
    directory.setCallers(telling(listener));
    directory.setSleepers(sleepers);
  }

  /** Also tells of keys that the listener has no use for. */
  private UnknownCallers telling(UnknownCallers listener) {
    return (key, message, source) -> {
      boolean kept = listener.called(key, message, source);
      if (!kept) {
        events.unknownKey(key, source);
      }
      return kept;
    };
  }

  @Override
  public List<PublicKey> formerlyAlive() {
    return former.alive();
  }

  @Override
  public void again(PublicKey key, InitiationMessage message, Endpoint source) {
    Peer peer = directory.find(key);
    if (peer != null) {
      loops.of(peer.shard()).answer(message, source);
    }
  }

  @Override
  public void send(PublicKey key, List<byte[]> packets) {
    Peer peer = directory.find(key);
    DataLoop loop = peer == null ? loops.all().getFirst() : loops.of(peer.shard());
    loop.sendLate(peer, packets);
  }

  @Override
  public void listen(Listener listener) {
    if (news != null) {
      directory.setStamps(listener);
      news.listen(listener);
    }
  }

  @Override
  public void leave(List<PublicKey> keys) {
    owners.visit(owners.find(keys), PeerShard::leave);
  }

  @Override
  public NodeRelay relay(InetSocketAddress address, RelayKeys keys) throws IOException {
    return loops.relay(address, keys);
  }

  private PeerShard shardOf(Peer peer) {
    return loops.of(peer.shard()).shard();
  }
}
