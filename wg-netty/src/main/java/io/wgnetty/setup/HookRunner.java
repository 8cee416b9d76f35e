package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the commands of a configuration file; what they print goes to the log and a listener. */
final class HookRunner {
  private static final Logger LOG = LoggerFactory.getLogger(HookRunner.class);

  /** wg-quick is a bash script with these options, and hooks are evaluated in it. */
  private static final List<String> BASH =
      List.of("bash", "-e", "-o", "pipefail", "-O", "extglob", "-c");

  private static final List<String> SH = List.of("/bin/sh", "-e", "-c");

  /** Of what one command prints so many lines are handed on at once, and as many at its end. */
  static final int MAX_LINES = 100;

  /** Lines in which the reason of a failure is looked for. */
  private static final int REASON_LINES = 5;

  private final String interfaceName;
  private final CommandRunner commands;
  private final HookRights rights = new HookRights(Path.of("/proc/self/status"));
  private volatile Consumer<String> listener = line -> {};

  HookRunner(String interfaceName, CommandRunner commands) {
    this.interfaceName = interfaceName;
    this.commands = commands;
  }

  /** From now on what commands print goes there, too, on the thread that has them run. */
  void printTo(Consumer<String> lines) {
    listener = lines;
  }

  /**
   * Runs commands one after the other.
   *
   * @param key the file's key for them
   * @throws SetupException if one fails; those behind it do not run then
   */
  void run(String key, List<String> hooks) throws SetupException, InterruptedException {
    for (String hook : hooks) {
      run(key, hook);
    }
  }

  private void run(String key, String hook) throws SetupException, InterruptedException {
    String script = hook.replace("%i", interfaceName);
    LOG.info("interface {}: {}: {}", interfaceName, key, script);
    var words = new ArrayList<>(commands.has("bash") ? BASH : SH);
    words.add(script);
    var output = new Output(key);
    int status;
    try {
      status = commands.show(words, output::line);
      output.end();
    } catch (IOException e) {
      throw new SetupException(key, quoted(script), e);
    }
    if (status != 0) {
      throw new SetupException(key, quoted(script), reason(script, status, output));
    }
  }

  private String reason(String script, int status, Output output) {
    var reason = new StringBuilder("ended with status ").append(status);
    String last = output.lastLine();
    if (last != null) {
      reason.append(": ").append(last);
    }
    String hint = rights.hint(script, status, String.join("\n", output.last));
    if (hint != null) {
      reason.append(" (").append(hint).append(')');
    }
    return reason.toString();
  }

  private static String quoted(String script) {
    return "`" + script + "'";
  }

  /** What one command prints. */
  private final class Output {
    private final String key;
    private final Deque<String> held = new ArrayDeque<>();
    private final Deque<String> last = new ArrayDeque<>();
    private long lines;

    private Output(String key) {
      this.key = key;
    }

    private void line(String line) {
      lines++;
      if (!line.isBlank()) {
        last.addLast(line);
        if (last.size() > REASON_LINES) {
          last.removeFirst();
        }
      }
      if (lines <= MAX_LINES) {
        handOn(line);
        return;
      }
      held.addLast(line);
      if (held.size() > MAX_LINES) {
        held.removeFirst();
      }
    }

    private void end() {
      long left = lines - MAX_LINES - held.size();
      if (left > 0) {
        handOn("... " + left + " more lines ...");
      }
      held.forEach(this::handOn);
    }

    private void handOn(String line) {
      LOG.info("interface {}: {} says: {}", interfaceName, key, line);
      listener.accept(line);
    }

    private @Nullable String lastLine() {
      return last.peekLast();
    }
  }
}
