package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.key;
import static io.wgnetty.config.ConfigurationTexts.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1/24 | '' | 10.0.0.2/24",
        "10.0.0.7/24 | '' | 10.0.0.1/24",
        "10.0.0.1/24 | 10.0.0.2/32 10.0.0.4/32 | 10.0.0.3/24",
        "10.0.0.1/24 | 10.0.0.0/25 | 10.0.0.128/24",
        "10.0.0.1/24 | 10.0.0.4/30 10.0.0.2/32 10.0.0.3/32 10.0.0.5/32 | 10.0.0.8/24",
        "10.0.0.1/24 | 0.0.0.0/0 10.0.0.0/8 | 10.0.0.2/24",
        "10.0.0.1/24 | 10.0.1.2/32 | 10.0.0.2/24",
        "10.0.0.1/30 | '' | 10.0.0.2/30",
        "10.0.0.1/31 | '' | 10.0.0.0/31",
        "255.255.255.253/30 | '' | 255.255.255.254/30",
        "0.0.0.1/0 | 0.0.0.2/31 | 0.0.0.4/0",
        "fd00::1/64 | fd00::2/127 | fd00::4/64",
        "fd00::1/126 | fd00::2/128 | fd00::3/126",
        "fd00::/127 | '' | fd00::1/127",
        "ffff:ffff::1/32 | ffff:ffff::/33 | ffff:ffff:8000::/32",
        "10.0.0.1/24 fd00::1/64 | 10.0.0.2/32 | 10.0.0.3/24 fd00::2/64",
        "10.0.0.1/24 10.0.0.2/24 10.9.9.9/32 fd00::9 | '' | 10.0.0.3/24",
        "10.0.0.1/24 10.0.0.1/25 | '' | 10.0.0.2/24",
        "10.0.0.1/8 10.1.0.1/16 | 10.0.0.0/16 10.1.0.0/24 | 10.1.1.0/8 10.1.1.1/16"
      })
  void shouldFindLowestFreeAddressOfEachNetwork(String own, String allowed, String expected) {
    assertThat(new AddressPool(settings("Address=" + own), peers(allowed), List.of()).take())
        .map(Object::toString)
        .containsExactly(expected.split(" "));
  }

  private static List<PeerSettings> peers(String allowed) {
    List<IpPrefix> prefixes =
        Stream.of(allowed.split(" ")).filter(s -> !s.isEmpty()).map(IpPrefix::parse).toList();
    return List.of(
        new PeerSettings(
            key(ConfigurationTexts.PEER_A), PresharedKey.none(), prefixes, null, 0, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1/30 | 10.0.0.2/32 | 10.0.0.0/30",
        "10.0.0.1/24 | 10.0.0.0/24 | 10.0.0.0/24",
        "10.0.0.1/24 | 10.0.0.0/25 10.0.0.128/25 | 10.0.0.0/24",
        "10.0.0.1/31 | 10.0.0.0/32 | 10.0.0.0/31",
        "10.0.0.1/24 fd00::1/127 | fd00::/128 | fd00::/127"
      })
  void shouldSayWhichNetworkIsFull(String own, String allowed, String network) {
    assertThatIllegalStateException()
        .isThrownBy(
            () -> new AddressPool(settings("Address=" + own), peers(allowed), List.of()).take())
        .withMessageContaining("the network " + network + " is full");
  }

  @ParameterizedTest
  @CsvSource({"DNS=1.1.1.1", "Address=10.0.0.1/32"})
  void shouldSayThatThereIsNoNetwork(String line) {
    assertThatIllegalStateException()
        .isThrownBy(() -> new AddressPool(settings(line), List.of(), List.of()).take())
        .withMessageContaining("no network");
  }

  @Test
  void shouldFindTheOneGapAmongManyPeers() {
    List<PeerSettings> peers =
        IntStream.range(2, 100_000)
            .filter(i -> i != 54_321)
            .mapToObj(AddressPoolTest::host)
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(peers, new Random(1));
    assertThat(new AddressPool(settings("Address=10.0.0.1/8"), peers, List.of()).take())
        .map(Object::toString)
        .containsExactly("10.0.212.49/8");
  }

  private static PeerSettings host(int number) {
    var prefix = new IpPrefix(false, (10L << 24 | number) << 32, 0, 32);
    return new PeerSettings(
        key(ConfigurationTexts.PEER_A), PresharedKey.none(), List.of(prefix), null, 0, null);
  }

  @Test
  void shouldNotGiveAwayWhatAPeerOfTheRunningNodeHas() {
    assertThat(
            new AddressPool(
                    settings("Address=10.0.0.1/24"),
                    peers("10.0.0.2/32"),
                    List.of(IpPrefix.parse("10.0.0.3/32"), IpPrefix.parse("10.0.0.4/31")))
                .take())
        .hasToString("[10.0.0.6/24]");
  }

  @Test
  void shouldGiveEachAddressOnce() {
    var pool =
        new AddressPool(
            settings("Address=10.0.0.1/29, 10.0.0.8/8"), peers("10.0.0.3/32"), List.of());
    assertThat(pool.take()).hasToString("[10.0.0.2/29, 10.0.0.4/8]");
    assertThat(pool.take()).hasToString("[10.0.0.5/29, 10.0.0.6/8]");
    assertThatIllegalStateException()
        .isThrownBy(pool::take)
        .withMessageContaining("10.0.0.0/29 is full");
  }
}
