package io.wgnetty.cli;

/** Why a command cannot do its work; the message is one line for the person who called it. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
