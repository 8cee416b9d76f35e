package io.wgnetty.pipeline;

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
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.tun.PacketBatchPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A node without sockets, interface or threads: the two real chains in Netty's embedded channels,
 * and handshakes computed on the spot. The test moves datagrams and time.
 */
final class EmbeddedNode implements ShardOutput, DatagramOutput, AutoCloseable {
  private static final int MTU = 1420;

  /** Memory that no other node uses, so that a leak shows. */
  final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);

  final List<Datagram> sent = new ArrayList<>();
  final Endpoint endpoint;
  final LocalIdentity identity;
  final PeerShard shard;
  long nowNs;

  private final DatagramBatch datagrams = new DatagramBatch(memory);
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(pool -> new TunnelBatch(memory, pool));
  private final ArrayDeque<HandshakeJob> jobs = new ArrayDeque<>();
  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private final PeerDirectory directory = new PeerDirectory();
  private final EmbeddedChannel udp = new EmbeddedChannel();
  private final EmbeddedChannel tun = new EmbeddedChannel();
  private final Aead aead = AeadProviders.fastest().create();
  private final StagedSender stagedSender;
  private final HandshakeCrypto crypto;

  EmbeddedNode(Endpoint endpoint, RandomGenerator random) {
    X25519 x25519 = X25519Providers.fastest();
    this.endpoint = endpoint;
    this.identity = new LocalIdentity(PrivateKey.generate(random), x25519);
    this.crypto = new HandshakeCrypto(x25519, aead, random);
    this.shard =
        new PeerShard(
            ShardPlace.ONLY,
            Timings.STANDARD,
            directory,
            random,
            () -> 1_800_000_000_000_000_000L + nowNs,
            aead,
            this);
    var receiver = new HandshakeReceiver(shard, this, () -> 0);
    var limits = HandshakeLimits.of(1, random);
    var checker = new CookieChecker(identity, aead, random, limits.secrets());
    receiver.setAdmission(new HandshakeAdmission(checker, limits));
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

  Peer peer(PublicKey key, Endpoint at, String prefix) {
    Peer peer = shard.create(key);
    directory.add(peer);
    shard.adopt(peer);
    allowedIps.insert(IpPrefix.parse(prefix), peer);
    peer.setEndpoint(at);
    return peer;
  }

  /** The host behind this node sends a packet into the tunnel. */
  void host(byte[] packet) {
    TunnelBatch batch = pool.take();
    batch.bytes().put(batch.nextOffset(), packet);
    batch.add(packet.length);
    tun.pipeline().fireChannelRead(batch);
    settle();
  }

  /** These datagrams arrive, in one go. */
  void receive(List<Datagram> datagrams) {
    TunnelBatch batch = pool.take();
    for (Datagram datagram : datagrams) {
      if (!batch.hasRoom(datagram.bytes().length)) {
        udp.pipeline().fireChannelRead(batch);
        batch = pool.take();
      }
      batch.bytes().put(batch.nextOffset(), datagram.bytes());
      batch.setSource(batch.add(datagram.bytes().length), datagram.remote());
    }
    udp.pipeline().fireChannelRead(batch);
    settle();
  }

  /** Lets time pass, and every timer that falls into it run. */
  void advanceTo(long untilNs) {
    while (shard.nextDeadlineNs() <= untilNs) {
      nowNs = Math.max(nowNs, shard.nextDeadlineNs());
      shard.expire(nowNs);
      settle();
    }
    nowNs = untilNs;
  }

  /** What the tunnel brought to the host since it was last asked. */
  List<byte[]> delivered() {
    List<byte[]> packets = new ArrayList<>();
    for (TunnelBatch batch = tun.readOutbound(); batch != null; batch = tun.readOutbound()) {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.length(i) > 0) {
          byte[] packet = new byte[batch.length(i)];
          batch.bytes().get(batch.offset(i), packet);
          packets.add(packet);
        }
      }
      batch.release();
    }
    return packets;
  }

  long drops() {
    long drops = 0;
    for (DropReason reason : DropReason.values()) {
      drops += shard.drops().of(reason);
    }
    return drops;
  }

  private void settle() {
    for (HandshakeJob job = jobs.poll(); job != null; job = jobs.poll()) {
      job.run(crypto);
      shard.handshakes().complete(job, nowNs);
    }
    udp.runPendingTasks();
    tun.runPendingTasks();
    udp.checkException();
    tun.checkException();
  }

  @Override
  public void send(DatagramBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      Endpoint destination = batch.destination(i);
      if (destination == null) {
        batch.refuse(i);
      } else {
        Datagrams.of(batch, i).forEach(bytes -> sent.add(new Datagram(bytes, destination)));
      }
    }
  }

  @Override
  public boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    sent.add(new Datagram(datagram, destination));
    return true;
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return send(message, destination, 0);
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
    // advanceTo asks the shard itself.
  }

  @Override
  public void close() {
    shard.down();
    delivered();
    udp.finishAndReleaseAll();
    tun.finishAndReleaseAll();
    pool.close();
    datagrams.close();
    aead.close();
  }
}
