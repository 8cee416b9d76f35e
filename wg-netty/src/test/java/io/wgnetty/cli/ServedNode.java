package io.wgnetty.cli;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.api.ApiAccess;
import io.wgnetty.api.ApiServer;
import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import io.wgnetty.node.NodeProcess;
import io.wgnetty.observe.MetricsAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node with the interface wg0, and a server of the API for it with a token. */
final class ServedNode implements AutoCloseable {
  static final String WORD = "a-token-of-some-length";

  /** The file with the token. */
  final Path token;

  final ClientNode node;
  private final ApiServer server;

  private ServedNode(Path token, ClientNode node, ApiServer server) {
    this.token = token;
    this.node = node;
    this.server = server;
  }

  /** Starts both, with their files in an empty directory. */
  static ServedNode start(Path directory, boolean withPage) throws Exception {
    Path token = Files.writeString(directory.resolve("token"), WORD + "\n");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    Path sockets = Files.createDirectory(directory.resolve("sockets"));
    ClientNode node = ClientNode.start(sockets, "wg0", Map.of());
    var streams = new StandardStreams(System.in, System.out, System.err, Path.of("/dev/null"));
    var command =
        new ApiCommand(
            new NodeProcess(
                (name, fd, options) -> {
                  throw new IOException("no interface in this test");
                },
                Map.of(),
                sockets),
            new CommandContext(streams, Map.of(), sockets));
    ApiServer server =
        ApiServer.open(
            MetricsAddress.parse("0"),
            new ApiAccess(token, null, null, null),
            withPage,
            new ControlSockets(sockets),
            command::run);
    return new ServedNode(token, node, server);
  }

  int port() {
    return server.address().getPort();
  }

  static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    ByteBuffer.wrap(bytes).putInt(number);
    bytes[31] = 1;
    return PublicKey.of(bytes);
  }

  /** Peers with the keys from 1 on, each with an address. */
  void addPeers(int count) {
    List<PeerChange> changes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      var prefix = IpPrefix.parse("10.0." + i / 256 + "." + i % 256 + "/32");
      changes.add(
          new PeerChange(
              key(i),
              false,
              false,
              null,
              null,
              null,
              false,
              List.of(new PeerChange.AllowedIp(prefix, false))));
    }
    node.device.apply(changes);
  }

  @Override
  public void close() {
    server.close();
    node.close();
  }
}
