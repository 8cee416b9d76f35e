package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.handshake.StampClock;
import io.wgnetty.inner.InnerPacket;
import io.wgnetty.inner.Padding;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardInspection;
import io.wgnetty.shard.ShardOutput;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node: the core of the product, called packet by packet in the order in which the
 * two chains of {@code io.wgnetty.pipeline} call it. A restart is a new object.
 */
final class SimulatedNode implements ShardOutput {
  static final X25519 AGREEMENT = X25519Providers.fastest();

  /** How many handshake jobs may wait; small, so that load is easily made. */
  static final int QUEUE_CAPACITY = 64;

  private static final int BUFFER_BYTES = 4096;
  private static final long WALL_CLOCK_START_NS = SECONDS.toNanos(1_800_000_000L);
  private static final Timings WITHOUT_JITTER = with(5, 180, 1);
  private static final Timings TOO_LONG = with(5, 400, 334_000_000);
  private static final Timings UNSPACED = with(2, 180, 334_000_000);

  final int number;
  final NodeRules rules;
  private final World world;
  private final EventQueue time;
  private final SplittableRandom random;
  private final Fault fault;
  private final int mtu;
  private final Aead aead = AeadProviders.fastest().create();
  private final AeadRun run = new AeadRun(1);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final long address = MemorySegment.ofBuffer(buffer).address();
  private final HandshakeCrypto crypto;
  private final StampClock stamps = new StampClock();
  private PeerDirectory directory = new PeerDirectory();
  private AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private PeerShard shard;
  private LocalIdentity identity;
  private HandshakeLimits limits;
  private HandshakeAdmission admission;

  /** How far the wall clock is off. */
  long clockErrorNs;

  /** What a forged initiation has cost just before any that comes, in nanoseconds. */
  long loadNs;

  /** Whatever the workers begin on is lost. */
  boolean workersBreakDown;

  private boolean dead;

  /** Another object that was told of the shard ahead, if there is one. */
  private @Nullable ShardMove prepared;

  private int jobs;
  private long wakeNs = Long.MAX_VALUE;

  /** What is being handled now was forged, or follows from it: nothing may be sent. */
  private boolean handlesForgery;

  private boolean forgeryHasMac1;

  SimulatedNode(
      int number,
      World world,
      PrivateKey key,
      long clockErrorNs,
      int mtu,
      Fault fault,
      SplittableRandom random) {
    this.number = number;
    this.world = world;
    this.time = world.time();
    this.clockErrorNs = clockErrorNs;
    this.mtu = mtu;
    this.fault = fault;
    this.random = random;
    this.rules = new NodeRules(number, world.sendingKeys());
    this.crypto = new HandshakeCrypto(AGREEMENT, AeadProviders.fastest().create(), random);
    this.shard = newShard(directory);
    setPrivateKey(key);
  }

  private PeerShard newShard(PeerDirectory peersOfIt) {
    return new PeerShard(
        ShardPlace.ONLY,
        timings(fault),
        peersOfIt,
        random,
        this::epochNs,
        stamps,
        aead,
        this,
        ShardEvents.NONE);
  }

  private static Timings timings(Fault fault) {
    return switch (fault) {
      case FORGETS_JITTER -> WITHOUT_JITTER;
      case USES_SESSIONS_TOO_LONG -> TOO_LONG;
      case FORGETS_SPACING -> UNSPACED;
      default -> Timings.STANDARD;
    };
  }

  private static Timings with(long rekeyTimeoutSeconds, long rejectSeconds, long maxJitterNs) {
    Timings standard = Timings.STANDARD;
    return new Timings(
        SECONDS.toNanos(rejectSeconds - 60),
        SECONDS.toNanos(rejectSeconds),
        SECONDS.toNanos(rekeyTimeoutSeconds),
        maxJitterNs,
        standard.keepaliveTimeoutNs());
  }

  long epochNs() {
    return WALL_CLOCK_START_NS + time.nowNs() + clockErrorNs;
  }

  // ---- configuration, as io.wgnetty.device does it

  LocalIdentity identity() {
    return identity;
  }

  void setPrivateKey(PrivateKey key) {
    LocalIdentity old = identity;
    identity = new LocalIdentity(key, AGREEMENT);
    shard.setIdentity(identity);
    limits = HandshakeLimits.of(1, random);
    admission =
        new HandshakeAdmission(new CookieChecker(identity, aead, random, limits.secrets()), limits);
    rules.spacingStartsAnew();
    if (old != null) {
      old.privateKey().wipe();
    }
  }

  Peer peer(PublicKey key) {
    return directory.find(key);
  }

