package io.wgnetty.cli;

import io.wgnetty.client.StandardStreams;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.Readiness;
import io.wgnetty.observe.LogLevel;
import java.util.Map;

/** Where the reason of a failure goes: one line to standard error, and to whoever waits for us. */
final class Failures {
  /** By protocol 7.5, for every failure. */
  static final int EXIT_FAILURE = 1;

  private final StandardStreams streams;
  private final Map<String, String> environment;

  Failures(StandardStreams streams, Map<String, String> environment) {
    this.streams = streams;
    this.environment = environment;
  }

  int wrongArguments(String message) {
    return report(message);
  }

  int failed(Exception e) {
    String message = e.getMessage();
    return report(e instanceof CommandFailure && message != null ? message : e.toString());
  }

  private int report(String message) {
    LogLevel.drain(); // what led to the failure comes before it
    streams.err().println("wg-netty: " + message);
    try {
      Readiness.from(environment).failed(message);
    } catch (CommandFailure e) {
      streams.err().println("wg-netty: " + e.getMessage());
    }
    return EXIT_FAILURE;
  }
}
