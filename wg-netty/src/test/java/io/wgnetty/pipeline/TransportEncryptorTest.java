package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Padding, sealing, and the way from packets to datagrams. The sender is alice. */
class TransportEncryptorTest extends ChainTest {
  private TunnelBatch forBob(byte[]... packets) {
    TunnelBatch batch = alice.batch(packets);
    for (int i = 0; i < batch.size(); i++) {
      batch.setPeer(i, toBob);
    }
    return batch;
  }

  /** The datagrams that come out of the stage. */
  private List<byte[]> seal(TunnelBatch batch, int mtu) {
    List<byte[]> datagrams = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new TransportEncryptor(
                SharedWork.alone(
                    new LoopCipher(alice.aead(), () -> mtu), UnpooledByteBufAllocator.DEFAULT),
                alice.shard(),
                alice.datagrams()),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                DatagramBatch sealed = (DatagramBatch) message;
                for (int i = 0; i < sealed.size(); i++) {
                  datagrams.addAll(Datagrams.of(sealed, i));
                }
              }
            });
    channel.writeInbound(batch);
    channel.checkException();
    assertThat(batch.refCnt()).as("the packets end here").isZero();
    assertThat(alice.datagrams().size()).as("the datagrams are gone").isZero();
    return datagrams;
  }

  private byte[] openAtBob(byte[] datagram) {
    TunnelBatch batch = bob.batch(datagram);
    ByteBuffer header = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
    Session session = requireNonNull(bob.shard().session(header.getInt(4)));
    AeadRun run = new AeadRun(1);
    long address = batch.address() + batch.offset(0) + 16;
    run.add(address, address, datagram.length - 16, header.getLong(8));
    assertThat(bob.aead().open(session.receiveKeyAddress(), run)).isEqualTo(1);
    byte[] plaintext = new byte[datagram.length - 32];
    batch.bytes().get(batch.offset(0) + 16, plaintext);
    batch.release();
    return plaintext;
  }

  @ParameterizedTest
  @CsvSource({
    "20, 1420, 32",
    "32, 1420, 32",
    "33, 1420, 48",
    "1404, 1420, 1408",
    "1409, 1420, 1420",
    "1419, 1420, 1420",
    "1420, 1420, 1420",
    "1281, 1281, 1281",
    "1273, 1280, 1280",
    "1500, 0, 1504",
    "1500, 1420, 1500",
    "1501, 1420, 1516"
  })
  void shouldWriteTheHeaderAndPadWithZeros(int length, int mtu, int padded) {
    connect();
    byte[] packet = Packets.ipv4(ALICE, BOB, length);
    TunnelBatch batch = forBob(packet);
    // What lay in the slab before must not get out.
    for (int i = 0; i < TunnelBatch.TAILROOM; i++) {
      batch.bytes().put(batch.offset(0) + length + i, (byte) 0xee);
    }
    batch.setSession(0, session(toBob), 0x0102_0304_0506_0708L);
    byte[] datagram = seal(batch, mtu).getFirst();

    ByteBuffer header = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.getInt(0)).isEqualTo(4);
    assertThat(header.getInt(4)).isEqualTo(session(toBob).remoteIndex());
    assertThat(header.getLong(8)).isEqualTo(0x0102_0304_0506_0708L);
    assertThat(openAtBob(datagram)).isEqualTo(Arrays.copyOf(packet, padded));
  }

  @Test
  void shouldSealAKeepaliveWithoutPadding() {
    connect();
    TunnelBatch batch = forBob(new byte[0]);
    batch.setSession(0, session(toBob), 9);
    byte[] datagram = seal(batch, 1420).getFirst();
    assertThat(datagram).hasSize(32);
    assertThat(openAtBob(datagram)).isEmpty();
  }

  @Test
  void shouldSealRunsOfSeveralSessionsWithDroppedPacketsBetween() {
    connect();
    ChainNode carol = join(3);
    carol.send(Packets.ipv4(3, ALICE, 40));
    settle();
    alice.delivered();
    Peer toCarol = requireNonNull(alice.allowedIps().lookupV4(0x0a00_0003));
    byte[][] packets = new byte[12][];
    Arrays.setAll(packets, i -> Packets.ipv4(ALICE, BOB, 60 + i));
    TunnelBatch batch = alice.batch(packets);
    for (int i = 0; i < 12; i++) {
      if (i % 5 == 1) {
        batch.drop(i, DropReason.NO_PEER);
      } else {
        batch.setSession(i, session(i < 4 || i > 8 ? toBob : toCarol), 1000 + i);
      }
    }
    List<byte[]> datagrams = seal(batch, 1420);
    assertThat(alice.drops(DropReason.NO_PEER)).isEqualTo(3);
    assertThat(datagrams).hasSize(9);
    int next = 0;
    for (int i = 0; i < 12; i++) {
      if (i % 5 == 1) {
        continue;
      }
      byte[] datagram = datagrams.get(next++);
      if (i < 4 || i > 8) {
        assertThat(Arrays.copyOf(openAtBob(datagram), 60 + i)).isEqualTo(packets[i]);
      } else {
        assertThat(ByteBuffer.wrap(datagram).getInt(4))
            .isEqualTo(Integer.reverseBytes(session(toCarol).remoteIndex()));
      }
    }
  }
}