  /** Adds the peer at the other end of a flow. */
  void addPeer(Flow flow, Endpoint endpoint) {
    Peer peer = shard.create(flow.knownKey);
    directory.add(peer);
    allowedIps.insert(IpPrefix.of(PacketLedger.ipv4(flow.to), 32), peer);
    allowedIps.insert(IpPrefix.of(PacketLedger.ipv6(flow.to), 128), peer);
    shard.adopt(peer);
    peer.setPresharedKey(PresharedKey.of(flow.presharedKey));
    if (endpoint != null) {
      peer.setEndpoint(endpoint);
    }
    shard.setKeepalive(peer, flow.keepaliveSeconds, time.nowNs());
    shard.configured(peer, time.nowNs());
  }

  void removePeer(Peer peer) {
    allowedIps.removeAll(peer);
    directory.remove(peer);
    shard.remove(peer);
    String remains = ShardInspection.remains(peer);
    if (!remains.isEmpty()) {
      rules.fail("still holds on to " + remains);
    }
  }

  void changePeer(Peer peer, PresharedKey presharedKey, int keepaliveSeconds) {
    peer.setPresharedKey(presharedKey);
    shard.setKeepalive(peer, keepaliveSeconds, time.nowNs());
    shard.configured(peer, time.nowNs());
  }

  void movePeer(Peer peer, Endpoint endpoint) {
    peer.setEndpoint(endpoint);
    shard.configured(peer, time.nowNs());
  }

  boolean isUp() {
    return shard.isUp();
  }

  void up() {
    shard.up(time.nowNs());
  }

  void down() {
    shard.down();
    rules.spacingStartsAnew();
  }

  void removeAllPeers() {
    List.copyOf(shard.peers()).forEach(this::removePeer);
  }

  /** After the last peer is removed: what is left of any. */
  String remains() {
    return ShardInspection.remains(shard)
        + (directory.size() == 0 ? "" : "directory ")
        + (allowedIps.isEmpty() ? "" : "allowed IPs");
  }

  /** Another object is told of the shard ahead, as if another process was to take its place. */
  void prepareMove() {
    discardMove();
    PeerDirectory fresh = new PeerDirectory();
    prepared =
        new ShardMove(shard, allowedIps, identity, rules, newShard(fresh), fresh, time.nowNs());
  }

  private void discardMove() {
    if (prepared != null) {
      prepared.discard();
      prepared = null;
    }
  }

  /**
   * The shard goes on in another object, as if another process took this one's place; or the other
   * breaks off before it begins.
   *
   * @param completes whether it gets so far
   */
  void moveShard(boolean completes) {
    if (dead) {
      return;
    }
    if (prepared == null || !prepared.isStillOf(shard, identity)) {
      prepareMove();
    }
    ShardMove move = prepared;
    prepared = null;
    move.suspend();
    move.restore(fault, time.nowNs());
    if (completes) {
      directory = move.directory;
      allowedIps = move.allowedIps;
      shard = move.fresh();
      move.begin(time.nowNs());
    } else {
      move.resume(time.nowNs());
    }
  }

  /** The power fails. */
  void die() {
    dead = true;
    discardMove();
    ShardInspection.discard(shard);
    aead.close();
    crypto.aead().close();
  }

  // ---- inbound

  /**
   * Handles a datagram from the network.
   *
   * @param forged whether it is known to be unauthentic, so that nothing may come of it
   * @param hasMac1 whether the forger knew our public key
   */
  void receive(byte[] datagram, Endpoint source, boolean forged, boolean hasMac1) {
    handlesForgery = forged;
    forgeryHasMac1 = hasMac1;
    int type = datagram.length < 4 ? 0 : word(datagram, 0);
    if (type == Messages.TRANSPORT) {
      receiveTransport(datagram, source);
    } else {
      receiveHandshake(datagram, source);
    }
    handlesForgery = false;
  }

  private void receiveHandshake(byte[] datagram, Endpoint source) {
    HandshakeMessage message = HandshakeMessage.parse(datagram);
    if (message == null) {
      return;
    }
    if (message instanceof CookieReplyMessage reply) {
      shard.handshakes().received(reply, time.nowNs());
      return;
    }
    if (message instanceof ResponseMessage response) {
      PendingHandshake pending = shard.handshakes().awaiting(response);
      if (pending != null && admission.knowsUs(datagram)) {
        shard.handshakes().received(response, pending, source);
      }
    } else if (message instanceof InitiationMessage initiation) {
      receive(initiation, datagram, source);
    }
  }

