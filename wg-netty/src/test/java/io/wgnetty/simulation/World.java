package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.shard.ShardInspection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Nodes, the network between them, the traffic, and the rule that it gets through. Everything in it
 * follows from one seed.
 */
final class World {
  /**
   * Until traffic that both sides offer gets through again, in a network that has become healthy.
   *
   * <p>A side that hears nothing for 15 s (and jitter) after it sent initiates, if it did not
   * already (protocol 3.4). Each try costs 5 s, jitter and the way there and back. A try may be
   * lost to the gate after an own message, to a cookie demanded by either side (two tries each, if
   * the secret grows too old meanwhile), to a message of before, or to a collision, in which both
   * wait for their jitter anew: with at most 44 ms between sending and acceptance, and 334 ms of
   * jitter, one in four collides again. Ten tries in a row do so once in a million, and giving up
   * after 20 does not count, since the next packet begins anew.
   */
  static final long BOUND_NS = MILLISECONDS.toNanos(15_334 + 16 * 5_434);

  /**
   * The same if only one side can open a handshake, because the other's clock is behind what it
   * once said, or does not know where we are, or has nothing to send: a one-sided loss of sessions
   * may then stay unnoticed until the session is too old (protocol 1.3).
   */
  static final long ONE_SIDED_BOUND_NS = BOUND_NS + SECONDS.toNanos(180);

  private static final long LOOK_CLOSELY_NS = SECONDS.toNanos(10);

  private final EventQueue time = new EventQueue();
  private final EventLog log = new EventLog(time);
  private final Set<Long> sendingKeys = new HashSet<>();
  private final SplittableRandom random;
  private final PacketLedger ledger;
  private final SimulatedNetwork network;
  private final SimulatedNode[] nodes;
  private final PrivateKey[] keys;
  private final int[] initiations;
  private final int[] mtus;
  private final List<Flow> flows = new ArrayList<>();
  private final Fault fault;
  private Runnable whenInitiating = () -> {};

  World(long seed, int size, Fault fault) {
    random = new SplittableRandom(seed);
    ledger = new PacketLedger(random.nextLong());
    nodes = new SimulatedNode[size];
    keys = new PrivateKey[size];
    initiations = new int[size];
    mtus = new int[size];
    this.fault = fault;
    network = new SimulatedNetwork(this, size, random.split());
    for (int i = 0; i < size; i++) {
      keys[i] = PrivateKey.generate(random);
      mtus[i] = random.nextBoolean() ? 1420 : random.nextInt(1280, 1501);
      start(i, 0);
    }
  }

  EventQueue time() {
    return time;
  }

  EventLog log() {
    return log;
  }

  SimulatedNetwork network() {
    return network;
  }

  PacketLedger ledger() {
    return ledger;
  }

  SimulatedNode node(int number) {
    return nodes[number];
  }

  int size() {
    return nodes.length;
  }

  List<Flow> flows() {
    return flows;
  }

  Set<Long> sendingKeys() {
    return sendingKeys;
  }

  /** How many initiations a node has sent, in all its lives. */
  int initiationsOf(int node) {
    return initiations[node];
  }

  void initiationSent(int node) {
    initiations[node]++;
    whenInitiating.run();
  }

  /**
   * Lets something happen whenever an initiation is sent: the moments at which most can go wrong.
   */
  void whenInitiating(Runnable action) {
    whenInitiating = action;
  }

  // ---- nodes and what their operators do

  private void start(int number, long clockErrorNs) {
    // The node wipes its key in the end; the operator keeps the file.
    PrivateKey key = keys[number].copy();
    nodes[number] =
        new SimulatedNode(number, this, key, clockErrorNs, mtus[number], fault, random.split());
    nodes[number].up();
  }

  /** Lets two nodes be peers; returns the flow from the first to the second. */
  Flow connect(int a, int b) {
    Flow there = new Flow(flows.size(), a, b, publicKey(b));
    Flow back = new Flow(flows.size() + 1, b, a, publicKey(a));
    there.join(back);
    flows.add(there);
    flows.add(back);
    configure(there, network.addressOf(b));
    configure(back, network.addressOf(a));
    return there;
  }

  void configure(Flow flow, Endpoint endpoint) {
    nodes[flow.from].addPeer(flow, endpoint);
  }

  /** The receiver of a flow as its sender knows it; {@code null} while it is not configured. */
  Peer peer(Flow flow) {
    return nodes[flow.from].peer(flow.knownKey);
  }

  void setPresharedKey(Flow flow, byte[] key) {
    flow.presharedKey = key;
    applyTo(flow);
  }

  void setKeepalive(Flow flow, int seconds) {
    flow.keepaliveSeconds = seconds;
    applyTo(flow);
  }

  private void applyTo(Flow flow) {
    Peer peer = peer(flow);
    if (peer != null) {
      PresharedKey key = PresharedKey.of(flow.presharedKey);
      nodes[flow.from].changePeer(peer, key, flow.keepaliveSeconds);
    }
  }

  void removePeer(Flow flow) {
    Peer peer = peer(flow);
    if (peer != null) {
      nodes[flow.from].removePeer(peer);
    }
  }

  /** Gives a node a new private key. The others do not know of it yet. */
  void changeKey(int node) {
    keys[node] = PrivateKey.generate(random);
    nodes[node].setPrivateKey(keys[node].copy());
  }

