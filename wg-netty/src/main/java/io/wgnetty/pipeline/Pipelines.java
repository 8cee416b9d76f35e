package io.wgnetty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.peer.Peer;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.PacketBatchPool;

/**
 * The two chains of a node, in one place.
 *
 * <pre>
 *   UDP -> MessageDecoder -> TransportDecryptor -> ReplayFilter -> PeerUpdater
 *       -> AllowedIpsFilter -> TrafficShaper -> TunWriter -> TUN
 *
 *   TUN -> PacketDecoder -> PeerRouter -> OwnerSelector -> StagedSender -> TrafficShaper
 *       -> NonceAssigner -> TransportEncryptor -> UdpWriter -> UDP
 * </pre>
 *
 * <p>All stages of both chains of one event loop run on that loop's thread and share what the loop
 * owns.
 *
 * @param shard the peers that this loop owns
 * @param allowedIps the table of the whole interface
 * @param work what this loop seals and opens with, and the help that it has
 * @param pool the batches of this loop
 * @param clock the time
 * @param datagrams what this loop seals packets into
 * @param udp where datagrams leave
 * @param handshakes where handshake messages go
 * @param exchange the way to the other loops
 */
public record Pipelines(
    PeerShard shard,
    AllowedIps<Peer> allowedIps,
    SharedWork work,
    PacketBatchPool<TunnelBatch> pool,
    NanoClock clock,
    DatagramBatch datagrams,
    DatagramOutput udp,
    HandshakeReceiver handshakes,
    LoopExchange exchange) {

  /**
   * Sets up the chain that brings datagrams from {@code udpChannel} to the interface {@code tun};
   * returns where those enter that came to another loop's socket.
   */
  public ChainEntry inbound(Channel udpChannel, Channel tun) {
    ChainEntry entry = new ChainEntry();
    udpChannel
        .pipeline()
        .addLast("chain-entry", entry)
        .addLast("message-decoder", new MessageDecoder(shard, handshakes, clock, exchange, pool))
        .addLast("transport-decryptor", new TransportDecryptor(work))
        .addLast("replay-filter", new ReplayFilter())
        .addLast("peer-updater", new PeerUpdater(shard, clock))
        .addLast("allowed-ips-filter", new AllowedIpsFilter(allowedIps, shard.counters()))
        .addLast("inbound-shaper", TrafficShaper.inbound(shard, clock, pool))
        .addLast("tun-writer", new TunWriter(tun, shard))
        .addLast("fault-counter", new FaultCounter());
    return entry;
  }

  /**
   * Sets up the chain of a socket for what belongs to no loop's session: only handshake messages
   * are taken there.
   *
   * @param shard without peers
   */
  public static void intake(
      Channel udpChannel,
      PeerShard shard,
      HandshakeReceiver handshakes,
      NanoClock clock,
      LoopExchange exchange,
      PacketBatchPool<TunnelBatch> pool) {
    udpChannel
        .pipeline()
        .addLast("message-decoder", new MessageDecoder(shard, handshakes, clock, exchange, pool))
        .addLast("drop-counter", new DropCounter(shard))
        .addLast("fault-counter", new FaultCounter());
  }

  /** Sets up the chain that brings packets from the interface {@code tun} to the network. */
  public StagedSender outbound(Channel tun) {
    StagedSender stagedSender = new StagedSender(pool);
    ChannelPipeline chain = tun.pipeline();
    chain
        .addLast("packet-decoder", new PacketDecoder(shard.counters()))
        .addLast(
            "peer-router",
            new PeerRouter(
                allowedIps, shard.state().directory(), new UnreachableReporter(tun, pool, clock)))
        .addLast("owner-selector", new OwnerSelector(shard, exchange, pool))
        .addLast("staged-sender", stagedSender)
        .addLast("outbound-shaper", TrafficShaper.outbound(shard, clock, pool))
        .addLast("nonce-assigner", new NonceAssigner(shard, clock))
        .addLast("transport-encryptor", new TransportEncryptor(work, shard, datagrams))
        .addLast("udp-writer", new UdpWriter(shard, udp, clock))
        .addLast("fault-counter", new FaultCounter());
    return stagedSender;
  }
}
