package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.config.Hooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  void shouldHandOnWhatAProgramPrintsWhileItRuns(@TempDir Path folder) throws Exception {
    Path go = folder.resolve("go");
    List<String> lines = new ArrayList<>();
    int status =
        commands.show(
            List.of(
                "sh",
                "-c",
                "echo first; until [ -e "
                    + go
                    + " ]; do sleep 0.01; done; echo second >&2;"
                    + " printf third; exit 4"),
            line -> {
              lines.add(line);
              createIfAbsent(go);
            });
    assertThat(status).isEqualTo(4);
    assertThat(lines).containsExactly("first", "second", "third");
  }

  private static void createIfAbsent(Path file) {
    try {
      Files.write(file, new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldLeaveProgramsInTheBackgroundAlone(@TempDir Path folder) throws Exception {
    Path end = folder.resolve("end");
    String loop = "for i in $(seq 20000); do echo $i xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done";
    String script = "(sleep 0.2; " + loop + "; touch " + end + ") & echo started";
    List<String> lines = new ArrayList<>();
    assertThat(commands.show(List.of("bash", "-c", script), lines::add)).isZero();
    assertThat(lines).containsExactly("started");
    // More than a pipe holds, so somebody reads on.
    Awaitility.await().until(() -> Files.exists(end));
  }

  @Test
  void shouldCutLongLinesAndBytesWithoutMeaning() throws Exception {
    List<String> lines = new ArrayList<>();
    commands.show(
        List.of("sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x; echo; echo end"), lines::add);
    assertThat(lines).containsExactly("x".repeat(OutputLines.MAX_BYTES), "end");
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
  void shouldTellWhatHooksPrintAndWhyOneFailed() {
    var hooks = new HookRunner("wg7", commands);
    List<String> said = new ArrayList<>();
    hooks.printTo(said::add);
    assertThatThrownBy(
            () -> hooks.run("PostUp", List.of("echo hello %i", "echo one; echo why >&2; exit 3")))
        .hasMessage("PostUp `echo one; echo why >&2; exit 3': ended with status 3: why");
    assertThat(said).containsExactly("hello wg7", "one", "why");
  }

  @Test
  void shouldTellBeginningAndEndOfWhatAHookPrints() throws Exception {
    var hooks = new HookRunner("wg7", commands);
    List<String> said = new ArrayList<>();
    hooks.printTo(said::add);
    hooks.run("PostUp", List.of("seq 100000"));
    assertThat(said).hasSize(2 * HookRunner.MAX_LINES + 1).startsWith("1", "2").endsWith("100000");
    assertThat(said.get(HookRunner.MAX_LINES)).isEqualTo("... 99800 more lines ...");
  }

  @Test
  void shouldNameTheRightThatAHookLacks(@TempDir Path folder) throws Exception {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nCapEff:\t0000000000001000\n");
    var rights = new HookRights(status);
    assertThat(rights.hint("ping -c1 h", 126, "bash: /bin/ping: Operation not permitted"))
        .endsWith("--keep net_raw");
    assertThat(rights.hint("iptables -A x", 4, "xtables.lock: Permission denied"))
        .endsWith("--keep net_raw");
    assertThat(
            rights.hint(
                "ip netns exec a b", 1, "setting the network namespace: Operation not permitted"))
        .endsWith("--keep sys_admin");
    assertThat(rights.hint("other", 1, "Operation not permitted")).endsWith("--keep all");
    assertThat(rights.hint("ping -c1 h", 1, "100% packet loss")).isNull();
    Files.writeString(status, "CapEff:\t000001ffffffffff\n");
    assertThat(rights.hint("ping -c1 h", 126, "Operation not permitted")).isNull();
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
    assertThat(run.get(20, TimeUnit.SECONDS)).hasMessageContaining("ended with status 137");
  }

  @Test
  void shouldKillWhatRunsWhenItsCallerIsInterrupted(@TempDir Path folder) throws Exception {
    Path begun = folder.resolve("begun");
    var run =
        new FutureTask<Throwable>(
            () -> {
              try {
                commands.show(
                    List.of("sh", "-c", "echo $$ > " + begun + "; exec sleep 600"), l -> {});
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
