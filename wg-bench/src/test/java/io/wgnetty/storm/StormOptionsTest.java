package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.storm.StormOptions.LoadName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class StormOptionsTest {
  @Test
  void shouldReadALoadAndItsNumbers() {
    StormOptions options =
        StormOptions.parse("restart", "--clients", "60000", "--addresses=100", "--no-tcp");

    assertThat(options.load).isEqualTo(LoadName.RESTART);
    assertThat(options.clients).isEqualTo(60_000);
    assertThat(options.addresses).isEqualTo(100);
    assertThat(options.noTcp).isTrue();
  }

  @Test
  void shouldHaveOneNewcomerForEachMomentOfTheWholeLoad() {
    StormOptions options = StormOptions.parse("restart", "--newcomers", "10", "--limit", "30");

    assertThat(options.newcomerCount()).isEqualTo(300);
  }

  @Test
  void shouldHaveNoNewcomersWhereThereIsNoServerForAWhile() {
    assertThat(StormOptions.parse("crash", "--newcomers", "10").newcomerCount()).isZero();
    assertThat(StormOptions.parse("crash", "--clients", "64", "--addresses", "2").crowd())
        .isEqualTo(64);
  }

  @Test
  void shouldReadKindsAsTheyAreWritten() {
    assertThat(StormOptions.parse("flood", "--kind", "low-order-static").kind)
        .isEqualTo(FloodKind.LOW_ORDER_STATIC);
  }

  @Test
  void shouldReadSteps() {
    StormOptions options = StormOptions.parse("goodput", "--steps", "2..10");

    assertThat(options.stepsFrom()).isEqualTo(2);
    assertThat(options.stepsTo()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({
    "hurricane, hurricane",
    "restart --clients 0, --clients takes a number from 1 to 1048576 (got 0)",
    "restart --clients 1048577, --clients takes",
    "restart --clients many, many",
    "restart --addresses -1, --addresses takes",
    "restart --seconds 0, --seconds takes",
    "restart --newcomers 1001, --newcomers takes",
    "restart --clients, --clients",
    "restart --sunshine, --sunshine",
    "flood --kind water, water",
    "flood --rate 0, --rate takes",
    "steady --faster 0, --faster takes",
    "goodput --steps 10..1, --steps takes two numbers",
    "goodput --steps ten, --steps takes two numbers",
    "crash --clients 65 --addresses 2, crash takes at most 32 clients on each of --addresses",
    "crash --lead 61, --lead takes",
    "--clients 3, LOAD",
  })
  void shouldSayWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> StormOptions.parse(line.split(" ", -1)))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining(message);
  }
}
