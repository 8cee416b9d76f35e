package io.wgnetty.node;

import io.wgnetty.control.AnswerWriter;
import io.wgnetty.control.LogOperation;
import io.wgnetty.control.Operation;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.control.Operations;
import io.wgnetty.observe.LogLevel;
import io.wgnetty.observe.LogRing;
import java.util.Map;

/**
 * What a node can be asked about its log: {@code log} for the last lines, or with {@code level=}
 * for another level; {@code follow} for the last lines and those that come.
 */
public final class LogOperations {
  /** Under which a line of the log is told. */
  public static final String LINE_KEY = "line";

  /** Under which a new level is told, and then where lines go at it. */
  public static final String LEVEL_KEY = "level";

  public static final String HEARD_KEY = "heard";

  /** Lines that are copied at once, so that whoever logs is not kept waiting. */
  private static final int LINES_PER_PART = 100;

  /** How soon a follower notices that its client is gone, beside what the connection notices. */
  private static final long WAIT_MS = 1000;

  private static final LogOperation LEVEL = new LogOperation(LogOperations::applyLevel);

  private LogOperations() {}

  static Operations addTo(Operations others) {
    return others
        // A thread of its own: who reads slowly delays nobody.
        .with("log", ((Operation) LogOperations::log).at(Operation.Pace.ENDLESS))
        .with("follow", ((Operation) LogOperations::follow).at(Operation.Pace.ENDLESS));
  }

  private static void applyLevel(String word) {
    LogLevel.named(word)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no level " + word + "; there are " + LogLevel.words()))
        .apply();
  }

  private static void log(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    if (arguments.containsKey(LEVEL_KEY)) {
      LEVEL.run(arguments, out);
      if (LogLevel.present() != LogLevel.SILENT) {
        tellWhereItGoes(out);
      }
    } else {
      long unusedNext = tellFrom(0, out);
    }
  }

  private static void tellWhereItGoes(AnswerWriter out) throws OperationFailure {
    if (LogLevel.errorIsRead()) {
      out.line(HEARD_KEY, "standard error of the node");
    }
    String system = SystemLog.present();
    if (system != null) {
      out.line(HEARD_KEY, system);
    }
    out.line(HEARD_KEY, "'wg-netty log'");
  }

  private static void follow(Map<String, String> arguments, AnswerWriter out)
      throws OperationFailure {
    long next = 0;
    try {
      while (true) {
        next = tellFrom(next, out);
        out.flush();
        LogLevel.recent().await(next, WAIT_MS);
      }
    } catch (InterruptedException e) {
      // The node ends. Its last lines are the most wanted ones.
      long unusedNext = tellFrom(next, out);
    }
  }

  /** Tells what there is from here on; returns where to go on. */
  private static long tellFrom(long begin, AnswerWriter out) throws OperationFailure {
    long next = begin;
    while (true) {
      LogRing.Part part = LogLevel.recent().from(next, LINES_PER_PART);
      if (part.missed() > 0) {
        out.line(LINE_KEY, "... %,d lines are forgotten ...".formatted(part.missed()));
      }
      for (String text : part.lines()) {
        for (String line : text.lines().toList()) {
          out.line(LINE_KEY, line);
        }
      }
      next = part.next();
      if (part.lines().isEmpty()) {
        return next;
      }
    }
  }
}
