package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.config.EndpointName;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class EndpointResolverTest {
  private static final EndpointName NAME = new EndpointName("vpn.example.net", 51820);

  private final FakeWorld world = new FakeWorld();

  private EndpointResolver resolver() {
    return new EndpointResolver(world.tools());
  }

  @Test
  void shouldNotLookUpNumbers() throws Exception {
    assertThat(resolver().resolvePatiently(new EndpointName("192.0.2.1", 7)))
        .hasToString("192.0.2.1:7");
    assertThat(resolver().resolvePatiently(new EndpointName("2001:db8::1", 7)))
        .hasToString("[2001:db8::1]:7");
    assertThat(world.lookedUp).isEmpty();
  }

  @Test
  void shouldWaitLongerAndLongerForAnAnswer() throws Exception {
    world.unanswered = 4;
    assertThat(resolver().resolvePatiently(NAME)).hasToString("192.0.2.9:51820");
    assertThat(world.pausesMs).containsExactly(1000L, 1200L, 1440L, 1728L);
  }

  @Test
  void shouldGiveUpAfterFifteenRetries() {
    world.unanswered = 1000;
    assertThatThrownBy(() -> resolver().resolvePatiently(NAME))
        .hasMessage("Endpoint vpn.example.net:51820: Temporary failure in name resolution");
    assertThat(world.pausesMs).hasSize(15).allMatch(ms -> ms <= 20_000);
    assertThat(world.lookedUp).hasSize(16);
  }

  @Test
  void shouldNotTryAgainWhereThereIsNoSuchName() {
    assertThatThrownBy(() -> resolver().resolvePatiently(new EndpointName("absent.example.net", 1)))
        .hasMessageContaining("Name or service not known");
    assertThat(world.lookedUp).hasSize(1);
  }

  @Test
  void shouldTryAsOftenAsTheEnvironmentSays() throws Exception {
    world.environment.put("WG_ENDPOINT_RESOLUTION_RETRIES", "2");
    world.unanswered = 3;
    assertThatThrownBy(() -> resolver().resolvePatiently(NAME)).isInstanceOf(SetupException.class);
    assertThat(world.lookedUp).hasSize(3);

    world.environment.put("WG_ENDPOINT_RESOLUTION_RETRIES", "infinity");
    world.unanswered = 500;
    assertThat(resolver().resolvePatiently(NAME)).isNotNull();
    assertThat(world.pausesMs).hasSize(502);
    assertThat(Collections.max(world.pausesMs)).isEqualTo(20_000);

    world.environment.put("WG_ENDPOINT_RESOLUTION_RETRIES", "many");
    assertThatThrownBy(() -> resolver().resolvePatiently(NAME))
        .hasMessageContaining("must be a number");
  }

  @Test
  void shouldTryOnceWhereNobodyWaits() {
    world.unanswered = 1;
    assertThatThrownBy(() -> resolver().resolveNow(NAME)).isInstanceOf(SetupException.class);
    assertThat(world.pausesMs).isEmpty();
  }

  @Test
  void shouldAskTheSystem() throws Exception {
    var names = new SystemNames();
    assertThat(names.lookup("127.0.0.9", 5)).hasToString("127.0.0.9:5");
    assertThat(names.lookup("fe80::1%lo", 5).scopeId()).isPositive();
    assertThat(names.lookup("localhost", 5).port()).isEqualTo(5);
    assertThatThrownBy(() -> names.lookup("256.1.1.1.invalid.", 5))
        .isInstanceOf(NameLookupException.class)
        .message()
        .isNotEmpty();
  }
}
