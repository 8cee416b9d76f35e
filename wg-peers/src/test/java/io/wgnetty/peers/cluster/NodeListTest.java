package io.wgnetty.peers.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.relay.RelayKeys;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To which nodes datagrams are handed on. */
class NodeListTest {
  private final RelayKeys keys = new RelayKeys(new byte[RelayKeys.SECRET_BYTES]);
  private final NodeList list = new NodeList("a", keys);
  private final List<String> problems = new ArrayList<>();

  private void add(String name, int number, String address, RelayKeys with) {
    String proof =
        HexFormat.of().formatHex(with.sign(NodeEntry.Relay.claim(name, number, address)));
    list.nodes().put(name, new NodeEntry(name, 0, "", new NodeEntry.Relay(number, address, proof)));
  }

  private Map<Integer, InetSocketAddress> ways() {
    problems.clear();
    return list.ways(problems::add);
  }

  @Test
  void shouldBeThoseOthersThatProveWhatTheySay() {
    add("a", 0, "192.0.2.1:1000", keys);
    add("b", 1, "192.0.2.2:1000", keys);
    add("c", 2, "[2001:db8::3]:1000", keys);
    list.nodes().put("d", new NodeEntry("d", 0, "", null));
    assertThat(ways())
        .isEqualTo(
            Map.of(
                1, new InetSocketAddress("192.0.2.2", 1000),
                2, new InetSocketAddress("2001:db8::3", 1000)));
    assertThat(problems).isEmpty();
  }

  @Test
  void shouldNotBeOneOfAnotherClusterOrWithAnotherName() {
    byte[] other = new byte[RelayKeys.SECRET_BYTES];
    other[0] = 1;
    add("b", 1, "192.0.2.2:1000", new RelayKeys(other));
    add("c", 2, "192.0.2.3:1000", keys);
    NodeEntry.Relay stolen = Objects.requireNonNull(list.nodes().remove("c")).relay();
    list.nodes().put("e", new NodeEntry("e", 0, "", stolen));
    list.nodes().put("f", new NodeEntry("f", 0, "", new NodeEntry.Relay(3, "192.0.2.4:1", "zz")));
    assertThat(ways()).isEmpty();
    assertThat(problems).hasSize(3);
  }

  @Test
  void shouldNotBeTwoOfOneNumber() {
    add("a", 0, "192.0.2.1:1000", keys);
    add("b", 1, "192.0.2.2:1000", keys);
    add("c", 1, "192.0.2.3:1000", keys);
    add("d", 0, "192.0.2.4:1000", keys);
    assertThat(ways()).isEmpty();
    assertThat(problems).hasSize(2);
  }

  @Test
  void shouldBeNobodyWithoutASecret() {
    add("b", 1, "192.0.2.2:1000", keys);
    var without = new NodeList("a", null);
    without.nodes().putAll(list.nodes());
    assertThat(without.ways(problems::add)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "1000",
        "192.0.2.1",
        "192.0.2.1:",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "host:1000",
        "192.0.2.1:x",
        "2001:db8::1:1000",
        "[2001:db8::1]",
        "[]:1000",
        "999.1.1.1:5"
      })
  void shouldTakeNothingElseForAnAddress(String text) {
    assertThat(NodeList.address(text)).isNull();
  }
}
