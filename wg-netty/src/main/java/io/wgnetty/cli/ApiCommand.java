package io.wgnetty.cli;

import io.wgnetty.api.ApiAccess;
import io.wgnetty.api.ApiServer;
import io.wgnetty.api.Commands;
import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.NodeProcess;
import io.wgnetty.observe.MetricsAddress;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the commands do, for programs on this machine and elsewhere. */
@Command(
    name = "api",
    description = {
      "Serves interfaces and peers as JSON by HTTP, and changes peers.",
      "",
      "A process of its own, for all interfaces that run here: what it is asked for it does by the"
          + " commands of this program. openapi.json in the documentation describes it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg genpsk > /etc/wireguard/api.token",
      "  wg-netty api --token-file /etc/wireguard/api.token",
      "  curl -H \"Authorization: Bearer $(cat /etc/wireguard/api.token)\" \\",
      "    http://127.0.0.1:9587/v1/interfaces/wg0/peers",
      "",
      "Elsewhere than on the loopback address it takes TLS: --cert and --key, with a",
      "token, or with --client-ca for clients that have certificates, or both."
    })
final class ApiCommand extends BaseCommand {
  private final NodeProcess node;
  private final CommandContext context;

  @Option(
      names = "--listen",
      paramLabel = "[ADDRESS:]PORT",
      description =
          "Where it listens (default: 9587); on the loopback address unless another is given.")
  private String listen = "9587";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the token that clients show, in its first line.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "Certificate (PEM) that is shown to clients.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "Its private key (PEM, PKCS #8).")
  private @Nullable Path key;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description = "Certificates (PEM) by which those of clients are checked.")
  private @Nullable Path clientCa;

  @Option(
      names = "--web",
      description = "Also serves a page for people: peers, rates, drops, new peers with QR codes.")
  private boolean web;

  ApiCommand(NodeProcess node, CommandContext context) {
    this.node = node;
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    InetSocketAddress address;
    try {
      address = MetricsAddress.parse(listen);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--listen: " + e.getMessage());
    }
    var access = new ApiAccess(tokenFile, certificate, key, clientCa);
    var sockets = new ControlSockets(context.socketDirectory());
    try (var server = ApiServer.open(address, access, web, sockets, this::run)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "api-end"));
      InetSocketAddress at = server.address();
      context
          .streams()
          .err()
          .println(
              "wg-netty: the API is at %s://%s:%d/v1/interfaces"
                      .formatted(
                          server.hasTls() ? "https" : "http",
                          at.getAddress().getHostAddress(),
                          at.getPort())
                  + (web ? ", a page for people at /" : ""));
      server.awaitEnd();
    }
    return 0;
  }

  /** Runs a command for a client. */
  Commands.Outcome run(InputStream in, PrintStream out, PrintStream err, String... words) {
    var streams = new StandardStreams(in, out, err, Path.of("/dev/null"));
    var own = new CommandContext(streams, Map.of(), context.socketDirectory());
    var failures = new Failures(streams, Map.of());
    int status =
        CommandParser.of(node, own, failures)
            .setExpandAtFiles(false) // what a client calls a peer is no file of ours
            .execute(words);
    return new Commands.Outcome(status, failures.isNoSuchPeer());
  }
}
