package io.wgnetty.cli;

import io.wgnetty.client.JsonText;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.FileFailure;
import io.wgnetty.config.Finding;
import io.wgnetty.config.Surroundings;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ExitStatus;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says everything that is wrong with configuration files, without touching any interface. */
@Command(
    name = "check",
    description = {
      "Checks configuration files and says all that is wrong with them.",
      "",
      "Each finding is a line FILE:LINE:COLUMN: error: KEY: MESSAGE, the form that editors"
          + " understand. No interface is touched."
    },
    footer = "%nThe exit status is 1 if there are errors. Warnings count only with --strict.")
final class CheckCommand extends BaseCommand {
  private final StandardStreams streams;
  private final Surroundings surroundings = new LocalInterfaces();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Path of a file; wg0 is /etc/wireguard/wg0.conf.")
  private List<String> files = List.of();

  @Option(names = "--json", description = "Prints the findings as one JSON document.")
  private boolean json;

  private final JsonText document = new JsonText();

  @Option(names = "--strict", description = "Treats warnings as errors.")
  private boolean strict;

  CheckCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandFailure {
    boolean good = true;
    document.beginObject().name("files").beginArray();
    for (String file : files) {
      good &= check(file);
    }
    if (json) {
      streams.out().print(document.endArray().endObject());
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
    } catch (IOException e) {
      streams.err().println("wg-netty: cannot read " + name + ": " + FileFailure.reason(e));
    } catch (InvalidPathException e) {
      streams.err().println("wg-netty: not a path: " + name);
    }
    return false;
  }

  private boolean report(Path file, ConfigurationResult result) {
    List<Finding> findings = new ArrayList<>();
    addNameFinding(file, findings);
    findings.addAll(result.findings());
    int errors = 0;
    for (Finding finding : findings) {
      errors += finding.severity() == Finding.Severity.ERROR ? 1 : 0;
    }
    int warnings = findings.size() - errors;
    int peers = peers(result.configuration());
    if (json) {
      addTo(document, file, findings, peers);
    } else {
      findings.forEach(finding -> streams.out().println(finding.in(file)));
      streams
          .out()
          .println(
              file
                  + ": "
                  + count(errors, "error")
                  + ", "
                  + count(warnings, "warning")
                  + (peers < 0 ? "" : "; " + count(peers, "peer"))
                  + barred(result.configuration()));
    }
    return errors == 0 && !(strict && warnings > 0);
  }

  private static void addTo(JsonText document, Path file, List<Finding> findings, int peers) {
    document.beginObject().name("file").value(file.toString()).name("peers");
    if (peers < 0) {
      document.nothing();
    } else {
      document.value(peers);
    }
    document.name("findings").beginArray();
    for (Finding finding : findings) {
      boolean error = finding.severity() == Finding.Severity.ERROR;
      document.beginObject().name("severity").value(error ? "error" : "warning");
      document.name("line").value(finding.line()).name("column").value(finding.column());
      document.name("key").value(finding.key()).name("message").value(finding.message());
      document.endObject();
    }
    document.endArray().endObject();
  }

  /** The file is good, but no interface can be named after it. */
  private static void addNameFinding(Path file, List<Finding> findings) {
    try {
      ConfigurationFile.interfaceName(file);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      findings.add(new Finding(Finding.Severity.WARNING, 1, 1, "", reason));
    }
  }

  private static String count(int number, String noun) {
    return (number == 0 ? "no" : Integer.toString(number)) + " " + noun + (number == 1 ? "" : "s");
  }

  private static String barred(@Nullable Configuration configuration) {
    if (configuration == null) {
      return "";
    }
    int disabled = configuration.barred().size();
    int over = configuration.at(System.currentTimeMillis() / 1000).barred().size() - disabled;
    return (over == 0 ? "" : " (of whom " + over + " expired)")
        + (disabled == 0 ? "" : ", and " + count(disabled, "disabled peer"));
  }

  /** How many; -1 if the file cannot be used. */
  private static int peers(@Nullable Configuration configuration) {
    if (configuration == null) {
      return -1;
    }
    configuration.wipe();
    return configuration.peers().size();
  }
}
