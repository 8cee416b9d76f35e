package io.wgnetty.storm;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file with which {@code wg setconf} makes a node the server of a storm. */
final class ServerConfiguration implements AutoCloseable {
  private final BufferedWriter out;
  private int peers;

  ServerConfiguration(Path file, PrivateKey key, int listenPort) throws IOException {
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

  /** A peer with an endpoint. */
  void peer(PublicKey key, int innerAddress, int address, int port) throws IOException {
    peer(key, innerAddress);
    out.write("Endpoint = " + Addresses.text(address) + ":" + port + "\n");
  }

  int peers() {
    return peers;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
