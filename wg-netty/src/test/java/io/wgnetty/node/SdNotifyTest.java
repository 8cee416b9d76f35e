package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real socket in another process. */
@Timeout(60)
class SdNotifyTest {
  private static final long OWN_PID = 4711;
  private static final long NOW_NS = 12_345_678_901L;

  @TempDir private Path temporary;

  private static SdNotify to(String name) {
    return from(Map.of(SdNotify.SOCKET, name));
  }

  private static SdNotify from(Map<String, String> environment) {
    return SdNotify.from(environment, OWN_PID, () -> NOW_NS);
  }

  private String name(String kind) {
    String path = temporary.resolve("notify").toString();
    return kind.equals("abstract") ? "@" + path : path;
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "abstract"})
  void shouldTellEachState(String kind) throws Exception {
    try (var manager = NotifyReceiver.listen(name(kind));
        SdNotify notify = to(name(kind))) {
      notify.ready("wg0: 3 peers");
      assertThat(manager.next()).isEqualTo("'READY=1\\nSTATUS=wg0: 3 peers'");
      notify.reloading();
      assertThat(manager.next()).isEqualTo("'RELOADING=1\\nMONOTONIC_USEC=12345678'");
      notify.status("reload failed");
      assertThat(manager.next()).isEqualTo("'STATUS=reload failed'");
      notify.stopping();
      assertThat(manager.next()).isEqualTo("'STOPPING=1'");
    }
  }

  @Test
  void shouldKeepStatusInOneLine() throws Exception {
    try (var manager = NotifyReceiver.listen(name("path"));
        SdNotify notify = to(name("path"))) {
      notify.ready("two\nMAINPID=1");
      assertThat(manager.next()).isEqualTo("'READY=1\\nSTATUS=two MAINPID=1'");
    }
  }

  @Test
  void shouldUseSystemsMonotonicClock() throws Exception {
    try (var manager = NotifyReceiver.listen(name("path"));
        SdNotify notify = SdNotify.from(Map.of(SdNotify.SOCKET, name("path")))) {
      long before = monotonicMicroseconds();
      notify.reloading();
      String text = manager.next().replaceAll("[^0-9]*RELOADING=1\\\\nMONOTONIC_USEC=|'", "");
      assertThat(Long.parseLong(text)).isBetween(before, monotonicMicroseconds());
    }
  }

  private static long monotonicMicroseconds() throws Exception {
    Process clock =
        new ProcessBuilder(
                "python3",
                "-c",
                "import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)")
            .start();
    return Long.parseLong(clock.inputReader().readLine());
  }

  @Test
  void shouldBeatWhileAliveAndNotOtherwise() throws Exception {
    try (var manager = NotifyReceiver.listen(name("path"));
        SdNotify notify = watched("20000", Long.toString(OWN_PID))) {
      var asked = new AtomicInteger();
      // Alive for three questions, then not for three, then alive again.
      notify.startWatchdog(
          () -> {
            int question = asked.getAndIncrement();
            if (question >= 3 && question < 6) {
              notify.status("silent");
              return false;
            }
            return true;
          });
      assertThat(manager.next(7))
          .containsExactly(
              "'WATCHDOG=1'",
              "'WATCHDOG=1'",
              "'WATCHDOG=1'",
              "'STATUS=silent'",
              "'STATUS=silent'",
              "'STATUS=silent'",
              "'WATCHDOG=1'");
    }
  }

  @Test
  void shouldAskAgainAfterQuestionThatThrew() throws Exception {
    try (var manager = NotifyReceiver.listen(name("path"));
        SdNotify notify = watched("20000", "")) {
      var asked = new AtomicInteger();
      notify.startWatchdog(
          () -> {
            if (asked.getAndIncrement() == 0) {
              throw new IllegalStateException("once");
            }
            return true;
          });
      assertThat(manager.next()).isEqualTo("'WATCHDOG=1'");
      assertThat(asked.get()).isGreaterThan(1);
    }
  }

  @Test
  void shouldNotBeatForAnotherProcess() throws Exception {
    try (var manager = NotifyReceiver.listen(name("path"));
        SdNotify notify = watched("1000", "4712")) {
      var asked = new AtomicInteger();
      notify.startWatchdog(() -> asked.incrementAndGet() > 0);
      notify.stopping();
      assertThat(manager.next()).isEqualTo("'STOPPING=1'");
      assertThat(asked).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-5", "soon", "99999999999999999999"})
  void shouldNotBeatUnlessAsked(String microseconds) throws Exception {
    try (var manager = NotifyReceiver.listen(name("path"));
        SdNotify notify = watched(microseconds, "")) {
      var asked = new AtomicInteger();
      notify.startWatchdog(() -> asked.incrementAndGet() > 0);
      notify.stopping();
      assertThat(manager.next()).isEqualTo("'STOPPING=1'");
      assertThat(asked).hasValue(0);
    }
  }

  private SdNotify watched(String microseconds, String pid) {
    return from(
        Map.of(
            SdNotify.SOCKET,
            name("path"),
            SdNotify.WATCHDOG_MICROSECONDS,
            microseconds,
            SdNotify.WATCHDOG_PID,
            pid));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "vsock:2:1234", "relative", "/nobody/listens/here", "@", "/"})
  void shouldWorkWithoutManager(String name) {
    assertThatCode(
            () -> {
              try (SdNotify notify = to(name)) {
                notify.ready("alone");
                notify.startWatchdog(() -> true);
                notify.stopping();
              }
            })
        .doesNotThrowAnyException();
  }

  @Test
  void shouldWorkWithoutManagerIfNameIsTooLong() {
    assertThatCode(() -> to("/" + "x".repeat(107)).ready("alone")).doesNotThrowAnyException();
  }

  @Test
  void shouldSayNothingOnceClosed() throws Exception {
    try (var manager = NotifyReceiver.listen(name("path"));
        SdNotify other = to(name("path"))) {
      SdNotify closed = to(name("path"));
      closed.close();
      closed.close();
      closed.ready("late");
      other.stopping();
      assertThat(manager.next()).isEqualTo("'STOPPING=1'");
    }
  }
}
