package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.node.CommandFailure;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Completion of command lines, for the shell to read. */
@Command(
    name = "completion",
    description = "Prints a script that completes command lines in bash or zsh.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(wg-netty completion bash)     # in ~/.bashrc",
      "  source <(wg-netty completion zsh)      # in ~/.zshrc",
      "  wg-netty completion bash > /etc/bash_completion.d/wg-netty"
    })
final class CompletionCommand extends BaseCommand {
  private final CommandContext context;

  @Parameters(
      paramLabel = "SHELL",
      description = "bash or zsh.",
      completionCandidates = Shells.class)
  private String shell = "";

  @Spec private @Nullable CommandSpec spec;

  CompletionCommand(CommandContext context) {
    this.context = context;
  }

  /** For the completion of command lines. */
  static final class Shells implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("bash", "zsh").iterator();
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    if (spec == null) {
      throw new IllegalStateException("called without a parser");
    }
    CommandLine program = spec.root().commandLine();
    String script =
        switch (shell) {
          case "bash" -> CompletionScript.bash(program);
          case "zsh" -> CompletionScript.zsh(program);
          default -> throw CommandFailure.usage("completion is for bash and zsh, not " + shell);
        };
    byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
    context.streams().out().write(bytes, 0, bytes.length);
    context.streams().out().flush();
    return 0;
  }
}
