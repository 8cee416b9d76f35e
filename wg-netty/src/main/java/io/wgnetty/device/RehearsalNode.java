package io.wgnetty.device;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
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
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.IpText;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.shard.ShardTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import io.wgnetty.tun.PacketBatchPool;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A node that only rehearses: the two real chains and a real shard, but no interface, no socket and
 * no clock. What it sends stays here until somebody takes it; nothing of it is counted with any
 * interface. Belongs to one thread.
 */
final class RehearsalNode implements ShardOutput, DatagramOutput, AutoCloseable {
  private static final int MTU = 1420;
  private static final int PORT = 51820;

  /** Longer than any pause that the rules of handshakes ask for. */
  private static final long STEP_NS = 10_000_000_000L;

  private final Endpoint endpoint;
  private final HandshakeCrypto crypto;
  private final LocalIdentity identity;
  private final HandshakeLimits limits;
  private final PeerDirectory directory = new PeerDirectory();
  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private final ArrayDeque<HandshakeJob> jobs = new ArrayDeque<>();
  private final ArrayDeque<byte[]> sent = new ArrayDeque<>();
  private final EmbeddedChannel udp = new EmbeddedChannel();
  private final EmbeddedChannel tun = new EmbeddedChannel();
  private final Aead aead;
  private final PacketBatchPool<TunnelBatch> pool;
  private final DatagramBatch datagrams;
  private final PeerShard shard;
  private final StagedSender stagedSender;
  private long nowNs;

  RehearsalNode(
      String address,
      X25519 x25519,
      AeadProvider aeads,
      RandomGenerator random,
      ByteBufAllocator memory) {
    endpoint = Endpoint.of(IpText.parse(address), PORT, 0);
    aead = aeads.create();
    crypto = new HandshakeCrypto(x25519, aead, random);
    identity = new LocalIdentity(PrivateKey.generate(random), x25519);
    limits = HandshakeLimits.of(1, random);
    pool = new PacketBatchPool<>(owner -> new TunnelBatch(memory, owner));
    datagrams = new DatagramBatch(memory);
    shard =
        new PeerShard(
            ShardPlace.ONLY, Timings.STANDARD, directory, random, () -> nowNs, aead, this);
    var receiver = new HandshakeReceiver(shard, this, () -> 0);
    receiver.setAdmission(HandshakeAdmission.of(identity, aead, random, limits));
    Pipelines pipelines =
        new Pipelines(
            shard,
            allowedIps,
            SharedWork.alone(new LoopCipher(aead, () -> MTU), memory),
            pool,
            () -> nowNs,
            datagrams,
            this,
            receiver,
            LoopExchange.NONE);
    pipelines.inbound(udp, tun);
    stagedSender = pipelines.outbound(tun);
    shard.setIdentity(identity);
    shard.up(nowNs);
  }

  /** Makes the other node its peer, which has this address inside the tunnel. */
  void meet(RehearsalNode other, String innerAddress) {
    Peer peer = shard.create(other.identity.publicKey());
    directory.add(peer);
    shard.adopt(peer);
    allowedIps.insert(IpPrefix.parse(innerAddress + "/32"), peer);
    peer.setEndpoint(other.endpoint);
  }

  /** As if nothing had been said before, and some time later. */
  void beginAnew() {
    nowNs += STEP_NS;
    shard.forgetSessions(nowNs);
  }

  /** The host behind this node sends a packet. */
  void host(byte[] packet) {
    TunnelBatch batch = pool.take();
    batch.bytes().put(batch.nextOffset(), packet);
    batch.add(packet.length);
    tun.pipeline().fireChannelRead(batch);
    settle();
  }

  /** Brings all that this node has sent to the other; returns whether there was anything. */
  boolean deliverTo(RehearsalNode other) {
    boolean any = false;
    for (byte[] datagram = sent.poll(); datagram != null; datagram = sent.poll()) {
      other.receive(datagram, endpoint);
      any = true;
    }
    return any;
  }

  private void receive(byte[] datagram, Endpoint source) {
    TunnelBatch batch = pool.take();
    batch.bytes().put(batch.nextOffset(), datagram);
    batch.setSource(batch.add(datagram.length), source);
    udp.pipeline().fireChannelRead(batch);
    settle();
  }

  /** Packets that came out of the tunnel since the last time. */
  int arrived() {
    int packets = 0;
    for (TunnelBatch batch = tun.readOutbound(); batch != null; batch = tun.readOutbound()) {
      for (int i = 0; i < batch.size(); i++) {
        packets += batch.length(i) > 0 ? 1 : 0;
      }
      batch.release();
    }
    return packets;
  }

  /**
   * As if another process took this one's place, and broke off at last: the other's shard takes in
   * all that was told, and is thrown away.
   */
  void moveAndReturn() {
    ShardTransfer from = new ShardTransfer(shard);
    try (StateWriter ahead = new StateWriter();
        StateWriter out = new StateWriter()) {
      boolean unusedMoreAhead = from.saveAhead(ahead, Integer.MAX_VALUE);
      from.suspend();
      boolean unusedMore = from.save(out, Integer.MAX_VALUE);
      var other =
          new PeerShard(
              ShardPlace.ONLY,
              Timings.STANDARD,
              new PeerDirectory(),
              new SplittableRandom(),
              () -> nowNs,
              aead,
              this);
      shard.peers().forEach(peer -> other.adopt(other.create(peer.publicKey())));
      ShardTransfer to = new ShardTransfer(other);
      to.restoreAhead(new StateReader(ahead.written()), nowNs);
      to.restore(new StateReader(out.written()), nowNs);
      to.begin(nowNs);
      other.close();
    } finally {
      from.resume(nowNs);
    }
  }

  private void settle() {
    for (HandshakeJob job = jobs.poll(); job != null; job = jobs.poll()) {
      job.run(crypto);
      shard.handshakes().complete(job, nowNs);
    }
    udp.runPendingTasks();
    tun.runPendingTasks();
  }

  @Override
  public void send(DatagramBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      byte[] message = new byte[batch.length(i)];
      batch.bytes().get(batch.offset(i), message);
      sent.add(message);
    }
  }

  @Override
  public boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    return sent.add(datagram);
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return sent.add(message);
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
    // No rehearsal lasts until a timer is due.
  }

  @Override
  public void close() {
    jobs.forEach(HandshakeJob::discard);
    arrived();
    udp.finishAndReleaseAll();
    tun.finishAndReleaseAll();
    shard.setIdentity(null);
    shard.close();
    identity.privateKey().wipe();
    limits.secrets().wipe();
    pool.close();
    datagrams.close();
    aead.close();
  }
}
