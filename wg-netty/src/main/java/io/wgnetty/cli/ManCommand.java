package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The manual page, as {@code man} reads it. */
@Command(
    name = "man",
    description = "Prints the manual page.",
    footerHeading = "%nExamples:%n",
    footer = {"  wg-netty man | man -l -", "  wg-netty man > /usr/local/share/man/man1/wg-netty.1"})
final class ManCommand extends BaseCommand {
  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  ManCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("called without a parser");
    }
    byte[] page = ManualPage.of(spec.root()).getBytes(StandardCharsets.UTF_8);
    context.streams().out().write(page, 0, page.length);
    context.streams().out().flush();
    return 0;
  }
}