  private void receive(InitiationMessage initiation, byte[] datagram, Endpoint source) {
    if (loadNs > 0) {
      limits.strangers().charge(loadNs, time.nowNs());
    }
    switch (admission.decide(datagram, source, 0, time.nowNs())) {
      case PROCESS ->
          shard.handshakes().received(initiation, source, time.nowNs(), admission.strangers());
      case PROCESS_PROVEN -> shard.handshakes().received(initiation, source, time.nowNs(), null);
      case REPLY_WITH_COOKIE -> {
        if (handlesForgery && !forgeryHasMac1) {
          rules.fail("sends a cookie to somebody who does not know its public key");
        }
        if (!admission.isUnderLoad(time.nowNs())) {
          rules.fail("demands a cookie without being under load");
        }
        world.log().add("%d demands a cookie of %s", number, source);
        world.network().send(number, admission.cookieReply(datagram, source, time.nowNs()), source);
      }
      case DROP_QUEUE_FULL, DROP_BAD_MAC1, DROP_RATE_LIMITED ->
          world.log().add("%d refuses a handshake", number);
    }
  }

  private void receiveTransport(byte[] datagram, Endpoint source) {
    if (datagram.length < Messages.MIN_TRANSPORT_BYTES) {
      return;
    }
    Session session = shard.session(word(datagram, Messages.TRANSPORT_RECEIVER_OFFSET));
    long counter = Long.reverseBytes(ByteBuffer.wrap(datagram).getLong(8));
    if (session == null
        || !session.mayReceive(time.nowNs())
        || Long.compareUnsigned(counter, Session.REJECT_AFTER_MESSAGES) >= 0) {
      world.log().add("%d has no session for a packet", number);
      return;
    }
    int plaintextLength = datagram.length - Messages.TRANSPORT_OVERHEAD_BYTES;
    long ciphertext = address + Messages.TRANSPORT_HEADER_BYTES;
    buffer.put(0, datagram);
    run.clear();
    run.add(ciphertext, ciphertext, plaintextLength + Aead.TAG_BYTES, counter);
    aead.open(session.receiveKeyAddress(), run);
    if (!run.verified(0)) {
      return;
    }
    if (handlesForgery) {
      rules.fail("takes a forged packet for authentic");
    }
    if (!session.replayWindow().accept(counter) && fault != Fault.SKIPS_REPLAY_CHECK) {
      return;
    }
    rules.opened(session, time.nowNs());
    byte[] plaintext = new byte[plaintextLength];
    buffer.get(Messages.TRANSPORT_HEADER_BYTES, plaintext);
    shard.transport().received(session, source, plaintextLength, time.nowNs());
    if (plaintextLength > 0) {
      deliver(plaintext, session);
    }
  }

  private void deliver(byte[] plaintext, Session session) {
    ByteBuffer packet = ByteBuffer.wrap(plaintext);
    int length = InnerPacket.length(packet, 0, plaintext.length);
    if (length < 0) {
      rules.fail("gets an inner packet that nobody sent");
    }
    boolean ipv6 = InnerPacket.isIpv6(packet, 0);
    Peer owner =
        ipv6
            ? allowedIps.lookupV6(
                InnerPacket.sourceHigh(packet, 0), InnerPacket.sourceLow(packet, 0))
            : allowedIps.lookupV4(InnerPacket.sourceV4(packet, 0));
    if (owner != session.peer() && fault != Fault.SKIPS_SOURCE_CHECK) {
      return;
    }
    for (int i = length; i < plaintext.length; i++) {
      if (plaintext[i] != 0) {
        rules.fail("gets padding that is not zero");
      }
    }
    packet.limit(length);
    byte[] trimmed = new byte[length];
    packet.get(trimmed);
    world.delivered(number, trimmed);
  }

  // ---- outbound

  /** Sends a packet that the interface brought; routes it by its destination. */
  void offer(byte[] packetBytes) {
    ByteBuffer packet = ByteBuffer.wrap(packetBytes);
    Peer peer =
        InnerPacket.isIpv6(packet, 0)
            ? allowedIps.lookupV6(
                InnerPacket.destinationHigh(packet, 0), InnerPacket.destinationLow(packet, 0))
            : allowedIps.lookupV4(InnerPacket.destinationV4(packet, 0));
    if (peer != null && peer.endpoint() != null) {
      assignCounter(peer, packetBytes);
    }
  }

  int mtu() {
    return mtu;
  }

  @Override
  public void sendStaged(Peer peer) {
    for (int remaining = peer.staged().size(); remaining > 0; remaining--) {
      byte[] packet = peer.staged().poll();
      if (packet != null) {
        assignCounter(peer, packet);
      }
    }
  }

