package io.wgnetty.cli;

import io.wgnetty.client.StandardStreams;
import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.FileFailure;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ExitStatus;
import io.wgnetty.node.PeerDirectories;
import io.wgnetty.setup.DirectoryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks after the records of a directory of peers. */
@Command(
    name = "peers",
    description = {
      "Checks, prints or fills a directory of peers.",
      "",
      "SOURCE is dir:/FOLDER or etcd://HOST:PORT/PREFIX, as for the option --peers of 'wg-netty"
          + " run'. What 'export' prints and any configuration file can be imported."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty peers check dir:/etc/wireguard/wg0.d",
      "  wg-netty peers import etcd://127.0.0.1:2379/wg0 /etc/wireguard/wg0.conf",
      "  wg-netty peers export --json etcd://127.0.0.1:2379/wg0",
    })
final class PeersCommand extends BaseCommand {
  private enum Word {
    CHECK,
    EXPORT,
    IMPORT
  }

  private final StandardStreams streams;

  @Parameters(
      index = "0",
      paramLabel = "check|export|import",
      description =
          "check: says what is wrong with records. export: prints them, with their secrets. import:"
              + " puts peers of FILE into SOURCE; others stay.")
  private String word = "";

  @Parameters(index = "1", paramLabel = "SOURCE", description = "The directory.")
  private String source = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "FILE",
      description = "For import: a configuration file, or records as JSON, one in a line.")
  private @Nullable Path file;

  @Option(names = "--json", description = "For export: JSON instead of [Peer] sections.")
  private boolean json;

  @Mixin private DirectoryAccessMixin access = new DirectoryAccessMixin();

  PeersCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandFailure {
    Word wanted = wanted();
    if ((wanted == Word.IMPORT) == (file == null)) {
      throw CommandFailure.usage("import takes a file, and nothing else does");
    }
    DirectoryOptions options =
        access.options(source, false, DirectoryOptions.IDLE, DirectoryOptions.TIME_TO_LIVE);
    try {
      return run(wanted, options);
    } catch (IOException e) {
      throw new CommandFailure(source + ": " + FileFailure.reason(e));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(CommandFailure.firstLine(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  private Word wanted() throws CommandFailure {
    return switch (word) {
      case "check" -> Word.CHECK;
      case "export" -> Word.EXPORT;
      case "import" -> Word.IMPORT;
      default -> throw CommandFailure.usage("peers: check, export or import, not " + word);
    };
  }

  private int run(Word wanted, DirectoryOptions options)
      throws CommandFailure, IOException, InterruptedException {
    PeerDirectories directories = PeerDirectories.load();
    if (wanted == Word.CHECK) {
      return directories.check(options, streams.out()) ? 0 : ExitStatus.FAILURE;
    }
    if (wanted == Word.EXPORT) {
      directories.export(options, json, streams.out());
      if (streams.out().checkError()) {
        throw new CommandFailure("the records could not be written");
      }
      return 0;
    }
    byte[] text = ConfigurationFile.bytes(Objects.requireNonNull(file));
    try {
      streams.out().println(directories.importInto(options, text) + " peers imported");
    } finally {
      Arrays.fill(text, (byte) 0);
    }
    return 0;
  }
}
