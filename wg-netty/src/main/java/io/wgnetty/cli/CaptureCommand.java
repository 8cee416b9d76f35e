package io.wgnetty.cli;

import io.wgnetty.client.CaptureRequest;
import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.InterfaceName;
import io.wgnetty.pipeline.CaptureFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the packets inside the tunnel to a file for tcpdump and Wireshark. */
@Command(
    name = "capture",
    description = {
      "Writes the packets that go through a tunnel, as they are inside.",
      "",
      "The form is pcapng, which tcpdump and Wireshark read. Dropped packets are among them, with the"
          + " reason as their comment. Only root can do it: it shows what peers say."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty capture wg0 -w wg0.pcapng",
      "  wg-netty capture wg0 phone | tcpdump -nr -",
      "  wg-netty capture wg0 --dropped -c 20 | tshark -r - -T fields -e frame.comment"
    })
final class CaptureCommand extends BaseCommand {
  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The interface.",
      completionCandidates = RunningInterfaces.class)
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "PEER",
      arity = "0..1",
      description = "Whose packets: a name, key, or the key's first 6 or more characters.",
      completionCandidates = PeerNames.class)
  private @Nullable String peer;

  @Option(names = "--dropped", description = "Only packets that were dropped.")
  private boolean dropped;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "COUNT",
      description = "Ends after so many packets (default: never).")
  private long count;

  @Option(
      names = {"-s", "--snaplen"},
      paramLabel = "BYTES",
      defaultValue = "" + CaptureFilter.MAX_SNAP_BYTES,
      description = "How much of each packet is written at most (default: all of it).")
  private int snapBytes;

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      description = "Where to; only its owner can read it. - is standard output (the default).")
  private String file = "-";

  CaptureCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (count < 0) {
      throw CommandFailure.usage("--count takes a number of packets");
    }
    if (snapBytes < 1 || snapBytes > CaptureFilter.MAX_SNAP_BYTES) {
      throw CommandFailure.usage(
          "--snaplen takes a number from 1 to " + CaptureFilter.MAX_SNAP_BYTES);
    }
    String interfaceName = InterfaceName.ofNameOrPath(name);
    var sockets = new ControlSockets(context.socketDirectory());
    var wish = new CaptureRequest.Wish(peer(sockets), dropped, snapBytes, count);
    if (file.equals("-")) {
      if (context.streams().outIsTerminal()) {
        throw CommandFailure.usage(
            "this is no text: write it to a file (-w FILE), or pipe it into `tcpdump -nr -'");
      }
      run(sockets, interfaceName, wish, context.streams().out());
    } else {
      try (OutputStream out = created()) {
        run(sockets, interfaceName, wish, out);
      } catch (IOException | InvalidPathException e) {
        throw new CommandFailure("cannot write " + file + ": " + CommandFailure.firstLine(e));
      }
    }
    return 0;
  }

  private @Nullable KnownPeer peer(ControlSockets sockets) throws CommandFailure {
    if (peer == null) {
      return null;
    }
    NodeTarget target = NodeTarget.find(sockets, name);
    return KnownPeer.find(KnownPeer.all(sockets, target), peer, target.name());
  }

  /**
   * A file of that name, which nobody else may read from its first moment on; a pipe or device as
   * it is.
   */
  private OutputStream created() throws IOException {
    Path path = Path.of(file);
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return Files.newOutputStream(path, StandardOpenOption.WRITE);
    }
    Files.deleteIfExists(path);
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.newOutputStream(path);
  }

  private void run(
      ControlSockets sockets, String interfaceName, CaptureRequest.Wish wish, OutputStream out)
      throws CommandFailure {
    var err = context.streams().err();
    long lost =
        CaptureRequest.run(
            sockets,
            interfaceName,
            wish,
            out,
            () -> err.println("wg-netty: capturing on " + interfaceName));
    if (lost > 0) {
      err.println(
          "wg-netty: %,d packets are missing: they came faster than they could be written"
              .formatted(lost));
    }
  }
}
