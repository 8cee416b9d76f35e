package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.node.CommandFailure;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The manual pages, as {@code man} reads it. */
@Command(
    name = "man",
    description = "Prints the manual page of the program, or of its files.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty man | man -l -",
      "  wg-netty man 5 | man -l -",
      "  wg-netty man > /usr/local/share/man/man1/wg-netty.1"
    })
final class ManCommand extends BaseCommand {
  private final CommandContext context;

  @Parameters(
      paramLabel = "SECTION",
      arity = "0..1",
      description = "1 for the program (the default), 5 for configuration files.")
  private int section = 1;

  @Spec private @Nullable CommandSpec spec;

  ManCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (spec == null) {
      throw new IllegalStateException("called without a parser");
    }
    String text =
        switch (section) {
          case 1 -> ManualPage.of(spec.root());
          case 5 -> ConfigurationPage.of(String.join(" ", spec.root().version()));
          default -> throw CommandFailure.usage("there are sections 1 and 5, not " + section);
        };
    byte[] page = text.getBytes(StandardCharsets.UTF_8);
    context.streams().out().write(page, 0, page.length);
    context.streams().out().flush();
    return 0;
  }
}
