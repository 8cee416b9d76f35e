package io.wgnetty.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process that is to take this one's place: of the program that stands now where this one was
 * started from, with the same arguments, rights and surroundings. It is a child of this one, so its
 * end is certain once it was waited for.
 */
final class Successor {
  /** Holds where this program was started from; set by the launcher. */
  static final String PROGRAM = "WG_NETTY_PROGRAM";

  /** Tells the launcher where the process waits that has the interfaces. */
  private static final String MEETING = "WG_NETTY_TAKE_OVER";

  /** What the launcher makes of that: a property, which commands of the node do not inherit. */
  private static final String MEETING_PROPERTY = "wgnetty.takeOver";

  private final Process process;
  private final List<String> said = new ArrayList<>();

  private Successor(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param environment of this process
   * @param arguments of this process
   * @param meeting where it is waited for
   * @throws IOException if that is not possible
   */
  static Successor start(Map<String, String> environment, List<String> arguments, String meeting)
      throws IOException {
    String program = environment.get(PROGRAM);
    if (program == null) {
      throw new IOException(
          "this node does not know its program: it was not started by bin/wg-netty");
    }
    var builder = new ProcessBuilder(command(program, arguments));
    Map<String, String> variables = builder.environment();
    variables.putAll(environment);
    // Descriptors that it does not have, and the number of a process that it is not.
    List.of("WG_TUN_FD", "WG_UAPI_FD", SdNotify.WATCHDOG_PID, Readiness.VARIABLE)
        .forEach(variables::remove);
    variables.put(MEETING, meeting);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
    boolean inBackground = Readiness.isAwaited(environment);
    if (inBackground) {
      variables.put(Readiness.VARIABLE, "1"); // it logs as this one does, and tells us why it fails
    } else {
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    }
    var successor = new Successor(builder.start());
    if (inBackground) {
      Thread.ofPlatform().daemon().name("successor").start(successor::listen);
    }
    return successor;
  }

  /** The same as this process was called with, and in the foreground: nobody waits for it. */
  static List<String> command(String program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program);
    if (!arguments.isEmpty()
        && (arguments.getFirst().equals("up") || arguments.getFirst().equals("run"))) {
      command.add("run");
      command.addAll(arguments.subList(1, arguments.size()));
    } else {
      command.add("-f");
      arguments.stream().filter(one -> !one.equals("--foreground")).forEach(command::add);
    }
    return command;
  }

  /** Where the process waits in whose place this one is to be; {@code null} if none does. */
  static @Nullable String meeting() {
    return System.getProperty(MEETING_PROPERTY);
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String text = line;
        if (!text.equals("ready")) {
          synchronized (said) {
            said.add(text.replaceFirst("^(error|warning|output) ", ""));
          }
        }
      }
    } catch (IOException e) {
      return; // it has ended
    }
  }

  /** What it said of why it failed, if it did. */
  String said() {
    synchronized (said) {
      return String.join("; ", said);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it; when this returns it does nothing any more. */
  void end() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
