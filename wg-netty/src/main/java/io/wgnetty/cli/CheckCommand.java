package io.wgnetty.cli;

import io.wgnetty.client.StandardStreams;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.Finding;
import io.wgnetty.config.Surroundings;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ExitStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says everything that is wrong with configuration files, without touching any interface. */
@Command(
    name = "check",
    description = {
      "Checks configuration files as wg-quick has them, and says everything that",
      "is wrong with them: FILE:LINE:COLUMN: error: KEY: MESSAGE."
    },
    footer = "%nThe exit status is 0 if there are no errors. Warnings alone are no error.")
final class CheckCommand extends BaseCommand {
  private final StandardStreams streams;
  private final Surroundings surroundings = new LocalInterfaces();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Path of a file; wg0 is /etc/wireguard/wg0.conf.")
  private List<String> files = List.of();

  @Option(names = "--strict", description = "Takes warnings for errors.")
  private boolean strict;

  CheckCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandFailure {
    boolean good = true;
    for (String file : files) {
      good &= check(file);
    }
    if (streams.out().checkError()) {
      throw new CommandFailure("the findings could not be written");
    }
    return good ? 0 : ExitStatus.FAILURE;
  }

  private boolean check(String name) {
    try {
      Path file = ConfigurationFile.find(name);
      return report(file, ConfigurationFile.read(file, surroundings));
    } catch (NoSuchFileException e) {
      streams.err().println("wg-netty: there is no file " + e.getFile());
    } catch (IOException | InvalidPathException e) {
      streams.err().println("wg-netty: cannot read " + name + ": " + e.getMessage());
    }
    return false;
  }

  private boolean report(Path file, ConfigurationResult result) {
    PrintStream out = streams.out();
    int warnings = warnOfName(file, out);
    int errors = 0;
    for (Finding finding : result.findings()) {
      out.println(finding.in(file));
      if (finding.severity() == Finding.Severity.ERROR) {
        errors++;
      } else {
        warnings++;
      }
    }
    out.println(
        file
            + ": "
            + count(errors, "error")
            + ", "
            + count(warnings, "warning")
            + peers(result.configuration()));
    return errors == 0 && !(strict && warnings > 0);
  }

  /** The file is good, but no interface can be named after it. */
  private static int warnOfName(Path file, PrintStream out) {
    try {
      ConfigurationFile.interfaceName(file);
      return 0;
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      out.println(new Finding(Finding.Severity.WARNING, 1, 1, "", reason).in(file));
      return 1;
    }
  }

  private static String count(int number, String noun) {
    return (number == 0 ? "no" : Integer.toString(number)) + " " + noun + (number == 1 ? "" : "s");
  }

  private static String peers(@Nullable Configuration configuration) {
    if (configuration == null) {
      return "";
    }
    String text = "; " + count(configuration.peers().size(), "peer");
    configuration.wipe();
    return text;
  }
}
