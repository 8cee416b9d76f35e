package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.AeadProvider;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AeadAdviceTest {
  private static final String WIDE = "fpu sse2 avx2 avx512f avx512ifma";
  private static final String NARROW = "fpu sse2 avx2 avx512f";

  private static AeadChoice choice(String name, long ns, Map<String, String> problems) {
    AeadProvider provider = new TestedAeadProvider(name, () -> "", JdkAead::new);
    Map<AeadLoad, Long> packetNs = new EnumMap<>(AeadLoad.class);
    for (AeadLoad load : AeadLoad.values()) {
      packetNs.put(load, ns);
    }
    return AeadChoice.fastest(
        List.of(new AeadChoice.Measured(provider, new AeadFigures(name, packetNs))), problems);
  }

  @Test
  void shouldSayWhatIsUsedAndWhatItTakes() {
    assertThat(AeadAdvice.summary(choice("openssl", 1226, Map.of())))
        .isEqualTo("openssl, 1226 ns for 1424 bytes");
    AeadProvider jdk = AeadProviders.named("jdk");
    assertThat(AeadAdvice.summary(AeadChoice.of(jdk))).isEqualTo("jdk, not measured");
  }

  @Test
  void shouldNameWhatWouldBeFasterOnThisProcessor() {
    Map<String, String> problems = Map.of("ipsec-mb", "found none", "boringssl", "found neither");
    AeadChoice openSsl = choice("openssl", 1226, problems);
    assertThat(AeadAdvice.faster(openSsl, WIDE))
        .containsExactly("ipsec-mb (found none)", "boringssl (found neither)");
    assertThat(AeadAdvice.faster(openSsl, NARROW)).containsExactly("boringssl (found neither)");
    assertThat(AeadAdvice.faster(openSsl, "")).containsExactly("boringssl (found neither)");
  }

  @Test
  void shouldNotNameWhatWouldNotHelp() {
    Map<String, String> without = Map.of("boringssl", "found neither");
    assertThat(AeadAdvice.faster(choice("ipsec-mb", 400, without), WIDE)).isEmpty();
    assertThat(AeadAdvice.faster(choice("boringssl", 720, Map.of()), WIDE)).isEmpty();
  }
}
