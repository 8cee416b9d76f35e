package io.wgnetty.cli;

import io.wgnetty.control.FakeDevice;
import io.wgnetty.control.Operation;
import io.wgnetty.control.Operations;
import io.wgnetty.control.UapiServer;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.node.NodeOperations;
import io.wgnetty.observe.EventFeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A running interface without packets, and calls of commands that find it. */
final class ClientNode implements AutoCloseable {
  final FakeDevice device;
  private final Path sockets;
  private final UapiServer server;

  private ClientNode(FakeDevice device, Path sockets, UapiServer server) {
    this.device = device;
    this.sockets = sockets;
    this.server = server;
  }

  /** One whose operations are those of every node, and these. */
  static ClientNode start(Path sockets, String name, Map<String, Operation> more)
      throws IOException {
    var device = new FakeDevice();
    Operations operations =
        NodeOperations.of(device, new EventFeed("wg0", new PeerLabels()), () -> null);
    for (Map.Entry<String, Operation> each : more.entrySet()) {
      operations = operations.with(each.getKey(), each.getValue());
    }
    return new ClientNode(device, sockets, UapiServer.open(sockets, name, device, operations));
  }

  /** Calls the program. */
  static CommandLineRun call(Path sockets, Map<String, String> environment, String... arguments) {
    return CommandLineRun.of(
        "",
        Path.of("/dev/null"),
        environment,
        (name, tunFd, options) -> {
          throw new IOException("no interface in this test");
        },
        sockets,
        arguments);
  }

  CommandLineRun call(String... arguments) {
    return callWith(Map.of(), arguments);
  }

  CommandLineRun callWith(Map<String, String> environment, String... arguments) {
    return call(sockets, environment, arguments);
  }

  @Override
  public void close() {
    server.close();
  }
}
