package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DatagramCollectorTest extends ChainTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new DatagramCollector(alice.pool()));

  private DatagramPacket datagram(int length, int sender) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) length);
    return alice.datagram(bytes, ChainNode.place(sender));
  }

  @Test
  void shouldMakeOneBatchOfWhatOneReadBrings() {
    DatagramPacket[] datagrams = {
      datagram(0, 5), datagram(1452, 5), datagram(33, 6), datagram(1, 5)
    };
    channel.writeInbound((Object[]) datagrams);
    TunnelBatch batch = channel.readInbound();
    assertThat(batch.size()).isEqualTo(4);
    int[] lengths = {0, 1452, 33, 1};
    int[] senders = {5, 5, 6, 5};
    for (int i = 0; i < 4; i++) {
      assertThat(batch.length(i)).isEqualTo(lengths[i]);
      byte[] expected = new byte[lengths[i]];
      Arrays.fill(expected, (byte) lengths[i]);
      assertThat(Packets.bytes(batch, i)).isEqualTo(expected);
      assertThat(batch.source(i)).isEqualTo(ChainNode.place(senders[i]));
      if (lengths[i] > 0) { // the empty buffer is everybody's
        assertThat(datagrams[i].refCnt()).as("datagram %d is released", i).isZero();
      }
    }
    assertThat(channel.inboundMessages()).isEmpty();
    batch.release();
  }

  @Test
  void shouldReadFromTheMiddleOfABuffer() {
    DatagramPacket datagram =
        new DatagramPacket(
            Unpooled.copiedBuffer(new byte[] {1, 2, 3, 4, 5}).readerIndex(2).writerIndex(4),
            alice.place().toSocketAddress(),
            bob.place().toSocketAddress());
    channel.writeInbound(datagram);
    TunnelBatch batch = channel.readInbound();
    assertThat(Packets.bytes(batch, 0)).containsExactly(3, 4);
    batch.release();
  }

  @Test
  void shouldBeginANewBatchWhenOneIsFull() {
    Object[] datagrams = new Object[TunnelBatch.CAPACITY + 2];
    Arrays.setAll(datagrams, i -> datagram(100, 5));
    channel.writeInbound(datagrams);
    TunnelBatch first = channel.readInbound();
    TunnelBatch second = channel.readInbound();
    assertThat(first.size()).isEqualTo(TunnelBatch.CAPACITY);
    assertThat(second.size()).isEqualTo(2);
    first.release();
    second.release();
  }

  @Test
  void shouldTakeTheLargestDatagrams() {
    channel.writeInbound(
        datagram(65_507, 5), datagram(65_507, 5), datagram(65_507, 5), datagram(65_507, 5));
    int count = 0;
    for (TunnelBatch batch = channel.readInbound(); batch != null; batch = channel.readInbound()) {
      count += batch.size();
      assertThat(batch.length(0)).isEqualTo(65_507);
      batch.release();
    }
    assertThat(count).isEqualTo(4);
  }

  @Test
  void shouldPassNothingOnWhenNothingCame() {
    channel.pipeline().fireChannelReadComplete();
    assertThat(channel.inboundMessages()).isEmpty();
  }

  @Test
  void shouldGiveTheOpenBatchBackWhenItIsRemoved() {
    channel.pipeline().fireChannelRead(datagram(10, 5));
    channel.pipeline().remove(DatagramCollector.class);
    assertThat(channel.inboundMessages()).isEmpty();
  }
}
