package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Protocol 4.1 step 5. The receiver is alice, who has sessions with bob, carol and dave. */
class TransportDecryptorTest extends ChainTest {
  private final ChainNode carol = join(3);
  private final ChainNode dave = join(4);
  private final EmbeddedChannel stage = new EmbeddedChannel(stage(alice.aead()));

  private static TransportDecryptor stage(Aead aead) {
    return new TransportDecryptor(
        SharedWork.alone(new LoopCipher(aead, () -> 0), UnpooledByteBufAllocator.DEFAULT));
  }

  private void connectAll() {
    connect();
    carol.send(Packets.ipv4(3, ALICE, 40));
    dave.send(Packets.ipv4(4, ALICE, 40));
    settle();
    assertThat(alice.delivered()).hasSize(2);
  }

  private static byte[] from(ChainNode sender, int number, int length) {
    sender.send(Packets.ipv4(number, ALICE, length));
    return fetch(sender).getFirst();
  }

  private TunnelBatch batch(List<byte[]> datagrams) {
    TunnelBatch batch = alice.batch(datagrams.toArray(byte[][]::new));
    for (int i = 0; i < batch.size(); i++) {
      ByteBuffer header = ByteBuffer.wrap(datagrams.get(i)).order(ByteOrder.LITTLE_ENDIAN);
      batch.setSession(
          i, requireNonNull(alice.shard().session(header.getInt(4))), header.getLong(8));
    }
    return batch;
  }

  private TunnelBatch decrypt(TunnelBatch batch) {
    stage.writeInbound(batch);
    return stage.readInbound();
  }

  private static byte[] padded(byte[] packet) {
    return Arrays.copyOf(packet, packet.length + 15 & -16);
  }

  @Test
  void shouldOpenMessagesInPlace() {
    connectAll();
    TunnelBatch batch = batch(List.of(from(bob, 2, 100), from(bob, 2, 20)));
    int offset = batch.offset(0);
    decrypt(batch);
    assertThat(batch.offset(0)).isEqualTo(offset + 16);
    assertThat(Packets.bytes(batch, 0)).isEqualTo(padded(Packets.ipv4(2, ALICE, 100)));
    assertThat(Packets.bytes(batch, 1)).isEqualTo(padded(Packets.ipv4(2, ALICE, 20)));
    batch.release();
  }

