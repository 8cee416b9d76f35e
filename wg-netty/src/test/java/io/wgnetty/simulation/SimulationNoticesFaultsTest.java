package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A simulation that never fails proves nothing: nodes with a defect must be found out. */
class SimulationNoticesFaultsTest {
  private static final int MAX_SEEDS = 20;

  @ParameterizedTest
  @CsvSource({
    "SKIPS_REPLAY_CHECK, twice",
    "CONFIRMS_TOO_EARLY, before the initiator confirmed it",
    "SKIPS_SOURCE_CHECK, from a wrong source",
    "USES_COUNTER_TWICE, again",
    "TELLS_COUNTERS_TOO_EARLY, again",
    "USES_SESSIONS_TOO_LONG, after 180 s",
    "FORGETS_SPACING, after its last message"
  })
  void shouldNotice(Fault fault, String complaint) {
    String found = "";
    for (long seed = 1; seed <= MAX_SEEDS && found.isEmpty(); seed++) {
      found = complaintAbout(fault, seed);
    }
    assertThat(found).contains(complaint);
  }

  @Test
  void shouldNoticeThatJitterIsForgotten() {
    assertThatThrownBy(() -> SimultaneousOpenTest.collide(Fault.FORGETS_JITTER))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("is stuck");
  }

  @Test
  void shouldNoticeThatAnAttemptIsGivenUpForThePeers() {
    assertThatThrownBy(() -> SimultaneousOpenTest.openOnce(Fault.GIVES_UP_ITS_OWN_ATTEMPT))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("in vain");
  }

  @Test
  void shouldNoticeThatATimerForgetsRefusedSends() {
    assertThatThrownBy(() -> KeepaliveTest.recover(Fault.FORGETS_REFUSED_SENDS))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("is not heard");
  }

  private static String complaintAbout(Fault fault, long seed) {
    try {
      new Simulation(seed, fault).run(HOURS.toNanos(5));
      return "";
    } catch (Violation e) {
      return e.getMessage().lines().findFirst().orElse("");
    }
  }
}
