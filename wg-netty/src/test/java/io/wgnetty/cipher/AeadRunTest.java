package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of packets, alone and through every provider. */
class AeadRunTest {
  @Test
  void shouldForgetEarlierVerdictsWhenItIsFilledAgain() {
    AeadRun run = new AeadRun(1);
    run.add(1, 2, 3, 4);
    run.setVerified(0, true);
    run.clear();
    run.add(5, 6, 7, 8);
    assertThat(run.verified(0)).isFalse();
    assertThat(run.source(0)).isEqualTo(5);
    assertThat(run.destination(0)).isEqualTo(6);
    assertThat(run.length(0)).isEqualTo(7);
    assertThat(run.counter(0)).isEqualTo(8);
  }

  @Test
  void shouldRefuseMoreThanItsCapacityAndKeepWhatItHas() {
    AeadRun run = new AeadRun(1);
    run.add(1, 2, 3, 4);
    assertThatThrownBy(() -> run.add(5, 6, 7, 8)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(run.size()).isEqualTo(1);
    assertThat(run.capacity()).isEqualTo(1);
  }

  @Nested
  @ParameterizedClass
  @MethodSource("io.wgnetty.cipher.CryptoProviders#aeads")
  class ThroughProvider {
    private static final int LARGEST_RUN = 128;
    private static final int LARGEST_PACKET = 2000;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Aead aead;
    private final NativePackets packets = new NativePackets();

    ThroughProvider(String provider) {
      aead = CryptoProviders.aead(provider);
      System.out.println("AeadRunTest " + provider + " seed " + seed);
    }

    @AfterEach
    void close() {
      packets.assertGuardsUntouched();
      packets.close();
      aead.close();
    }

    @Test
    void shouldSealNothingInAnEmptyRun() {
      AeadRun run = new AeadRun(1);
      aead.seal(packets.key(new byte[32]), run);
      assertThat(aead.open(packets.key(new byte[32]), run)).isZero();
    }

    @Test
    void shouldSealAndOpenRunsOfEverySizeWithMixedLengths() {
      for (int size = 1; size <= LARGEST_RUN; size++) {
        sealAndOpen(size, -1);
      }
    }

    /** Segments of a super-packet: each header belongs where the payload before ended. */
    @Test
    void shouldSealSegmentsWhosePayloadsLieWithoutGaps() {
      for (int size = 1; size <= LARGEST_RUN; size += 9) {
        // Headers longer than payloads reach over more than the packet before.
        sealSegments(size, 40 + random.nextInt(61), 1 + random.nextInt(200));
        sealSegments(size, 52, 1368);
      }
    }

    private void sealSegments(int size, int headerBytes, int payloadBytes) {
      byte[] key = randomBytes(Aead.KEY_BYTES);
      byte[] superPacket = randomBytes(headerBytes + size * payloadBytes);
      long first = packets.place(superPacket, 0);
      int length = headerBytes + payloadBytes;
      AeadRun run = new AeadRun(size);
      byte[][] plaintexts = new byte[size][];
      for (int i = 0; i < size; i++) {
        byte[] header = randomBytes(headerBytes);
        plaintexts[i] = Arrays.copyOf(header, length);
        System.arraycopy(
            superPacket, headerBytes + i * payloadBytes, plaintexts[i], headerBytes, payloadBytes);
        long destination = packets.place(length + Aead.TAG_BYTES);
        long source = first + (long) i * payloadBytes;
        run.add(packets.place(header, 0), headerBytes, source, destination, length, i);
      }
      aead.seal(packets.key(key), run);
      for (int i = 0; i < size; i++) {
        assertThat(packets.read(run.destination(i), length + Aead.TAG_BYTES))
            .as("seed %d, segment %d of %d, %d + %d", seed, i, size, headerBytes, payloadBytes)
            .isEqualTo(AeadOracle.seal(key, i, new byte[0], plaintexts[i]));
      }
    }

    @Test
    void shouldRefuseOneDamagedPacketAmongGoodOnes() {
      for (int size = 1; size <= LARGEST_RUN; size += 7) {
        sealAndOpen(size, random.nextInt(size));
      }
    }

    @Test
    void shouldNotOpenOneRunUnderTheKeyOfTheLast() {
      byte[] plaintext = new byte[50];
      long place = packets.place(plaintext, Aead.TAG_BYTES);
      byte[] first = randomBytes(32);
      byte[] second = first.clone();
      second[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
      AeadRun run = new AeadRun(1);
      run.add(place, place, 50, 3);
      aead.seal(packets.key(first), run);
      run.clear();
      run.add(place, packets.place(50), 66, 3);
      assertThat(aead.open(packets.key(second), run)).isZero();
      assertThat(aead.open(packets.key(first), run)).isEqualTo(1);
      assertThat(aead.open(packets.key(second), run)).isZero();
    }

    /** Seals and opens, some in place and some not, and compares each with the oracle. */
    private void sealAndOpen(int size, int damaged) {
      byte[] key = randomBytes(Aead.KEY_BYTES);
      long keyAddress = packets.key(key);
      byte[][] plaintexts = new byte[size][];
      AeadRun sealing = new AeadRun(size);
      for (int i = 0; i < size; i++) {
        // The oracle takes 9 us a packet: mostly small ones, but all lengths are likely somewhere.
        plaintexts[i] = randomBytes(random.nextInt(i % 8 == 0 ? LARGEST_PACKET + 1 : 130));
        long source = packets.place(plaintexts[i], Aead.TAG_BYTES);
        long destination =
            random.nextBoolean() ? source : packets.place(plaintexts[i].length + Aead.TAG_BYTES);
        sealing.add(source, destination, plaintexts[i].length, random.nextLong());
      }
      aead.seal(keyAddress, sealing);

      AeadRun opening = new AeadRun(size);
      for (int i = 0; i < size; i++) {
        int sealedBytes = plaintexts[i].length + Aead.TAG_BYTES;
        byte[] sealed = packets.read(sealing.destination(i), sealedBytes);
        assertThat(sealed)
            .as("seed %d, packet %d of %d", seed, i, size)
            .isEqualTo(AeadOracle.seal(key, sealing.counter(i), new byte[0], plaintexts[i]));
        if (i == damaged) {
          sealed[random.nextInt(sealedBytes)] ^= (byte) (1 << random.nextInt(8));
          Memory.write(sealed, 0, sealing.destination(i), sealedBytes);
        }
        long destination =
            random.nextBoolean() ? sealing.destination(i) : packets.place(plaintexts[i].length);
        opening.add(sealing.destination(i), destination, sealedBytes, sealing.counter(i));
      }
      int genuine = aead.open(keyAddress, opening);

      assertThat(genuine).isEqualTo(damaged < 0 ? size : size - 1);
      for (int i = 0; i < size; i++) {
        assertThat(opening.verified(i)).as("seed %d, packet %d", seed, i).isEqualTo(i != damaged);
        if (i != damaged) {
          assertThat(packets.read(opening.destination(i), plaintexts[i].length))
              .isEqualTo(plaintexts[i]);
        }
      }
    }

    private byte[] randomBytes(int length) {
      byte[] bytes = new byte[length];
      if (random.nextInt(8) == 0) {
        Arrays.fill(bytes, (byte) 0xff); // the carries' worst case
      } else {
        random.nextBytes(bytes);
      }
      return bytes;
    }
  }
}