  @Test
  void shouldDropADamagedOneAndOpenItsNeighbours() {
    connectAll();
    List<byte[]> datagrams = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      datagrams.add(from(bob, 2, 60 + i));
    }
    datagrams.get(0)[40] ^= 1; // content
    datagrams.get(4)[datagrams.get(4).length - 1] ^= 1; // tag
    TunnelBatch batch = batch(datagrams);
    batch.setSession(9, batch.session(9), batch.counter(9) + 1); // nonce
    decrypt(batch);
    for (int i = 0; i < 10; i++) {
      boolean damaged = i == 0 || i == 4 || i == 9;
      assertThat(batch.isLive(i)).as("packet %d", i).isEqualTo(!damaged);
      assertThat(batch.reason(i)).isEqualTo(damaged ? DropReason.NOT_AUTHENTIC : null);
      if (!damaged) {
        assertThat(Packets.bytes(batch, i)).isEqualTo(padded(Packets.ipv4(2, ALICE, 60 + i)));
      }
    }
    batch.release();
  }

  @Test
  void shouldNotOpenAgainWhatItsSessionHasSeen() {
    connectAll();
    List<byte[]> datagrams = List.of(from(bob, 2, 100), from(bob, 2, 100), from(bob, 2, 100));
    Aead cipher = alice.aead();
    List<Integer> opened = new ArrayList<>();
    Aead counting =
        (Aead)
            Proxy.newProxyInstance(
                Aead.class.getClassLoader(),
                new Class<?>[] {Aead.class},
                (proxy, method, arguments) -> {
                  opened.add(((AeadRun) arguments[1]).size());
                  return method.invoke(cipher, arguments);
                });
    EmbeddedChannel both = new EmbeddedChannel(stage(counting), new ReplayFilter());

    TunnelBatch first = batch(List.of(datagrams.get(0), datagrams.get(2)));
    both.writeInbound(first);
    assertThat(opened).containsExactly(2);
    first.release();

    TunnelBatch again = batch(datagrams);
    both.writeInbound(again);
    assertThat(opened).as("the one in the middle alone").containsExactly(2, 1);
    assertThat(again.reason(0)).isEqualTo(DropReason.REPLAYED);
    assertThat(again.isLive(1)).isTrue();
    assertThat(Packets.bytes(again, 1)).isEqualTo(padded(Packets.ipv4(2, ALICE, 100)));
    assertThat(again.reason(2)).isEqualTo(DropReason.REPLAYED);
    again.release();

    datagrams.get(1)[40] ^= 1;
    TunnelBatch forged = batch(List.of(datagrams.get(1)));
    both.writeInbound(forged);
    assertThat(opened).as("not one").containsExactly(2, 1);
    assertThat(forged.reason(0)).isEqualTo(DropReason.REPLAYED);
    forged.release();
  }

  @Test
  void shouldOpenBothOfTwoThatAreAlikeAndLetOneThrough() {
    connectAll();
    byte[] datagram = from(bob, 2, 100);
    EmbeddedChannel both = new EmbeddedChannel(stage(alice.aead()), new ReplayFilter());
    byte[] forged = datagram.clone();
    forged[40] ^= 1;
    TunnelBatch batch = batch(List.of(forged, datagram, datagram.clone()));
    both.writeInbound(batch);
    assertThat(batch.reason(0)).isEqualTo(DropReason.NOT_AUTHENTIC);
    assertThat(batch.isLive(1)).as("a forged one takes no place").isTrue();
    assertThat(batch.reason(2)).isEqualTo(DropReason.REPLAYED);
    batch.release();
  }

  @Test
  void shouldNotOpenAMessageUnderAnotherSession() {
    connectAll();
    byte[] datagram = from(bob, 2, 100);
    TunnelBatch batch = batch(List.of(datagram, from(carol, 3, 100)));
    batch.setSession(0, batch.session(1), batch.counter(0));
    decrypt(batch);
    assertThat(batch.reason(0)).isEqualTo(DropReason.NOT_AUTHENTIC);
    assertThat(batch.isLive(1)).isTrue();
    batch.release();
  }

  @Test
  void shouldLetABatchWithoutLivePacketsPass() {
    connectAll();
    TunnelBatch batch = batch(List.of(from(bob, 2, 100)));
    batch.drop(0, DropReason.MALFORMED_MESSAGE);
    assertThat(decrypt(batch).reason(0)).isEqualTo(DropReason.MALFORMED_MESSAGE);
    batch.release();
    TunnelBatch empty = alice.pool().take();
    assertThat(decrypt(empty).size()).isZero();
    empty.release();
  }

  @Test
  void shouldOpenAnyMixtureOfSessionsAndDroppedPackets() {
    connectAll();
    long seed = System.nanoTime();
    System.out.println("TransportDecryptorTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    ChainNode[] senders = {bob, carol, dave};
    for (int round = 0; round < 50; round++) {
      int size = random.nextInt(1, 60);
      List<byte[]> datagrams = new ArrayList<>();
      int[] number = new int[size];
      int[] length = new int[size];
      int sender = 0;
      for (int i = 0; i < size; i++) {
        sender = random.nextInt(3) == 0 ? random.nextInt(3) : sender; // runs of some length
        number[i] = sender + 2;
        length[i] = random.nextInt(20, 1420);
        datagrams.add(from(senders[sender], number[i], length[i]));
      }
      TunnelBatch batch = batch(datagrams);
      DropReason[] reasons = new DropReason[size];
      for (int i = 0; i < size; i++) {
        switch (random.nextInt(6)) {
          case 0 -> {
            batch.drop(i, DropReason.UNKNOWN_INDEX);
            reasons[i] = DropReason.UNKNOWN_INDEX;
          }
          case 1 -> {
            int at = batch.offset(i) + random.nextInt(16, batch.length(i));
            batch.bytes().put(at, (byte) (batch.bytes().get(at) ^ 1 << random.nextInt(8)));
            reasons[i] = DropReason.NOT_AUTHENTIC;
          }
          default -> {
            // stays good
          }
        }
      }
      decrypt(batch);
      for (int i = 0; i < size; i++) {
        assertThat(batch.reason(i)).as("packet %d of %d", i, size).isEqualTo(reasons[i]);
        if (batch.isLive(i)) {
          byte[] expected = Packets.ipv4(number[i], ALICE, length[i]);
          assertThat(Arrays.copyOf(Packets.bytes(batch, i), length[i])).isEqualTo(expected);
        }
      }
      batch.release();
    }
  }
}
