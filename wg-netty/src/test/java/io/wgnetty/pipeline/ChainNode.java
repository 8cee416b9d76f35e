package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.handshake.StampClock;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.RecordedEvents;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.tun.PacketBatchPool;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A node with both chains on channels of memory; handshake jobs wait until asked for. */
final class ChainNode implements ShardOutput, DatagramOutput {
  static final int MTU = 1420;

  /** What went to the network. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its parts only
  record Sent(Endpoint destination, byte[] bytes, int trafficClass) {}

  private final Endpoint place;
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final List<TunnelBatch> batches = new ArrayList<>();
  private final DatagramBatch datagrams = new DatagramBatch(allocator);
  private final PacketBatchPool<TunnelBatch> pool = new PacketBatchPool<>(this::newBatch);
  private final PeerDirectory directory = new PeerDirectory();
  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private final Aead aead = AeadProviders.named("jdk").create();
  private final EmbeddedChannel udp = new EmbeddedChannel();
  private final EmbeddedChannel tun = new EmbeddedChannel();
  private final RecordedEvents events = new RecordedEvents();
  private final Deque<HandshakeJob> jobs = new ArrayDeque<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private final HandshakeCrypto crypto;
  private final LocalIdentity identity;
  private final PeerShard shard;
  private final HandshakeLimits limits;
  private final HandshakeReceiver handshakes;
  private final StagedSender stagedSender;
  private final SwitchedHelp help = new SwitchedHelp();
  private final SharedWork sharedWork;
  private long nowNs;
  private int mtu = MTU;
  private boolean workersAreFull;
  private int sends;
  private boolean refusesDatagrams;

  /**
   * A node that is up.
   *
   * @param random where its indices come from
   * @param ephemerals where its ephemeral keys come from
   * @param epochNs its wall clock, which stands still
   */
  ChainNode(
      Endpoint place,
      PrivateKey key,
      RandomGenerator random,
      RandomGenerator ephemerals,
      long epochNs) {
    X25519 x25519 = X25519Providers.fastest();
    this.place = place;
    crypto = new HandshakeCrypto(x25519, aead, ephemerals);
    identity = new LocalIdentity(key, x25519);
    shard =
        new PeerShard(
            ShardPlace.ONLY,
            Timings.STANDARD,
            directory,
            random,
            () -> epochNs + nowNs,
            new StampClock(),
            aead,
            this,
            events);
    limits = HandshakeLimits.of(1, random);
    handshakes =
        new HandshakeReceiver(
            shard, this, () -> workersAreFull ? HandshakeLanes.INCOMING_CAPACITY : 0);
    handshakes.setAdmission(
        new HandshakeAdmission(
            new CookieChecker(identity, aead, random, limits.secrets()), limits));
    sharedWork = new SharedWork(new LoopCipher(aead, () -> mtu), help, allocator);
    LoopExchange exchange = LoopExchange.NONE;
    Pipelines pipelines =
        new Pipelines(
            shard,
            allowedIps,
            sharedWork,
            pool,
            this::nowNs,
            datagrams,
            this,
            handshakes,
            exchange);
    pipelines.inbound(udp, tun);
    stagedSender = pipelines.outbound(tun);
    shard.setIdentity(identity);
    shard.up(0);
  }

  private TunnelBatch newBatch(PacketBatchPool<TunnelBatch> owner) {
    TunnelBatch batch = new TunnelBatch(allocator, owner);
    batches.add(batch);
    return batch;
  }

  /** What its listener was told. */
  RecordedEvents events() {
    return events;
  }

  Endpoint place() {
    return place;
  }

  LocalIdentity identity() {
    return identity;
  }

  /** Nobody helps unless a test has it so. */
  SwitchedHelp help() {
    return help;
  }

  SharedWork sharedWork() {
    return sharedWork;
  }

  PeerShard shard() {
    return shard;
  }

  HandshakeReceiver handshakes() {
    return handshakes;
  }

  AllowedIps<Peer> allowedIps() {
    return allowedIps;
  }

  Aead aead() {
    return aead;
  }

  PacketBatchPool<TunnelBatch> pool() {
    return pool;
  }

  StagedSender stagedSender() {
    return stagedSender;
  }

  EmbeddedChannel udp() {
    return udp;
  }

  EmbeddedChannel tun() {
    return tun;
  }

  Deque<HandshakeJob> jobs() {
    return jobs;
  }

  /** Datagrams that nobody has fetched yet. */
  Deque<Sent> sent() {
    return sent;
  }

  DatagramBatch datagrams() {
    return datagrams;
  }

  int sends() {
    return sends;
  }

  long nowNs() {
    return nowNs;
  }

