package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.config.Hooks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemCommandsTest {
  private final SystemCommands commands = new SystemCommands(System.getenv());

  @Test
  void shouldFindProgramsInThePath() {
    assertThat(commands.has("sh")).isTrue();
    assertThat(commands.has("no-such-program")).isFalse();
    assertThat(new SystemCommands(Map.of("PATH", "/nowhere")).has("sh")).isFalse();
  }

  @Test
  void shouldTakeWhatAProgramPrints() throws Exception {
    CommandResult result = commands.run(List.of("sh", "-c", "cat; echo said >&2; exit 3"), "in ");
    assertThat(result).isEqualTo(new CommandResult(3, "in said\n"));
    assertThat(result.complaint()).isEqualTo("in said");
    assertThat(commands.run(List.of("false"), "nobody reads this").complaint())
        .isEqualTo("ended with status 1");
  }

  @Test
  void shouldNotWaitForWhatAProgramLeftInTheBackground() throws Exception {
    assertThat(commands.run(List.of("sh", "-c", "sleep 600 & exit 0"), "").status()).isZero();
  }

  @Test
  void shouldRunHooksInTheInterfacesName(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("said");
    var hooks = new HookRunner("wg7", commands);
    hooks.run("PostUp", List.of("echo %i-%i > " + file));
    assertThat(file).hasContent("wg7-wg7");
    assertThatThrownBy(() -> hooks.run("PostUp", List.of("false | true", "touch " + folder)))
        .hasMessage("PostUp `false | true': ended with status 1");
    hooks.run("PostUp", Hooks.NONE.postUp());
  }

  @Test
  void shouldKillWhatRunsAndWhatThatStarted(@TempDir Path folder) throws Exception {
    Path begun = folder.resolve("begun");
    var hooks = new HookRunner("wg7", commands);
    var run =
        new FutureTask<Throwable>(
            () -> {
              try {
                hooks.run("PostUp", List.of("touch " + begun + "; (sleep 600); true"));
                throw new AssertionError("was not killed");
              } catch (SetupException e) {
                return e;
              }
            });
    Thread.ofPlatform().start(run);
    Awaitility.await().until(() -> Files.exists(begun));
    commands.killRunning();
    assertThat(run.get(20, TimeUnit.SECONDS)).hasMessageEndingWith("ended with status 137");
  }

  @Test
  void shouldKillWhatRunsWhenItsCallerIsInterrupted(@TempDir Path folder) throws Exception {
    Path begun = folder.resolve("begun");
    var run =
        new FutureTask<Throwable>(
            () -> {
              try {
                commands.show(List.of("sh", "-c", "echo $$ > " + begun + "; exec sleep 600"));
                throw new AssertionError("was not interrupted");
              } catch (InterruptedException e) {
                return e;
              }
            });
    Thread caller = Thread.ofPlatform().start(run);
    Awaitility.await().until(() -> Files.exists(begun) && Files.size(begun) > 1);
    long pid = Long.parseLong(Files.readString(begun).strip());
    caller.interrupt();
    assertThat(run.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    Awaitility.await().until(() -> ProcessHandle.of(pid).map(p -> !p.isAlive()).orElse(true));
  }
}
