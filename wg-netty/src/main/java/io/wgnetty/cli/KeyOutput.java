package io.wgnetty.cli;

import io.wgnetty.node.CommandFailure;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Base64;

/** Keys as {@code wg} writes them: one line of base64, here without a string in between. */
final class KeyOutput {
  private KeyOutput() {}

  /** Writes the key and wipes it. */
  static void print(PrintStream out, byte[] key) throws CommandFailure {
    byte[] text = Base64.getEncoder().encode(key);
    out.write(text, 0, text.length);
    out.write('\n');
    out.flush();
    Arrays.fill(text, (byte) 0);
    Arrays.fill(key, (byte) 0);
    if (out.checkError()) {
      throw new CommandFailure("the key could not be written");
    }
  }
}