  long drops(DropReason reason) {
    return shard.drops().of(reason);
  }

  void setMtu(int bytes) {
    mtu = bytes;
  }

  /** From this moment on strangers have had more than their share of the workers. */
  void exhaustStrangers() {
    limits.strangers().charge(seconds(60), nowNs);
  }

  void fillWorkers(boolean full) {
    workersAreFull = full;
  }

  void refuseDatagrams(boolean refuse) {
    refusesDatagrams = refuse;
  }

  void passTime(long ns) {
    nowNs += ns;
    shard.expire(nowNs);
  }

  /** Another node as a peer, with its endpoint. */
  Peer meet(ChainNode other, String... prefixes) {
    Peer peer = shard.create(other.identity.publicKey());
    directory.add(peer);
    shard.adopt(peer);
    peer.setEndpoint(other.place);
    for (String prefix : prefixes) {
      allowedIps.insert(IpPrefix.parse(prefix), peer);
    }
    return peer;
  }

  /** A peer that nobody has seen. */
  Peer meetNowhere(byte[] key, String prefix) {
    Peer peer = shard.create(PublicKey.of(key));
    directory.add(peer);
    shard.adopt(peer);
    allowedIps.insert(IpPrefix.parse(prefix), peer);
    return peer;
  }

  /** Does the handshake work that waits. */
  boolean work() {
    boolean worked = false;
    for (HandshakeJob job = jobs.poll(); job != null; job = jobs.poll()) {
      job.run(crypto);
      shard.handshakes().complete(job, nowNs);
      worked = true;
    }
    return worked;
  }

  /** Datagrams that one read of the socket brings. */
  void receive(Endpoint source, byte[]... datagrams) {
    udp.writeInbound(datagrams(source, datagrams));
  }

  /** Datagrams in a batch, as the socket brings them. */
  TunnelBatch datagrams(Endpoint source, byte[]... datagrams) {
    TunnelBatch batch = batch(datagrams);
    for (int i = 0; i < datagrams.length; i++) {
      batch.setSource(i, source);
    }
    return batch;
  }

  /** Packets that one read of the interface brings. */
  void send(byte[]... packets) {
    tun.writeInbound(batch(packets));
  }

  TunnelBatch batch(byte[]... packets) {
    TunnelBatch batch = pool.take();
    for (byte[] packet : packets) {
      batch.bytes().put(batch.nextOffset(), packet);
      batch.add(packet.length);
    }
    return batch;
  }

  /** The packets that came out of the interface since this was last asked. */
  List<byte[]> delivered() {
    List<byte[]> packets = new ArrayList<>();
    for (TunnelBatch batch = tun.readOutbound(); batch != null; batch = tun.readOutbound()) {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.length(i) > 0) {
          packets.add(Packets.bytes(batch, i));
        }
      }
      batch.release();
    }
    return packets;
  }

  /** Gives everything back and sees that nothing is missing. */
  void close() {
    delivered();
    assertThat(udp.inboundMessages()).isEmpty();
    assertThat(tun.inboundMessages()).isEmpty();
    udp.finishAndReleaseAll();
    tun.finishAndReleaseAll();
    sharedWork.close();
    assertThat(batches).as("batches in use").allMatch(batch -> batch.refCnt() == 0);
    pool.close();
    datagrams.close();
    assertThat(allocator.metric().usedDirectMemory()).as("memory of batches").isZero();
    shard.peers().stream().toList().forEach(shard::remove);
  }

  @Override
  public void send(DatagramBatch batch) {
    sends++;
    for (int i = 0; i < batch.size(); i++) {
      Endpoint destination = batch.destination(i);
      if (destination == null || refusesDatagrams) {
        batch.refuse(i);
        continue;
      }
      int trafficClass = batch.trafficClass(i);
      for (byte[] bytes : Datagrams.of(batch, i)) {
        sent.add(new Sent(destination, bytes, trafficClass));
      }
    }
  }

  @Override
  public boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    return !refusesDatagrams && sent.add(new Sent(destination, datagram, trafficClass));
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return send(message, destination, 0x88);
  }

  @Override
  public void sendStaged(Peer peer) {
    stagedSender.send(peer);
  }

  @Override
  public boolean submit(HandshakeJob job) {
    return jobs.add(job);
  }

  @Override
  public void wakeAt(long deadlineNs) {
    // The test moves the clock itself.
  }

  static Endpoint place(int number) {
    return Endpoint.of(
        new InetSocketAddress(
            Endpoint.of(new byte[] {(byte) 198, 51, 100, (byte) number}, 0, 0)
                .toSocketAddress()
                .getAddress(),
            51820));
  }

  static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }
}
