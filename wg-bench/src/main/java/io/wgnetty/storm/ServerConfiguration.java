package io.wgnetty.storm;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The file with which {@code wg setconf} makes a node the server of a storm. */
final class ServerConfiguration implements AutoCloseable {
  private final Path file;
  private final BufferedWriter out;
  private int peers;

  ServerConfiguration(Path file, PrivateKey key, int listenPort) throws IOException {
    this.file = file;
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    out = Files.newBufferedWriter(file);
    out.write(
        "[Interface]\nPrivateKey = " + key.toBase64() + "\nListenPort = " + listenPort + "\n");
  }

  /** A peer that is somewhere unknown. */
  void peer(PublicKey key, int innerAddress) throws IOException {
    out.write(
        "[Peer]\nPublicKey = "
            + key.toBase64()
            + "\nAllowedIPs = "
            + Addresses.text(innerAddress)
            + "/32\n");
    peers++;
  }

  /** Clients, of which it is not known where they are. */
  void peers(List<Client> clients) throws IOException {
    for (Client client : clients) {
      peer(client.key(), Addresses.inner(client.number()));
    }
  }

  /** A peer with an endpoint. */
  void peer(PublicKey key, int innerAddress, int address, int port) throws IOException {
    peer(key, innerAddress);
    out.write("Endpoint = " + Addresses.text(address) + ":" + port + "\n");
  }

  int peers() {
    return peers;
  }

  /**
   * Runs the command that has the server configured by the file, which is complete and then goes.
   *
   * @return its status
   */
  int apply(String command) throws IOException, InterruptedException {
    out.close();
    try {
      return ShellCommand.run(command);
    } finally {
      Files.deleteIfExists(file); // it holds a private key
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
