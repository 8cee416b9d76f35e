package io.wgnetty.node;

/** Why a command cannot do its work; the message is one line for the person who called it. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;

  public CommandFailure(String message) {
    this(message, ExitStatus.FAILURE);
  }

  private CommandFailure(String message, int exitStatus) {
    super(message);
    this.exitStatus = exitStatus;
  }

  /** The command line is wrong. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(message, ExitStatus.USAGE);
  }

  /** The interface that is meant is not running. */
  public static CommandFailure notRunning(String message) {
    return new CommandFailure(message, ExitStatus.NOT_RUNNING);
  }

  /** With what status the command ends: one of {@link ExitStatus}. */
  public int exitStatus() {
    return exitStatus;
  }

  /** The same failure, of which more is to be said. */
  public CommandFailure with(String newMessage) {
    var more = new CommandFailure(newMessage, exitStatus);
    more.initCause(this);
    return more;
  }

  /** What a failure says of itself, for a message of one line. */
  public static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }
}
