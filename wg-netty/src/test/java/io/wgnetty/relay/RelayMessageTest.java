package io.wgnetty.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RelayMessageTest {
  private final SplittableRandom random = new SplittableRandom(1);
  private final Blake2sState state = new Blake2sState();
  private final RelayKeys keys = keys(1);

  static RelayKeys keys(int seed) {
    byte[] secret = new byte[RelayKeys.SECRET_BYTES];
    new SplittableRandom(seed).nextBytes(secret);
    return new RelayKeys(secret);
  }

  private byte[] message(Endpoint source, byte[] datagram) {
    byte[] message =
        RelayMessage.of(3, 63, source, 0x22, ByteBuffer.wrap(datagram), 0, datagram.length);
    RelayMessage.seal(message, state, keys.datagrams());
    return message;
  }

  private void expectBack(Endpoint source, int length) {
    byte[] datagram = new byte[length];
    random.nextBytes(datagram);
    byte[] message = message(source, datagram);
    RelayMessage read = Objects.requireNonNull(RelayMessage.open(message, state, keys.datagrams()));
    assertThat(read.source()).isEqualTo(source);
    assertThat(read.source().local()).isEqualTo(source.local());
    assertThat(read.from()).isEqualTo(3);
    assertThat(read.to()).isEqualTo(63);
    assertThat(read.trafficClass()).isEqualTo(0x22);
    assertThat(read.datagram(message)).isEqualTo(datagram);
  }

  @Test
  void shouldBringDatagramsAndWhereTheyCameFromAndWentTo() {
    Endpoint v4 = Endpoint.ipv4(0xc0000201, 0xffff);
    Endpoint v6 = Endpoint.ipv6(0x20010db8_00000000L, 0x8000000000000001L, 1, 0);
    for (int length : new int[] {0, 1, 32, 1452, NodeRelay.MAX_DATAGRAM_BYTES}) {
      expectBack(v4, length);
      expectBack(v4.withLocal(new LocalAddress(0, 0xc6336401L, 0)), length);
      expectBack(v6, length);
      expectBack(v6.withLocal(new LocalAddress(0x20010db8_00000000L, 7, 0)), length);
    }
  }

  @Test
  void shouldTakeNothingThatAnyBitOfIsAnother() {
    byte[] message = message(Endpoint.ipv4(1, 2), new byte[40]);
    for (int bit = 0; bit < Byte.SIZE * message.length; bit++) {
      byte[] other = message.clone();
      other[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThat(RelayMessage.open(other, state, keys.datagrams())).as("bit %d", bit).isNull();
    }
    for (int length = 0; length < message.length; length++) {
      assertThat(RelayMessage.open(Arrays.copyOf(message, length), state, keys.datagrams()))
          .isNull();
    }
  }

  @Test
  void shouldTakeNothingOfAnotherCluster() {
    byte[] message = message(Endpoint.ipv4(1, 2), new byte[40]);
    assertThat(RelayMessage.open(message, state, keys(2).datagrams())).isNull();
    assertThat(keys.isSigned("a", keys(1).sign("a"))).isTrue();
    assertThat(keys.isSigned("a", keys(2).sign("a"))).isFalse();
    assertThat(keys.isSigned("b", keys.sign("a"))).isFalse();
    assertThat(keys.isSigned("a", new byte[0])).isFalse();
  }

  @Test
  void shouldGiveSoManyASecond() {
    var budget = new RelayBudget(1000);
    int taken = 0;
    for (long nowNs = 0; nowNs < 1_000_000_000L; nowNs += 100_000) {
      taken += budget.take(nowNs) ? 1 : 0;
    }
    assertThat(taken).isBetween(1000, 1101);
    assertThat(budget.take(10_000_000_000L)).isTrue();
  }
}
