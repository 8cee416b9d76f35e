package io.wgnetty.cli;

import io.wgnetty.client.StandardStreams;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ExitStatus;
import io.wgnetty.node.Readiness;
import io.wgnetty.observe.LogLevel;
import java.util.Map;

/** Where the reason of a failure goes: one line to standard error, and to whoever waits for us. */
final class Failures {
  private final StandardStreams streams;
  private final Map<String, String> environment;
  private boolean noSuchPeer;

  Failures(StandardStreams streams, Map<String, String> environment) {
    this.streams = streams;
    this.environment = environment;
  }

  int wrongArguments(String message) {
    return report(message, ExitStatus.USAGE);
  }

  int failed(Exception e) {
    String message = e.getMessage();
    if (e instanceof CommandFailure failure && message != null) {
      noSuchPeer = failure.isNoSuchPeer();
      return report(message, failure.exitStatus());
    }
    return report(e.toString(), ExitStatus.FAILURE);
  }

  /** Whether the last failure was that there is no such peer. */
  boolean isNoSuchPeer() {
    return noSuchPeer;
  }

  private int report(String message, int status) {
    LogLevel.drain(); // what led to the failure comes before it
    streams.err().println("wg-netty: " + message);
    try {
      Readiness.from(environment).failed(message);
    } catch (CommandFailure e) {
      streams.err().println("wg-netty: " + e.getMessage());
    }
    return status;
  }
}
