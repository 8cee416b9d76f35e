package io.wgnetty.shard;

import static java.util.Objects.requireNonNull;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.handshake.StampClock;
import io.wgnetty.handshake.WorkBudget;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.Session;
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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A shard with the least around it that makes it a node: no threads, no channels. */
final class TestNode implements ShardOutput {
  private static final long EPOCH_START_NS = 1_800_000_000L * 1_000_000_000L;
  private static final X25519 DH = X25519Providers.fastest();

  private final TestNetwork network;
  private final PeerDirectory directory = new PeerDirectory();
  private final SplittableRandom random;
  private final Aead aead = AeadProviders.named("jdk").create();
  private final HandshakeCrypto crypto;
  private final PeerShard shard;
  private final RecordedEvents events = new RecordedEvents();
  private final Deque<HandshakeJob> jobs = new ArrayDeque<>();
  private final List<byte[]> delivered = new ArrayList<>();
  private Endpoint place;
  private LocalIdentity identity;
  private final HandshakeLimits limits;
  private HandshakeAdmission admission;
  private boolean strangersExhausted;
  private boolean holdsJobs;
  private boolean refusesJobs;
  private boolean losesJobs;
  private int roomForJobs = Integer.MAX_VALUE;
  private int jobsTaken;
  private boolean refusesDatagrams;
  private long wakeAtNs = Long.MAX_VALUE;
  private long epochOffsetNs;

  TestNode(TestNetwork network, Endpoint place, long seed) {
    this.network = network;
    this.place = place;
    this.random = new SplittableRandom(seed);
    this.crypto = new HandshakeCrypto(DH, aead, random);
    this.identity = new LocalIdentity(PrivateKey.generate(random), DH);
    this.limits = HandshakeLimits.of(1, new SplittableRandom(seed + 1));
    this.admission = admission();
    this.shard =
        new PeerShard(
            ShardPlace.ONLY,
            Timings.STANDARD,
            directory,
            random,
            () -> EPOCH_START_NS + network.nowNs() + epochOffsetNs,
            new StampClock(),
            aead,
            this,
            events);
    shard.setIdentity(identity);
    shard.up(network.nowNs());
  }

  /** What its listener was told. */
  RecordedEvents events() {
    return events;
  }

  PeerShard shard() {
    return shard;
  }

  Endpoint place() {
    return place;
  }

  void setPlace(Endpoint place) {
    this.place = place;
  }

  LocalIdentity identity() {
    return identity;
  }

  HandshakeCrypto crypto() {
    return crypto;
  }

  /** What came out of the tunnel. */
  List<byte[]> delivered() {
    return delivered;
  }

  long drops(DropReason reason) {
    return shard.drops().of(reason);
  }

  /** The other node as a peer of this one, with its endpoint. */
  Peer meet(TestNode other) {
    Peer peer = meet(other.identity.publicKey());
    peer.setEndpoint(other.place);
    return peer;
  }

  /** A peer that is in the directory already, and not in the shard yet. */
  void create(TestNode other) {
    directory.add(shard.create(other.identity.publicKey()));
  }

  /** A peer without an endpoint. */
  Peer meet(PublicKey key) {
    Peer peer = shard.create(key);
    directory.add(peer);
    shard.adopt(peer);
    return peer;
  }

  void forget(Peer peer) {
    directory.remove(peer);
    shard.remove(peer);
  }

  /** Another private key; returns the identity that it makes. */
  LocalIdentity changeIdentity() {
    identity = new LocalIdentity(PrivateKey.generate(random), DH);
    admission = admission();
    shard.setIdentity(identity);
    return identity;
  }

  private HandshakeAdmission admission() {
    return new HandshakeAdmission(
        new CookieChecker(identity, aead, new SplittableRandom(2), limits.secrets()), limits);
  }

  /** From now on strangers have always had more than their share of the workers. */
  void exhaustStrangers() {
    strangersExhausted = true;
  }

  /** What forged initiations are charged to. */
  WorkBudget strangers() {
    return limits.strangers();
  }

  void shiftWallClock(long ns) {
    epochOffsetNs += ns;
  }

  void holdJobs() {
    holdsJobs = true;
  }

  void releaseJobs() {
    holdsJobs = false;
  }

  /** Behaves like a node whose sockets take nothing. */
  void refuseDatagrams(boolean refuse) {
    refusesDatagrams = refuse;
  }

  void refuseJobs(boolean refuse) {
    refusesJobs = refuse;
  }

  /** So many jobs may wait at once. */
  void roomForJobs(int room) {
    roomForJobs = room;
  }

  /** Behaves like a node whose workers break down over whatever they take. */
  void loseJobs(boolean lose) {
    losesJobs = lose;
  }

  /** How many jobs its workers ever took. */
  int jobsTaken() {
    return jobsTaken;
  }

  long nowNs() {
    return network.nowNs();
  }

  Deque<HandshakeJob> jobs() {
    return jobs;
  }

  /** Does all the work that waits; returns whether there was any. */
  boolean work() {
    if (holdsJobs) {
      return false;
    }
    boolean worked = false;
    for (HandshakeJob job = jobs.poll(); job != null; job = jobs.poll()) {
      job.run(crypto);
      shard.handshakes().complete(job, network.nowNs());
      worked = true;
    }
    return worked;
  }

  /** Takes what was computed. */
  void complete(HandshakeJob job) {
    shard.handshakes().complete(job, network.nowNs());
  }

  long wakeAtNs() {
    return wakeAtNs;
  }

