package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The choice among ciphers whose time is made up: each takes what it says, on a clock of ours. */
class AeadChooserTest {
  private final AtomicLong clockNs = new AtomicLong();
  private final NativePackets packets = new NativePackets();

  @AfterEach
  void close() {
    packets.close();
  }

  private AeadProvider cipher(String name, long callNs, long packetNs, long byteNs) {
    return new TestedAeadProvider(
        name, () -> "", () -> new TimedAead(name, clockNs, callNs, packetNs, byteNs));
  }

  private AeadChoice choose(AeadProvider... candidates) {
    return chooser(candidates).measure(clockNs::get);
  }

  private AeadChooser chooser(AeadProvider... candidates) {
    AeadProvider resort = cipher("resort", 0, 9000, 9);
    return new AeadChooser(List.of(candidates), resort, candidates[0]);
  }

  @Test
  void shouldTakeWhatIsFastestForEachLoad() {
    // As a library of many packets a call, on a processor that it was made for.
    AeadProvider batch = cipher("batch", 500, 100, 1);
    AeadProvider single = cipher("single", 50, 150, 2);
    AeadChoice choice = choose(single, batch);
    assertThat(choice.name(AeadLoad.MANY_LARGE)).isEqualTo("batch");
    assertThat(choice.name(AeadLoad.MANY_SMALL)).isEqualTo("batch");
    assertThat(choice.name(AeadLoad.ONE_LARGE)).isEqualTo("batch");
    assertThat(choice.name(AeadLoad.ONE_SMALL)).isEqualTo("single");
    assertThat(choice.packetNs(AeadLoad.ONE_SMALL)).isEqualTo(50 + 150 + 2 * 64);
    assertThat(choice.packetNs(AeadLoad.MANY_LARGE)).isEqualTo(500 / 32 + 100 + 1424);
  }

  @Test
  void shouldNotTakeTheBatchWhereItIsSlow() {
    // The same library with narrow registers.
    assertThat(choose(cipher("batch", 500, 100, 4), cipher("single", 50, 150, 2)).providers())
        .allSatisfy((load, provider) -> assertThat(provider.name()).isEqualTo("single"));
  }

  @Test
  void shouldNotKeepASecondCipherForLessThanATenth() {
    assertThat(choose(cipher("one", 0, 100, 2), cipher("other", 0, 95, 3)).providers())
        .allSatisfy((load, provider) -> assertThat(provider.name()).isEqualTo("one"));
  }

  @Test
  void shouldUseTheLastResortOnlyIfThereIsNothingElse() {
    AeadProvider missing = new TestedAeadProvider("missing", () -> "found none", JdkAead::new);
    AeadChoice choice = choose(missing);
    assertThat(choice.name(AeadLoad.MANY_LARGE)).isEqualTo("resort");
    assertThat(choice.problems()).containsExactly(Map.entry("missing", "found none"));

    assertThat(choose(cipher("one", 0, 100, 2)).figures())
        .extracting(AeadFigures::name)
        .containsExactly("one");
    assertThat(chooser(cipher("one", 0, 100, 2)).measureAll(clockNs::get).figures())
        .extracting(AeadFigures::name)
        .containsExactly("one", "resort");
  }

  @Test
  void shouldNotUseAFastCipherThatIsWrongAtOneLength() {
    AeadProvider wrong =
        new TestedAeadProvider(
            "wrong", () -> "", () -> new AeadWithFault(new JdkAead(), 1000, true));
    AeadChooser chooser = chooser(wrong, cipher("right", 0, 100, 2));
    assertThat(chooser.name()).isEqualTo("wrong");
    AeadChoice choice = chooser.measure(clockNs::get);
    assertThat(chooser.name()).isEqualTo("right");
    assertThat(choice.problems().get("wrong")).contains("of some length wrongly");
  }

  @Test
  void shouldSurviveACipherThatThrows() {
    AeadProvider broken =
        new AeadProvider() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public boolean isAvailable() {
            return true;
          }

          @Override
          public String whyUnavailable() {
            return "";
          }

          @Override
          public Aead create() {
            throw new UnsatisfiedLinkError("gone");
          }
        };
    AeadChoice choice = choose(broken, cipher("right", 0, 100, 2));
    assertThat(choice.name(AeadLoad.MANY_LARGE)).isEqualTo("right");
    assertThat(choice.problems().get("broken")).contains("gone");
  }

  @Test
  void shouldChangeOverInInstancesThatAreInUse() {
    AeadChooser chooser = chooser(cipher("single", 50, 150, 2), cipher("batch", 500, 100, 1));
    try (Aead aead = chooser.create()) {
      assertThat(sealedBy(aead, 32, 1424)).isEqualTo("single");
      chooser.measure(clockNs::get);
      assertThat(aead.name()).isEqualTo("batch");
      assertThat(sealedBy(aead, 32, 1424)).isEqualTo("batch");
      assertThat(sealedBy(aead, 4, 64)).isEqualTo("batch");
      assertThat(sealedBy(aead, 3, 64)).isEqualTo("single");
      assertThat(sealedBy(aead, 1, 1424)).isEqualTo("batch");
    }
  }

  @Test
  void shouldNotBeUsedAfterItsEnd() {
    Aead aead = chooser(cipher("one", 0, 100, 2)).create();
    aead.close();
    aead.close();
    assertThatThrownBy(() -> sealedBy(aead, 1, 64)).isInstanceOf(IllegalStateException.class);
  }

  /** Which cipher has sealed such a run, told by the time that it took. */
  private String sealedBy(Aead aead, int count, int lengthBytes) {
    AeadRun run = new AeadRun(count);
    byte[][] plaintexts = new byte[count][lengthBytes];
    for (int i = 0; i < count; i++) {
      Arrays.fill(plaintexts[i], (byte) i);
      long place = packets.place(plaintexts[i], Aead.TAG_BYTES);
      run.add(place, place, lengthBytes, i);
    }
    long keyAddress = packets.key(new byte[32]);
    aead.seal(keyAddress, run); // which may have to make the cipher first, and that takes time
    for (int i = 0; i < count; i++) {
      Memory.write(plaintexts[i], 0, run.source(i), lengthBytes);
    }
    long begin = clockNs.get();
    aead.seal(keyAddress, run);
    long tookNs = clockNs.get() - begin;
    assertThat(packets.read(run.source(count - 1), lengthBytes + Aead.TAG_BYTES))
        .isEqualTo(AeadOracle.seal(new byte[32], count - 1, new byte[0], plaintexts[count - 1]));
    return tookNs == 500 + count * (100L + lengthBytes) ? "batch" : "single";
  }
}
