package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.Quota;
import io.wgnetty.limit.RateLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ConfigurationTextTest {
  @Test
  void shouldReadBackWhatItWrites() {
    long seed = new Random().nextLong();
    System.out.println("written from seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Configuration configuration = new Generator(random).configuration();
      Configuration again = accepted(ConfigurationText.render(configuration));
      assertSame(again, configuration);
      assertThat(ConfigurationText.render(again))
          .isEqualTo(ConfigurationText.render(configuration));
    }
  }

  private static void assertSame(Configuration actual, Configuration expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .ignoringFields("settings.privateKey")
        .isEqualTo(expected);
    PrivateKey key = expected.settings().privateKey();
    if (key == null) {
      assertThat(actual.settings().privateKey()).isNull();
    } else {
      assertThat(key.sameAs(actual.settings().privateKey())).isTrue();
    }
  }

  @Test
  void shouldWriteNothingThatIsNotSaid() {
    assertThat(ConfigurationText.render(accepted(""))).isEqualTo("[Interface]\n");
  }

  @Test
  void shouldRefuseCommandOfTwoLines() {
    InterfaceSettings plain = accepted("").settings();
    var hooks = new Hooks(List.of("a\nPrivateKey = x"), List.of(), List.of(), List.of());
    var settings =
        new InterfaceSettings(
            null, 0, 0, List.of(), null, List.of(), List.of(), plain.table(), hooks, false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfigurationText.render(new Configuration(settings, List.of())));
  }

  /** Configurations of any values that a file can have. */
  private record Generator(Random random) {
    Configuration configuration() {
      List<PeerSettings> peers = list(3, this::peer);
      var settings =
          new InterfaceSettings(
              random.nextBoolean() ? PrivateKey.generate(random) : null,
              random.nextInt(65536),
              random.nextBoolean() ? random.nextInt() : 0,
              list(3, this::address),
              random.nextBoolean() ? 68 + random.nextInt(65_408) : null,
              list(2, () -> address().host().toString().replaceFirst("/.*", "")),
              list(2, () -> "d" + random.nextInt(100) + ".example"),
              table(),
              new Hooks(hooks(), hooks(), hooks(), hooks()),
              random.nextBoolean(),
              gateway(),
              groups());
      return new Configuration(settings, peers);
    }

    private GatewaySettings gateway() {
      List<String> outgoing = list(2, () -> "eth" + random.nextInt(10));
      boolean byDefaultRoute = outgoing.isEmpty() && random.nextBoolean();
      return new GatewaySettings(byDefaultRoute, outgoing, random.nextBoolean());
    }

    private Map<String, PeerLimit> groups() {
      Map<String, PeerLimit> groups = new HashMap<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        PeerLimit rates =
            new PeerLimit(new RateLimit(8000 + random.nextInt(99), 0), RateLimit.NONE);
        var then = random.nextBoolean() ? rates.in() : RateLimit.NONE;
        var quota = new Quota(1000 + random.nextInt(9999), Quota.Period.DAY, then, RateLimit.NONE);
        groups.put("g" + random.nextInt(9), rates.withQuota(random.nextBoolean() ? quota : null));
      }
      return groups;
    }

    private <T> List<T> list(int max, Supplier<T> supplier) {
      List<T> list = new ArrayList<>();
      for (int n = random.nextInt(max + 1); n > 0; n--) {
        list.add(supplier.get());
      }
      return list;
    }

    private RouteTable table() {
      return switch (random.nextInt(3)) {
        case 0 -> RouteTable.AUTO;
        case 1 -> RouteTable.OFF;
        default -> RouteTable.numbered(random.nextInt());
      };
    }

    private List<String> hooks() {
      return list(2, () -> "echo " + random.nextInt() + " \"# ä\t=\" %i; b");
    }

    private InterfaceAddress address() {
      IpPrefix host = IpPrefix.of(bytes(random.nextBoolean() ? 4 : 16), 0);
      int bits = host.isIpv6() ? 128 : 32;
      return new InterfaceAddress(IpPrefix.of(bytes(bits / 8), bits), random.nextInt(bits + 1));
    }

    private byte[] bytes(int count) {
      byte[] bytes = new byte[count];
      random.nextBytes(bytes);
      return bytes;
    }

    private PeerSettings peer() {
      return new PeerSettings(
          PublicKey.of(bytes(32)),
          random.nextBoolean() ? PresharedKey.generate(random) : PresharedKey.none(),
          // Longer than /32 and random: no two alike.
          list(4, () -> IpPrefix.of(bytes(16), 33 + random.nextInt(96))),
          endpoint(),
          random.nextBoolean() ? random.nextInt(65536) : 0,
          random.nextBoolean() ? "Gerät #" + random.nextInt() + " = [Peer]" : null);
    }

    private EndpointName endpoint() {
      String host = address().host().toString().replaceFirst("/.*", "");
      return new EndpointName(
          random.nextBoolean() ? "host-" + random.nextInt(9) : host, random.nextInt(65536));
    }
  }
}
