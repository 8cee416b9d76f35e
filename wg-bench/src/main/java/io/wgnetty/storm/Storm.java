package io.wgnetty.storm;

import java.io.IOException;
import picocli.CommandLine;

/** The program behind {@code bin/storm}, in the clients' network namespace. */
public final class Storm {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Storm() {}

  /** Exit status: 0, 1 if the server did not do what it has to, 2 for a wrong command line. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    StormOptions options;
    try {
      options = StormOptions.parse(arguments);
    } catch (CommandLine.ParameterException e) {
      System.err.println("bin/storm: " + e.getMessage() + "; bin/storm --help tells more");
      System.exit(MISUSED);
      return;
    }
    if (options.help) {
      System.out.println(StormOptions.help());
      return;
    }
    if (options.validate) {
      return;
    }
    System.exit(new StormRun(options).run() ? 0 : FAILED);
  }
}
