package io.wgnetty.setup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.config.EndpointName;
import io.wgnetty.protocol.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointResolverTest {
  private static final EndpointName NAME = new EndpointName("vpn.example.net", 51820);
  private static final EndpointName ABSENT = new EndpointName("absent.example.net", 1);

  private final FakeWorld world = new FakeWorld();
  private final EndpointResolver resolver = new EndpointResolver(world);

  @Test
  void shouldNotLookUpNumbers() throws Exception {
    EndpointName ipv4 = new EndpointName("192.0.2.1", 7);
    assertThat(EndpointResolver.number(ipv4)).hasToString("192.0.2.1:7");
    assertThat(EndpointResolver.number(new EndpointName("2001:db8::1", 7)))
        .hasToString("[2001:db8::1]:7");
    assertThat(EndpointResolver.number(NAME)).isNull();
    assertThat(resolver.lookUpAll(List.of(ipv4))).isEmpty();
    assertThat(world.lookedUp).isEmpty();
  }

  @Test
  void shouldAnswerForEachNameByItself() throws Exception {
    Map<EndpointName, NameAnswer> answers = resolver.lookUpAll(List.of(NAME, ABSENT, NAME));
    assertThat(answers).containsOnlyKeys(NAME, ABSENT);
    assertThat(requireNonNull(answers.get(NAME)).endpoints()).hasToString("[192.0.2.9:51820]");
    assertThat(requireNonNull(answers.get(ABSENT)).isFound()).isFalse();
    assertThat(requireNonNull(answers.get(ABSENT)).failure())
        .isEqualTo("Name or service not known");
    assertThat(world.lookedUp).hasSize(2);
  }

  @Test
  void shouldTakeTheFamiliesInTurns() {
    world.names.put("vpn.example.net", "2001:db8::1 2001:db8::2 2001:db8::3 192.0.2.1 192.0.2.2");
    assertThat(resolver.lookUp(NAME).endpoints())
        .hasToString(
            "[[2001:db8::1]:51820, 192.0.2.1:51820, [2001:db8::2]:51820, 192.0.2.2:51820,"
                + " [2001:db8::3]:51820]");
  }

  @Test
  void shouldAskForAFewAtATimeAndNotWaitLongForTheRest() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger asking = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    NameLookup stuck =
        (host, port) -> {
          if (host.startsWith("stuck")) {
            most.accumulateAndGet(asking.incrementAndGet(), Math::max);
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new NameLookupException("interrupted", true);
            } finally {
              asking.decrementAndGet();
            }
          }
          return List.of(Endpoint.ipv4(0x7f000001, port));
        };
    List<EndpointName> names =
        IntStream.range(0, 20)
            .mapToObj(i -> new EndpointName((i == 0 ? "good" : "stuck") + i, 1))
            .toList();
    Map<EndpointName, NameAnswer> answers = new EndpointResolver(stuck).lookUpAll(names);
    assertThat(answers).hasSize(20);
    assertThat(requireNonNull(answers.get(names.getFirst())).isFound()).isTrue();
    assertThat(requireNonNull(answers.get(names.getLast())).isFound()).isFalse();
    assertThat(most).hasValue(4);
    never.countDown();
  }

  @Test
  void shouldAskTheSystem() throws Exception {
    var names = new SystemNames();
    assertThat(names.lookup("127.0.0.9", 5)).hasToString("[127.0.0.9:5]");
    assertThat(names.lookup("fe80::1%lo", 5).getFirst().scopeId()).isPositive();
    assertThat(names.lookup("localhost", 5)).doesNotHaveDuplicates().isNotEmpty();
    assertThatThrownBy(() -> names.lookup("256.1.1.1.invalid.", 5))
        .isInstanceOf(NameLookupException.class)
        .message()
        .isNotEmpty();
  }
}
