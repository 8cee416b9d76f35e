package io.wgnetty.bench;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.device.MemoryLoops;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.DatagramOutput;
import io.wgnetty.pipeline.HandshakeReceiver;
import io.wgnetty.pipeline.LoopCipher;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.Pipelines;
import io.wgnetty.pipeline.SharedWork;
import io.wgnetty.pipeline.StagedSender;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.tun.PacketBatchPool;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node whose two chains are the real ones, while its network and its interface take whatever they
 * are given. It makes no system calls, and its clock stands still.
 */
final class MemoryNode implements ShardOutput, DatagramOutput, AutoCloseable {
  static final int MTU = 1420;

  static final int IPV4_HEADER_BYTES = 20;

  private static final long NOW_NS = 1_000_000_000L;

  private final Endpoint place;
  private final LocalIdentity identity;
  private final Aead aead;
  private final @Nullable MemoryLoops loops;
  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private final PeerDirectory directory = new PeerDirectory();
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(pool -> new TunnelBatch(UnpooledByteBufAllocator.DEFAULT, pool));
  private final DatagramBatch datagrams = new DatagramBatch(UnpooledByteBufAllocator.DEFAULT);
  private final EmbeddedChannel udp = new EmbeddedChannel();
  private final EmbeddedChannel tun = new TakingChannel();
  private final Deque<HandshakeJob> jobs = new ArrayDeque<>();
  private final Deque<byte[]> handshakesSent = new ArrayDeque<>();
  private final HandshakeCrypto crypto;
  private final PeerShard shard;
  private final StagedSender stagedSender;

  private Consumer<DatagramBatch> network = batch -> {};
  private long bytesSent;

  /**
   * A node without peers.
   *
   * @param aead its cipher
   * @param loops gives it loops, the first of which runs its chains; {@code null}: it has one
   */
  private MemoryNode(
      Endpoint place,
      SplittableRandom random,
      Aead aead,
      @Nullable Function<EventLoop, MemoryLoops> loops) {
    this.aead = aead;
    this.loops = loops == null ? null : loops.apply(tun.eventLoop());
    X25519 x25519 = X25519Providers.fastest();
    this.place = place;
    this.identity = new LocalIdentity(PrivateKey.generate(random), x25519);
    this.crypto = new HandshakeCrypto(x25519, aead, random);
    this.shard =
        new PeerShard(ShardPlace.ONLY, Timings.STANDARD, directory, random, () -> 0, aead, this);
    var receiver = new HandshakeReceiver(shard, this, () -> 0);
    var limits = HandshakeLimits.of(1, random);
    var checker = new CookieChecker(identity, aead, random, limits.secrets());
    receiver.setAdmission(new HandshakeAdmission(checker, limits));
    Pipelines pipelines =
        new Pipelines(
            shard,
            allowedIps,
            sharedWork(),
            pool,
            () -> NOW_NS,
            datagrams,
            this,
            receiver,
            LoopExchange.NONE);
    pipelines.inbound(udp, tun);
    stagedSender = pipelines.outbound(tun);
    shard.setIdentity(identity);
    shard.up(NOW_NS);
  }

  /**
   * A node and its friend with a live session, in which the node may send: {@code 10.0.0.1} and
   * {@code 10.0.0.2} inside the tunnel.
   */
  static MemoryNode[] pair() {
    SplittableRandom random = new SplittableRandom(1);
    AeadProvider aeads = AeadProviders.fastest();
    return introduce(
        new MemoryNode(place(1), random, new CopyingAead(aeads.create()), null),
        new MemoryNode(place(2), random, new CopyingAead(aeads.create()), null));
  }

  /**
   * The same with a real cipher.
   *
   * @param loops gives the node (0) and its friend (1) their loops
   */
  static MemoryNode[] pair(AeadProvider aeads, BiFunction<Integer, EventLoop, MemoryLoops> loops) {
    SplittableRandom random = new SplittableRandom(1);
    return introduce(
        new MemoryNode(place(1), random, aeads.create(), first -> loops.apply(0, first)),
        new MemoryNode(place(2), random, aeads.create(), first -> loops.apply(1, first)));
  }

  private static MemoryNode[] introduce(MemoryNode node, MemoryNode friend) {
    node.meet(friend, "10.0.0.2/32");
    friend.meet(node, "10.0.0.1/32");
    TunnelBatch first = node.take();
    putPacket(first.bytes(), first.nextOffset(), IPV4_HEADER_BYTES);
    first.add(IPV4_HEADER_BYTES);
    node.send(first);
    node.settleWith(friend);
    node.checkNothingDropped();
    friend.checkNothingDropped();
    return new MemoryNode[] {node, friend};
  }

