package io.wgnetty.setup;

/** A step of setting up an interface failed. Its message is for a person, and whole. */
public final class SetupException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String step;
  private final String item;

  SetupException(String step, String item, String reason) {
    super(describe(step, item) + ": " + reason);
    this.step = step;
    this.item = item;
  }

  SetupException(String step, String item, Exception cause) {
    super(describe(step, item) + ": " + reasonOf(cause), cause);
    this.step = step;
    this.item = item;
  }

  private static String describe(String step, String item) {
    return item.isEmpty() ? step : step + " " + item;
  }

  private static String reasonOf(Exception cause) {
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  /** What was being done, by the word that the configuration file has for it where there is one. */
  public String step() {
    return step;
  }

  /** Which of several it was, as it is written in the file; may be empty. */
  public String item() {
    return item;
  }
}
