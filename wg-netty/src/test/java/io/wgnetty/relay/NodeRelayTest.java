package io.wgnetty.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import io.wgnetty.protocol.Messages;
import io.wgnetty.tun.PacketBatchPool;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on this machine. */
class NodeRelayTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Endpoint CLIENT =
      Endpoint.ipv4(0xc0000201, 4000).withLocal(new LocalAddress(0, 0xc6336401L, 0));

  /** What a loop was given. */
  private record Taken(int owner, Endpoint source, int length, int trafficClass) {}

  private static final class Loops implements LoopExchange {
    final List<Taken> taken = new CopyOnWriteArrayList<>();

    @Override
    public int loops() {
      return 2;
    }

    @Override
    public boolean handOutbound(int owner, TunnelBatch batch) {
      return false;
    }

    @Override
    public boolean handInbound(int owner, TunnelBatch batch) {
      for (int i = 0; i < batch.size(); i++) {
        taken.add(new Taken(owner, batch.source(i), batch.length(i), batch.trafficClass(i)));
      }
      batch.release();
      return true;
    }

    @Override
    public boolean handAnswers(int owner, TunnelBatch batch) {
      return false;
    }
  }

  private final Loops loops1 = new Loops();
  private final Loops loops2 = new Loops();
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(owner -> new TunnelBatch(PooledByteBufAllocator.DEFAULT, owner));
  private final InetSocketAddress address1 = free();
  private final InetSocketAddress address2 = free();
  private NodeRelay first;
  private NodeRelay second;

  private static InetSocketAddress free() {
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void open() throws IOException {
    first = open(address1, 1, loops1, 1);
    second = open(address2, 2, loops2, 1);
    first.setNodes(Map.of(2, address2));
    second.setNodes(Map.of(1, address1));
  }

  private static NodeRelay open(InetSocketAddress address, int number, Loops loops, int secret)
      throws IOException {
    return NodeRelay.open(
        "wg" + number,
        address,
        RelayMessageTest.keys(secret),
        ShardPlace.of(0, 2).at(number),
        loops);
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    pool.close();
  }

  /** A message for a session of this node's second loop. */
  private static byte[] datagram(int type, int node, int length) {
    byte[] datagram = new byte[length];
    int index = node << 8 | 1;
    int at = type == Messages.RESPONSE ? Messages.RESPONSE_RECEIVER_OFFSET : 4;
    ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN).putInt(0, type).putInt(at, index);
    return datagram;
  }

  private DropReason hand(NodeRelay relay, int node, byte[] datagram) {
    TunnelBatch batch = pool.take();
    batch.bytes().put(batch.nextOffset(), datagram, 0, datagram.length);
    int index = batch.add(datagram.length);
    batch.setSource(index, CLIENT);
    batch.setTrafficClass(index, 0xb8);
    try {
      DropReason reason = relay.handOn(batch, index, node);
      return reason == null ? DropReason.UNKNOWN_INDEX : reason;
    } finally {
      batch.release();
    }
  }

  private void handed(byte[] datagram) {
    assertThat(hand(first, 2, datagram)).isEqualTo(DropReason.UNKNOWN_INDEX);
  }

  @Test
  void shouldHandMessagesOnToTheirLoopWithAllAddresses() {
    handed(datagram(Messages.TRANSPORT, 2, 96));
    handed(datagram(Messages.RESPONSE, 2, 92));
    handed(datagram(Messages.COOKIE_REPLY, 2, 64));
    await().atMost(LIMIT).until(() -> loops2.taken.size() == 3);
    assertThat(loops2.taken)
        .containsExactly(
            new Taken(1, CLIENT, 96, 0xb8),
            new Taken(1, CLIENT, 92, 0xb8),
            new Taken(1, CLIENT, 64, 0xb8));
    assertThat(loops2.taken.getFirst().source().local()).isEqualTo(CLIENT.local());
    assertThat(first.counts().sent()).isEqualTo(3);
    assertThat(second.counts().received()).isEqualTo(3);
    assertThat(loops1.taken).isEmpty();
  }

  @Test
  void shouldHandNothingOnToAnybodyElse() {
    assertThat(hand(first, 3, datagram(Messages.TRANSPORT, 3, 96)))
        .isEqualTo(DropReason.WRONG_NODE);
    assertThat(hand(first, 2, datagram(Messages.TRANSPORT, 2, NodeRelay.MAX_DATAGRAM_BYTES + 1)))
        .isEqualTo(DropReason.RELAY_LIMIT);
    assertThat(first.counts().sent()).isZero();
  }

  @Test
  void shouldNotHandOnASecondTime() {
    handed(datagram(Messages.TRANSPORT, 1, 96)); // says that it is the first node's own
    await().atMost(LIMIT).until(() -> second.counts().misdirected() == 1);
    assertThat(loops2.taken).isEmpty();
    assertThat(second.counts().sent()).isZero();
  }

  @Test
  void shouldTakeNothingFromOutsideOfTheList() throws IOException {
    second.setNodes(Map.of(1, free()));
    handed(datagram(Messages.TRANSPORT, 2, 96));
    await().atMost(LIMIT).until(() -> second.counts().refused() == 1);
    second.setNodes(Map.of(3, address1)); // the address is right, the number is not
    handed(datagram(Messages.TRANSPORT, 2, 96));
    await().atMost(LIMIT).until(() -> second.counts().refused() == 2);
    assertThat(loops2.taken).isEmpty();
  }

  @Test
  void shouldTakeNothingWithAnotherSecret() throws IOException {
    first.close();
    first = open(address1, 1, loops1, 2);
    first.setNodes(Map.of(2, address2));
    handed(datagram(Messages.TRANSPORT, 2, 96));
    await().atMost(LIMIT).until(() -> second.counts().refused() == 1);
    assertThat(loops2.taken).isEmpty();
  }

  @Test
  void shouldStopAtSoManyASecond() {
    byte[] datagram = datagram(Messages.TRANSPORT, 2, 32);
    int refused = 0;
    for (int i = 0; i < 2 * NodeRelay.PER_SECOND; i++) {
      refused += hand(first, 2, datagram) == DropReason.RELAY_LIMIT ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }
}
