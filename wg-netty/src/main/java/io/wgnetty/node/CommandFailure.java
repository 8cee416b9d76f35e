package io.wgnetty.node;

/** Why a command cannot do its work; the message is one line for the person who called it. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;
  private final boolean noSuchPeer;

  public CommandFailure(String message) {
    this(message, ExitStatus.FAILURE, false);
  }

  private CommandFailure(String message, int exitStatus, boolean noSuchPeer) {
    super(message);
    this.exitStatus = exitStatus;
    this.noSuchPeer = noSuchPeer;
  }

  /** The command line is wrong. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(message, ExitStatus.USAGE, false);
  }

  /** The interface that is meant is not running. */
  public static CommandFailure notRunning(String message) {
    return new CommandFailure(message, ExitStatus.NOT_RUNNING, false);
  }

  /** The peer that is meant is none of the interface's. */
  public static CommandFailure noSuchPeer(String message) {
    return new CommandFailure(message, ExitStatus.FAILURE, true);
  }

  /** With what status the command ends: one of {@link ExitStatus}. */
  public int exitStatus() {
    return exitStatus;
  }

  /** Whether it failed because there is no such peer. */
  public boolean isNoSuchPeer() {
    return noSuchPeer;
  }

  /** The same failure, of which more is to be said. */
  public CommandFailure with(String newMessage) {
    var more = new CommandFailure(newMessage, exitStatus, noSuchPeer);
    more.initCause(this);
    return more;
  }

  /** What a failure says of itself, for a message of one line. */
  public static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }
}
