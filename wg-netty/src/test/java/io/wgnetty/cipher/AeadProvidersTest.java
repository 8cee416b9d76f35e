package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeadProvidersTest {
  @Test
  void shouldBeginWithTheFirstThatIsAvailable() {
    assertThat(AeadProviders.all().stream().map(AeadProvider::name))
        .containsExactly("boringssl", "openssl", "ipsec-mb", "jdk");
    assertThat(AeadProviders.fastest()).isSameAs(AeadProviders.fastest());
  }

  @Test
  void shouldUseNoOtherThanTheOneThatIsAskedFor() {
    AeadChooser only = AeadProviders.only("jdk");
    assertThat(only.name()).isEqualTo("jdk");
    AeadChoice choice = only.measure(System::nanoTime);
    assertThat(choice.figures()).extracting(AeadFigures::name).containsExactly("jdk");
    for (AeadLoad load : AeadLoad.values()) {
      assertThat(choice.name(load)).isEqualTo("jdk");
      assertThat(choice.packetNs(load)).isPositive();
    }
    assertThatThrownBy(() -> AeadProviders.only("rot13"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldAlwaysHaveTheJdk() {
    AeadProvider jdk = AeadProviders.named("jdk");
    assertThat(jdk.isAvailable()).isTrue();
    assertThat(jdk.whyUnavailable()).isEmpty();
  }

  @Test
  void shouldNameTheProvidersWhenAskedForAnUnknownOne() {
    assertThatThrownBy(() -> AeadProviders.named("rot13"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rot13")
        .hasMessageContaining("boringssl, openssl, ipsec-mb, jdk");
  }

  @Test
  void shouldSayWhyALibraryIsMissing() {
    AeadProvider provider = new TestedAeadProvider("none", () -> "found no library", JdkAead::new);
    assertThat(provider.isAvailable()).isFalse();
    assertThat(provider.whyUnavailable()).isEqualTo("found no library");
    assertThatThrownBy(provider::create)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found no library");
  }

  @Test
  void shouldBeUnavailableIfItsLibraryCannotBeCalled() {
    AeadProvider provider =
        new TestedAeadProvider(
            "broken",
            () -> "",
            () -> {
              throw new UnsatisfiedLinkError("no such symbol");
            });
    assertThat(provider.whyUnavailable()).contains("no such symbol");
  }

  @Test
  void shouldBeUnavailableIfItSealsWrongly() {
    assertThat(
            whyRefused(
                (method, arguments, result) -> {
                  if (method.equals("seal") && arguments[0] instanceof byte[]) {
                    ((byte[]) arguments[4])[20] ^= 1;
                  }
                  return result;
                }))
        .contains("sealed a message wrongly");
  }

  @Test
  void shouldBeUnavailableIfItTakesEveryMessageForGenuine() {
    assertThat(
            whyRefused(
                (method, arguments, result) ->
                    method.equals("open") && arguments[0] instanceof byte[] ? true : result))
        .contains("damaged message");
  }

  @Test
  void shouldBeUnavailableIfItRefusesEveryMessage() {
    assertThat(
            whyRefused(
                (method, arguments, result) ->
                    method.equals("open") && arguments[0] instanceof byte[] ? false : result))
        .contains("did not open its own message");
  }

  @Test
  void shouldBeUnavailableIfItSealsPacketsWrongly() {
    assertThat(
            whyRefused(
                (method, arguments, result) -> {
                  if (method.equals("seal") && arguments[1] instanceof AeadRun run) {
                    Memory.write(new byte[] {1}, 0, run.destination(0) + 700, 1);
                  }
                  return result;
                }))
        .contains("packet");
  }

  @Test
  void shouldBeUnavailableIfItTakesEveryPacketForGenuine() {
    assertThat(
            whyRefused(
                (method, arguments, result) -> {
                  if (method.equals("open") && arguments[1] instanceof AeadRun run) {
                    for (int i = 0; i < run.size(); i++) {
                      run.setVerified(i, true);
                    }
                    return run.size();
                  }
                  return result;
                }))
        .contains("damaged packet");
  }

  @Test
  void shouldKeepTheSymbolsOfTwoLibrariesApart() {
    // If one resolved to the other's, these would be each other's structures, and fail or crash.
    List<String> natives = List.of("ipsec-mb", "boringssl", "openssl");
    byte[] expected = new byte[16];
    AeadProviders.named("jdk")
        .create()
        .seal(new byte[32], 1, new byte[0], new byte[0], expected, 0);
    for (int round = 0; round < 3; round++) {
      for (String name : natives) {
        AeadProvider provider =
            AeadProviders.all().stream().filter(p -> p.name().equals(name)).findFirst().get();
        if (provider.isAvailable()) {
          try (Aead aead = provider.create()) {
            byte[] out = new byte[16];
            aead.seal(new byte[32], 1, new byte[0], new byte[0], out, 0);
            assertThat(out).isEqualTo(expected);
          }
          X25519Providers.available().forEach(x -> assertThat(X25519SelfTest.run(x)).isEmpty());
        }
      }
    }
  }

  private interface Fault {
    Object apply(String method, Object[] arguments, Object result);
  }

  /** Why a cipher is refused that is the JDK's but for one fault. */
  private static String whyRefused(Fault fault) {
    AeadProvider faulty =
        new TestedAeadProvider("faulty", () -> "", () -> withFault(new JdkAead(), fault));
    assertThat(faulty.isAvailable()).isFalse();
    return faulty.whyUnavailable();
  }

  private static Aead withFault(Aead sound, Fault fault) {
    UnaryOperator<Object[]> none = arguments -> arguments == null ? new Object[2] : arguments;
    return (Aead)
        Proxy.newProxyInstance(
            AeadProvidersTest.class.getClassLoader(),
            new Class<?>[] {Aead.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(sound, arguments);
              return fault.apply(method.getName(), Arrays.copyOf(none.apply(arguments), 8), result);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 255, 1000, 1535})
  void shouldRefuseTheOnlyCipherIfItIsWrongAtOneLength(int length) {
    for (boolean sealing : new boolean[] {true, false}) {
      var wrong =
          new TestedAeadProvider(
              "wrong", () -> "", () -> new AeadWithFault(new JdkAead(), length, sealing));
      assertThat(wrong.isAvailable()).isTrue(); // the short self-test does not see it
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AeadProviders.only(wrong))
          .withMessageMatching("cipher provider wrong must not be used: it .* of .*");
    }
    var right = new TestedAeadProvider("right", () -> "", JdkAead::new);
    assertThat(AeadProviders.only(right).name()).isEqualTo("right");
  }
}
