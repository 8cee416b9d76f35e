package io.wgnetty.node;

/** How a command ends, for the scripts that call it. 0 is success. */
public final class ExitStatus {
  /** It could not do its work, for a reason that is neither of the others. */
  public static final int FAILURE = 1;

  /** The command line is wrong: no such command, option or value. Nothing was tried. */
  public static final int USAGE = 2;

  /** The interface that it is about is not running (what init scripts call it, by the LSB). */
  public static final int NOT_RUNNING = 3;

  /** Nothing is broken, but something may be: of a command that judges. */
  public static final int WARNINGS = 4;

  private ExitStatus() {}
}
