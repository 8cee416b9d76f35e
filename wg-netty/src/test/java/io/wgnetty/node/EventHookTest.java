package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.device.PeerLabels;
import io.wgnetty.observe.EventFeed;
import io.wgnetty.setup.SystemCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that is run for events, as a real process. */
class EventHookTest {
  @TempDir private Path folder;
  private final EventFeed feed = new EventFeed("wg0", new PeerLabels());

  @AfterEach
  void end() {
    feed.close();
  }

  private EventHook hook(String command, long timeoutMs) {
    return new EventHook("wg0", command, feed, new SystemCommands(System.getenv()), timeoutMs);
  }

  private static void eventually(String what, BooleanSupplier condition)
      throws InterruptedException {
    long endNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(endNs);
      Thread.sleep(20);
    }
  }

  private List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  @Test
  void shouldRunItForEachEventInOrderWithWhatItSays() throws Exception {
    Path file = folder.resolve("seen");
    String command = "echo \"$WG_EVENT $WG_INTERFACE $WG_REASON\" >>" + file;
    try (EventHook hook = hook(command, 20_000)) {
      feed.reloadFailed("one; touch " + folder.resolve("evil"));
      feed.reloadFailed("two \"$(touch " + folder.resolve("evil") + ")\"");
      eventually("two runs", () -> hook.counts().succeeded() == 2);
      assertThat(hook.counts().failed()).isZero();
    }
    assertThat(lines(file)).hasSize(2);
    assertThat(lines(file).getFirst()).startsWith("reload-failed wg0 one; touch ");
    assertThat(lines(file).getLast()).startsWith("reload-failed wg0 two \"$(touch ");
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void shouldGoOnAfterOneThatFailsOrTakesTooLong() throws Exception {
    Path file = folder.resolve("seen");
    String command =
        "case $WG_REASON in slow) sleep 60;; bad) exit 3;; esac; echo $WG_REASON >>" + file;
    try (EventHook hook = hook(command, 1_500)) {
      feed.reloadFailed("slow");
      feed.reloadFailed("bad");
      feed.reloadFailed("good");
      eventually("a good run", () -> hook.counts().succeeded() == 1);
      assertThat(hook.counts().failed()).isEqualTo(2);
    }
    assertThat(lines(file)).containsExactly("good");
  }

  @Test
  void shouldCountWhatDoesNotFitIntoItsQueue() throws Exception {
    try (EventHook hook = hook("sleep 60", 60_000)) {
      for (int i = 0; i < 5_000; i++) {
        feed.reloadFailed("again");
      }
      eventually("losses", () -> hook.counts().lost() > 0);
      eventually("all but those that wait", () -> hook.counts().lost() >= 5_000 - 4_096 - 1);
      assertThat(hook.counts().lost()).isLessThanOrEqualTo(5_000 - 4_096);
    }
  }

  @Test
  void shouldKillWhatRunsWhenTheInterfaceEnds() throws Exception {
    Path pid = folder.resolve("pid");
    long beginNs = System.nanoTime();
    try (EventHook hook = hook("echo $$ >" + pid + "; exec sleep 60", 60_000)) {
      feed.reloadFailed("x");
      eventually("it runs", () -> Files.exists(pid) && pid.toFile().length() > 1);
      assertThat(hook.counts().failed()).isZero();
    }
    assertThat(System.nanoTime() - beginNs).isLessThan(Duration.ofSeconds(15).toNanos());
    long number = Long.parseLong(Files.readString(pid).strip());
    eventually(
        "it is gone",
        () -> ProcessHandle.of(number).map(process -> !process.isAlive()).orElse(true));
  }
}
