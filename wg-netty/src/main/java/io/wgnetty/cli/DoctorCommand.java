package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.JsonText;
import io.wgnetty.doctor.Diagnosis;
import io.wgnetty.doctor.Doctor;
import io.wgnetty.doctor.Examination;
import io.wgnetty.doctor.Verdict;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for what keeps an interface from working. */
@Command(
    name = "doctor",
    description = {
      "Looks for what is wrong with an interface, and says what to do.",
      "",
      "Looks at its file, the running node, the machine's forwarding, filters, clock and names, and at"
          + " the paths to peers, by pings through the tunnel. Changes nothing. Each line begins with"
          + " ok, warning or problem."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty doctor wg0",
      "  wg-netty doctor wg0 phone",
      "  wg-netty doctor --json wg0 | jq '.interfaces[].worst'",
      "",
      "The exit status is 0 if all is well, 1 if there is a problem, 4 if there are",
      "only warnings."
    })
final class DoctorCommand extends BaseCommand {
  private static final int MAX_SECONDS = 60;

  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "An interface, running or not, or its file's path (default: all that run).",
      completionCandidates = RunningInterfaces.class)
  private @Nullable String name;

  @Parameters(
      index = "1",
      paramLabel = "PEER",
      arity = "0..1",
      description =
          "The only peer to look at: its name, key, or the key's first 6 or more characters.",
      completionCandidates = PeerNames.class)
  private @Nullable String peer;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description = "For how long a node is watched (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  DoctorCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw CommandFailure.usage("--seconds takes a number from 1 to " + MAX_SECONDS);
    }
    List<String> names =
        name == null ? new ControlSockets(context.socketDirectory()).running() : List.of(name);
    if (names.isEmpty()) {
      throw CommandFailure.notRunning("no interface is running: name one to look at its file");
    }
    var examination = new Examination(context, peer, seconds);
    var document = new JsonText().beginObject().name("interfaces").beginArray();
    List<Diagnosis> all = new ArrayList<>();
    for (String each : names) {
      List<Diagnosis> diagnoses = examination.of(each);
      all.addAll(diagnoses);
      if (json) {
        addTo(document, each, diagnoses);
      } else {
        print(each, diagnoses, names.size() > 1);
      }
    }
    if (json) {
      context.streams().out().print(document.endArray().endObject());
    }
    context.streams().out().flush();
    return switch (Doctor.worst(all)) {
      case OK -> 0;
      case WARNING -> ExitStatus.WARNINGS;
      case PROBLEM -> ExitStatus.FAILURE;
    };
  }

  private void print(String interfaceName, List<Diagnosis> diagnoses, boolean withName) {
    var out = context.streams().out();
    if (withName) {
      out.println(interfaceName + ":");
    }
    diagnoses.forEach(each -> out.println(each.line()));
  }

  private static void addTo(JsonText document, String interfaceName, List<Diagnosis> diagnoses) {
    Verdict worst = Doctor.worst(diagnoses);
    document.beginObject().name("name").value(interfaceName).name("worst").value(worst.word());
    document.name("diagnoses").beginArray();
    diagnoses.forEach(each -> each.addTo(document));
    document.endArray().endObject();
  }
}
