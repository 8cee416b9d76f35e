package io.wgnetty.setup;

/**
 * How a command ended.
 *
 * @param status its exit status, 128 and more if a signal ended it
 * @param output what it wrote to standard output and standard error
 */
public record CommandResult(int status, String output) {
  /** What it said, or its status if it said nothing. */
  String complaint() {
    String said = output.strip();
    return said.isEmpty() ? "ended with status " + status : said;
  }
}