  void wakeUpIfDue() {
    if (wakeAtNs <= network.nowNs()) {
      wakeAtNs = Long.MAX_VALUE;
      shard.expire(network.nowNs());
    }
    if (wakeAtNs > shard.nextDeadlineNs()) {
      throw new AssertionError("the shard would be woken too late");
    }
  }

  /** A packet from the interface to this peer. */
  void send(Peer peer, byte[] packet) {
    Session session = shard.transport().sendingSession(peer, network.nowNs());
    long counter = session == null ? Session.NO_COUNTER : session.takeCounter();
    if (session == null || counter == Session.NO_COUNTER) {
      shard.transport().stage(peer, packet, network.nowNs());
      return;
    }
    if (!refusesDatagrams) {
      transmit(session, counter, packet);
      shard
          .transport()
          .sent(
              session,
              packet.length > 0,
              packet.length + Messages.TRANSPORT_OVERHEAD_BYTES,
              network.nowNs());
    }
    shard.transport().attempted(session, network.nowNs());
  }

  private void transmit(Session session, long counter, byte[] packet) {
    byte[] bytes = new byte[packet.length + Messages.TRANSPORT_OVERHEAD_BYTES];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(Messages.TRANSPORT)
        .putInt(session.remoteIndex())
        .putLong(counter)
        .put(packet);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(bytes.length);
      MemorySegment.copy(bytes, 16, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
      AeadRun run = new AeadRun(1);
      run.add(memory.address(), memory.address(), packet.length, counter);
      aead.seal(session.sendKeyAddress(), run);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, bytes, 16, packet.length + 16);
    }
    network.send(place, requireNonNull(session.peer().endpoint()), bytes);
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    if (refusesDatagrams) {
      return false;
    }
    network.send(place, destination, message);
    return true;
  }

  @Override
  public void sendStaged(Peer peer) {
    for (int remaining = peer.staged().size(); remaining > 0; remaining--) {
      send(peer, requireNonNull(peer.staged().poll()));
    }
  }

  @Override
  public boolean submit(HandshakeJob job) {
    if (refusesJobs || jobs.size() >= roomForJobs) {
      return false;
    }
    jobsTaken++;
    return losesJobs || jobs.add(job);
  }

  @Override
  public void wakeAt(long deadlineNs) {
    wakeAtNs = deadlineNs;
  }

  void receive(TestNetwork.Datagram datagram) {
    if (datagram.type() == Messages.TRANSPORT) {
      receiveTransport(datagram);
      return;
    }
    HandshakeMessage message = requireNonNull(HandshakeMessage.parse(datagram.bytes()));
    if (message instanceof CookieReplyMessage reply) {
      shard.handshakes().received(reply, network.nowNs());
    } else if (message instanceof InitiationMessage initiation) {
      receive(initiation, datagram.source());
    } else if (message instanceof ResponseMessage response) {
      PendingHandshake pending = shard.handshakes().awaiting(response);
      if (pending == null) {
        shard.handshakes().unexpected(datagram.source());
      } else {
        shard.handshakes().received(response, pending, datagram.source());
      }
    }
  }

  private void receive(InitiationMessage initiation, Endpoint source) {
    long nowNs = network.nowNs();
    if (strangersExhausted) {
      limits.strangers().charge(60_000_000_000L, nowNs);
    }
    switch (admission.decide(initiation.bytes(), source, 0, nowNs)) {
      case PROCESS -> shard.handshakes().received(initiation, source, nowNs, admission.strangers());
      case PROCESS_PROVEN -> shard.handshakes().received(initiation, source, nowNs, null);
      case REPLY_WITH_COOKIE ->
          network.send(place, source, admission.cookieReply(initiation.bytes(), source, nowNs));
      case DROP_QUEUE_FULL -> throw new AssertionError("nothing waits");
      case DROP_BAD_MAC1 -> shard.drops().count(DropReason.BAD_MAC1);
      case DROP_RATE_LIMITED -> shard.drops().count(DropReason.RATE_LIMITED);
    }
  }

  private void receiveTransport(TestNetwork.Datagram datagram) {
    ByteBuffer header = ByteBuffer.wrap(datagram.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    Session session = shard.session(header.getInt(4));
    long counter = header.getLong(8);
    if (session == null) {
      shard.drops().count(DropReason.UNKNOWN_INDEX);
      return;
    }
    if (!session.mayReceive(network.nowNs())) {
      shard.drops().count(DropReason.SESSION_EXPIRED);
      return;
    }
    byte[] packet = open(session, counter, datagram.bytes());
    if (packet == null) {
      shard.drops().count(DropReason.NOT_AUTHENTIC);
    } else if (!session.replayWindow().accept(counter)) {
      shard.drops().count(DropReason.REPLAYED);
    } else {
      shard.transport().received(session, datagram.source(), packet.length, network.nowNs());
      if (packet.length > 0) {
        delivered.add(packet);
      }
    }
  }

  private byte @Nullable [] open(Session session, long counter, byte[] bytes) {
    byte[] sealed = Arrays.copyOfRange(bytes, Messages.TRANSPORT_HEADER_BYTES, bytes.length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(sealed.length);
      MemorySegment.copy(sealed, 0, memory, ValueLayout.JAVA_BYTE, 0, sealed.length);
      AeadRun run = new AeadRun(1);
      run.add(memory.address(), memory.address(), sealed.length, counter);
      if (aead.open(session.receiveKeyAddress(), run) == 0) {
        return null;
      }
      byte[] packet = new byte[sealed.length - 16];
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, packet, 0, packet.length);
      return packet;
    }
  }
}