  /** Tells the sender of a flow its receiver's public key of today. */
  void learnKey(Flow flow) {
    if (!flow.knownKey.equals(publicKey(flow.to))) {
      removePeer(flow);
      flow.knownKey = publicKey(flow.to);
      configure(flow, network.addressOf(flow.to));
    }
  }

  private PublicKey publicKey(int node) {
    return nodes[node].identity().publicKey();
  }

  /** The node forgets everything but its configuration, in which not every endpoint is. */
  void restart(int number, long clockErrorNs, boolean orderly) {
    if (orderly) {
      shutDown(number);
    }
    nodes[number].die();
    start(number, clockErrorNs);
    for (Flow flow : flows) {
      if (flow.from == number) {
        configure(flow, random.nextInt(4) == 0 ? null : network.addressOf(flow.to));
      }
    }
  }

  private void shutDown(int number) {
    nodes[number].removeAllPeers();
    String remains = nodes[number].remains();
    if (!remains.isEmpty()) {
      throw new Violation("node " + number + " without peers still has " + remains);
    }
  }

  /** Takes every peer away; nothing may be left, not even after the last job has come back. */
  void end() {
    flows.forEach(flow -> talk(flow, Flow.SILENT));
    for (int i = 0; i < nodes.length; i++) {
      shutDown(i);
    }
    time.runFor(SECONDS.toNanos(60));
    for (int i = 0; i < nodes.length; i++) {
      shutDown(i);
      nodes[i].die();
    }
  }

  /** Frees memory without asking any more questions. */
  void discard() {
    Arrays.stream(nodes).forEach(SimulatedNode::die);
  }

  // ---- traffic

  /** Lets the flow's sender send from now on, every so many nanoseconds on average. */
  void talk(Flow flow, long intervalNs) {
    flow.intervalNs = intervalNs;
    int generation = ++flow.generation;
    if (intervalNs != Flow.SILENT) {
      flow.waitingSinceNs = time.nowNs();
      tick(flow, generation);
    }
  }

  private void tick(Flow flow, int generation) {
    if (generation != flow.generation) {
      return;
    }
    checkProgress(flow);
    nodes[flow.from].offer(ledger.offer(flow, nodes[flow.from].mtu()));
    long exact = flow.intervalNs;
    boolean regular = network.conditions().maxWorkerDelayNs() == 0;
    long delayNs = regular ? exact : random.nextLong(exact / 2, exact + exact / 2);
    time.after(delayNs, () -> tick(flow, generation));
  }

  void delivered(int node, byte[] packet) {
    Flow flow = ledger.delivered(node, packet);
    flow.waitingSinceNs = time.nowNs();
  }

  /** Fails if the flow has been waiting for longer than anything can excuse. */
  private void checkProgress(Flow flow) {
    long waitingNs = time.nowNs() - flow.waitingSinceNs;
    if (waitingNs < LOOK_CLOSELY_NS) {
      return;
    }
    boolean there = canOpen(flow);
    boolean back = flow.reverse().isTalking() && canOpen(flow.reverse());
    if (!isExpectedToWork(flow) || !(there || back)) {
      flow.waitingSinceNs = time.nowNs();
    } else if (waitingNs > (there && back ? BOUND_NS : ONE_SIDED_BOUND_NS)) {
      throw new Violation("flow " + flow + " is stuck for " + waitingNs / 1e9 + " s");
    }
  }

  /** Whether network and configuration give the flow no reason to fail. */
  private boolean isExpectedToWork(Flow flow) {
    Flow reverse = flow.reverse();
    return network.conditions().areHealthy()
        && !network.isSevered(flow.from, flow.to)
        && !network.isSevered(flow.to, flow.from)
        && nodes[flow.from].isUp()
        && nodes[flow.to].isUp()
        && peer(flow) != null
        && peer(reverse) != null
        && Arrays.equals(flow.presharedKey, reverse.presharedKey)
        && flow.knownKey.equals(publicKey(flow.to))
        && reverse.knownKey.equals(publicKey(flow.from));
  }

  /**
   * Whether an initiation along the flow arrives, and is believed to be new: a clock that was set
   * back has to pass its own old stamp first (protocol 2.8).
   */
  private boolean canOpen(Flow flow) {
    Peer receiver = peer(flow);
    Peer sender = peer(flow.reverse());
    if (receiver == null || sender == null || !knowsWhere(flow)) {
      return false;
    }
    byte[] greatest = ShardInspection.greatestTimestamp(sender);
    byte[] stamp = Tai64n.whitened(nodes[flow.from].epochNs());
    return greatest == null || Tai64n.compare(stamp, greatest) > 0;
  }

  private boolean knowsWhere(Flow flow) {
    Peer peer = peer(flow);
    return peer != null && network.addressOf(flow.to).equals(peer.endpoint());
  }

  /** Where two nodes have lost each other, one operator looks the other's address up. */
  void findEachOther() {
    for (Flow flow : flows) {
      if (peer(flow) != null && !knowsWhere(flow) && !knowsWhere(flow.reverse())) {
        nodes[flow.from].movePeer(peer(flow), network.addressOf(flow.to));
      }
    }
  }
}