  private SharedWork sharedWork() {
    return loops == null
        ? SharedWork.alone(new LoopCipher(aead, () -> MTU), UnpooledByteBufAllocator.DEFAULT)
        : loops.work();
  }

  private static Endpoint place(int number) {
    return Endpoint.of(new byte[] {(byte) 192, 0, 2, (byte) number}, 51820, 0);
  }

  Endpoint place() {
    return place;
  }

  /** Makes the other node a peer that has these addresses. */
  void meet(MemoryNode other, String prefix) {
    Peer peer = shard.create(other.identity.publicKey());
    directory.add(peer);
    shard.adopt(peer);
    allowedIps.insert(IpPrefix.parse(prefix), peer);
    peer.setEndpoint(other.place);
  }

  /** Carries handshake messages to and fro until both sides are content. */
  void settleWith(MemoryNode other) {
    while (work() || other.work() || deliverTo(other) || other.deliverTo(this)) {
      // Each turn is one more step of the handshake.
    }
  }

  private boolean work() {
    HandshakeJob job = jobs.poll();
    if (job == null) {
      return false;
    }
    job.run(crypto);
    shard.handshakes().complete(job, NOW_NS);
    return true;
  }

  private boolean deliverTo(MemoryNode other) {
    byte[] message = handshakesSent.poll();
    if (message == null) {
      return false;
    }
    TunnelBatch batch = other.take();
    batch.bytes().put(batch.nextOffset(), message);
    batch.setSource(batch.add(message.length), place);
    other.receive(batch);
    return true;
  }

  /** Writes an IPv4 UDP packet from the node to its friend. */
  static void putPacket(ByteBuffer bytes, int offset, int lengthBytes) {
    bytes.put(offset, new byte[lengthBytes]);
    bytes.put(offset, (byte) 0x45).putShort(offset + 2, (short) lengthBytes);
    bytes.put(offset + 8, (byte) 64).put(offset + 9, (byte) 17);
    bytes.putInt(offset + 12, 0x0a00_0001).putInt(offset + 16, 0x0a00_0002);
  }

  /** An empty batch. The last to be released is the next to be taken. */
  TunnelBatch take() {
    return pool.take();
  }

  /** Packets come from the interface. */
  void send(TunnelBatch batch) {
    tun.pipeline().fireChannelRead(batch);
  }

  /** Datagrams come from the network. */
  void receive(TunnelBatch batch) {
    udp.pipeline().fireChannelRead(batch);
  }

  /** The loop has read what there was, and comes to its tasks. */
  void endTurn() {
    tun.runPendingTasks();
    udp.runPendingTasks();
    if (loops != null) {
      loops.look();
    }
  }

  /** What is sent goes there, too. */
  void setNetwork(Consumer<DatagramBatch> taker) {
    network = taker;
  }

  /** The index that the other side gave the session in which this one sends. */
  int remoteIndex() {
    Session session = shard.peers().iterator().next().currentSession();
    if (session == null) {
      throw new IllegalStateException("there is no session");
    }
    return session.remoteIndex();
  }

  long bytesSent() {
    return bytesSent;
  }

  /** Bytes that authentic packets brought. */
  long bytesReceived() {
    return shard.peers().iterator().next().receivedBytes();
  }

  /** A benchmark in which packets are dropped measures something else. */
  void checkNothingDropped() {
    for (DropReason reason : DropReason.values()) {
      if (shard.drops().of(reason) > 0) {
        throw new IllegalStateException("packets were dropped: " + reason);
      }
    }
    udp.checkException();
    tun.checkException();
  }

  @Override
  public void send(DatagramBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      bytesSent += batch.length(i);
    }
    network.accept(batch);
  }

  @Override
  public boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    return handshakesSent.add(datagram);
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return handshakesSent.add(message);
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
    // The clock stands still.
  }

  @Override
  public void close() {
    if (loops != null) {
      loops.close();
    }
    shard.close();
    udp.finishAndReleaseAll();
    tun.finishAndReleaseAll();
    pool.close();
    datagrams.close();
    aead.close();
  }

  /** An interface that takes every batch at once. */
  private static final class TakingChannel extends EmbeddedChannel {
    @Override
    protected void handleOutboundMessage(Object message) {
      ReferenceCountUtil.release(message);
    }
  }
}
