package io.wgnetty.cli;

import io.wgnetty.cipher.AeadAdvice;
import io.wgnetty.cipher.AeadChoice;
import io.wgnetty.cipher.AeadFigures;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.AeadTable;
import io.wgnetty.cipher.AeadTimes;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.device.CipherMeasurement;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** What the ciphers of this machine take. */
@Command(
    name = "ciphers",
    description = "Measures the ciphers of this machine and says which are used.",
    footerHeading = "%nColumns:%n",
    footer = {
      "  The time to seal / to open a packet of that many bytes, in nanoseconds:",
      "  in a run of 32 packets, and alone. Best on a machine that is not busy."
    })
final class CiphersCommand extends BaseCommand {
  private static final String CELL = "%13s";
  private final StandardStreams streams;

  CiphersCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    AeadChoice choice = AeadProviders.fastest().measureAll(System::nanoTime);
    List<String> names = choice.figures().stream().map(AeadFigures::name).toList();
    PrintStream out = streams.out();
    out.printf("%-10s %-39s %s%n", "", "in runs of 32", "alone");
    out.println("%-10s".formatted("ns") + lengths() + lengths());
    for (AeadTable.Row row : AeadTable.measure(names, System::nanoTime)) {
      out.println("%-10s".formatted(row.name()) + cells(row.runs()) + cells(row.single()));
    }
    out.println();
    out.println("chosen: " + AeadAdvice.summary(choice));
    List<String> faster = AeadAdvice.faster(choice, CipherMeasurement.processorFlags());
    if (!faster.isEmpty()) {
      out.println("faster: " + String.join("\n        ", faster));
    }
    choice.problems().forEach((name, problem) -> out.println("not used: " + name + ": " + problem));
    out.flush();
    return 0;
  }

  private static String lengths() {
    return AeadTable.LENGTHS.stream()
        .map(length -> CELL.formatted(length + " B"))
        .collect(Collectors.joining());
  }

  private static String cells(List<AeadTimes> times) {
    return times.stream()
        .map(each -> CELL.formatted(each.sealNs() + " / " + each.openNs()))
        .collect(Collectors.joining());
  }
}