  private void assignCounter(Peer peer, byte[] packet) {
    Session session = shard.transport().sendingSession(peer, time.nowNs());
    long counter = session == null ? Session.NO_COUNTER : session.takeCounter();
    if (session == null || counter == Session.NO_COUNTER) {
      shard.transport().stage(peer, packet, time.nowNs());
      return;
    }
    if (fault == Fault.USES_COUNTER_TWICE && random.nextInt(100) == 0) {
      counter = Math.max(0, counter - 1);
    }
    seal(session, counter, packet);
  }

  private void seal(Session session, long counter, byte[] packet) {
    int padded = Padding.paddedLength(packet.length, mtu);
    rules.sealing(session, counter, packet.length, padded, mtu, time.nowNs());
    byte[] datagram = new byte[padded + Messages.TRANSPORT_OVERHEAD_BYTES];
    buffer.putInt(0, Integer.reverseBytes(Messages.TRANSPORT));
    buffer.putInt(4, Integer.reverseBytes(session.remoteIndex()));
    buffer.putLong(8, Long.reverseBytes(counter));
    buffer.put(Messages.TRANSPORT_HEADER_BYTES, packet);
    for (int i = packet.length; i < padded; i++) {
      buffer.put(Messages.TRANSPORT_HEADER_BYTES + i, (byte) 0);
    }
    long plaintext = address + Messages.TRANSPORT_HEADER_BYTES;
    run.clear();
    run.add(plaintext, plaintext, padded, counter);
    aead.seal(session.sendKeyAddress(), run);
    buffer.get(0, datagram);
    Endpoint endpoint = session.peer().endpoint();
    if (endpoint != null && send(datagram, endpoint)) {
      shard.transport().sent(session, packet.length > 0, datagram.length, time.nowNs());
    } else if (fault == Fault.FORGETS_REFUSED_SENDS) {
      time.after(0, () -> ShardInspection.forgetKeepalive(session.peer()));
      return;
    }
    shard.transport().attempted(session, time.nowNs());
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    Peer peer = ShardInspection.peerOf(shard, word(message, Messages.SENDER_OFFSET));
    rules.handshakeSent(message, peer, time.nowNs());
    boolean isInitiation = message[0] == Messages.INITIATION;
    world.log().add("%d %s %s", number, isInitiation ? "initiates to" : "answers", destination);
    if (isInitiation) {
      world.initiationSent(number);
    } else if (fault == Fault.CONFIRMS_TOO_EARLY) {
      ShardInspection.confirmUnasked(peer);
    } else if (fault == Fault.FORGETS_JITTER || fault == Fault.GIVES_UP_ITS_OWN_ATTEMPT) {
      ShardInspection.giveUpInitiation(peer);
    }
    return send(message, destination);
  }

  private boolean send(byte[] datagram, Endpoint destination) {
    if (handlesForgery) {
      rules.fail("sends a message of type " + datagram[0] + " in answer to a forged one");
    }
    return world.network().send(number, datagram, destination);
  }

  // ---- workers and timers

  @Override
  public boolean submit(HandshakeJob job) {
    Conditions conditions = world.network().conditions();
    if (jobs >= QUEUE_CAPACITY || random.nextDouble() < conditions.workersFull()) {
      return false;
    }
    jobs++;
    boolean forged = handlesForgery;
    PeerShard owner = shard;
    time.after(workerDelayNs(conditions), () -> compute(job, owner, forged, conditions));
    return true;
  }

  private void compute(HandshakeJob job, PeerShard owner, boolean forged, Conditions conditions) {
    if (dead) {
      return;
    }
    if (owner != shard || workersBreakDown || random.nextDouble() < conditions.workersFull() / 8) {
      jobs--;
      return;
    }
    job.run(crypto);
    time.after(workerDelayNs(conditions), () -> complete(job, owner, forged));
  }

  private void complete(HandshakeJob job, PeerShard owner, boolean forged) {
    if (dead) {
      return;
    }
    jobs--;
    if (owner != shard) {
      job.discard(); // its shard has gone on elsewhere meanwhile
      return;
    }
    handlesForgery = forged;
    shard.handshakes().complete(job, time.nowNs());
    handlesForgery = false;
  }

  private long workerDelayNs(Conditions conditions) {
    return random.nextLong(conditions.maxWorkerDelayNs() + 1);
  }

  @Override
  public void wakeAt(long deadlineNs) {
    wakeNs = deadlineNs;
    if (deadlineNs != Long.MAX_VALUE) {
      time.at(deadlineNs, () -> wake(deadlineNs));
    }
  }

  private void wake(long deadlineNs) {
    if (!dead && deadlineNs == wakeNs) {
      wakeNs = Long.MAX_VALUE;
      shard.expire(time.nowNs());
    }
  }

  private static int word(byte[] bytes, int offset) {
    return Integer.reverseBytes(ByteBuffer.wrap(bytes).getInt(offset));
  }
}
