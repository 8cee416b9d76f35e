package io.wgnetty.cli;

import io.wgnetty.client.ServerFacts;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationText;
import io.wgnetty.config.FileFailure;
import io.wgnetty.config.Hooks;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;

/** The configuration file of a new peer, with its private key: for the peer alone. */
final class ClientFile {
  private ClientFile() {}

  /** What stands in it; the caller wipes it. */
  static byte[] text(
      ServerFacts server,
      PeerOptions options,
      List<InterfaceAddress> inner,
      PrivateKey key,
      PresharedKey shared) {
    InterfaceSettings told = options.settings();
    InterfaceSettings of = server.settings();
    var settings =
        new InterfaceSettings(
            key,
            0,
            0,
            inner.stream()
                .map(address -> new InterfaceAddress(address.host(), address.host().length()))
                .toList(),
            of == null ? null : of.mtu(),
            told.dnsServers(),
            told.dnsSearchDomains(),
            RouteTable.AUTO,
            Hooks.NONE,
            false);
    PeerSettings asked = options.peer();
    var us =
        new PeerSettings(
            server.publicKey(),
            shared,
            asked.allowedIps(),
            asked.endpoint(),
            asked.keepaliveSeconds(),
            null);
    return ConfigurationText.bytes(new Configuration(settings, List.of(us)));
  }

  /**
   * Writes it for its owner alone.
   *
   * @throws CommandFailure if there is a file already, or it cannot be written whole; nothing half
   *     written is left
   */
  static void write(Path file, byte[] text) throws CommandFailure {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var mode = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, mode, owner)) {
      try {
        var bytes = ByteBuffer.wrap(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true); // some file systems find out only now that they are full
      } catch (IOException e) {
        Files.deleteIfExists(file);
        throw e;
      }
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(file + " is already there: delete it, or give another --out");
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + FileFailure.reason(e));
    }
  }

  /** Takes it away again: the peer was not added. */
  static void delete(Path file) throws CommandFailure {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CommandFailure("the peer was not added, but its file is left: " + file);
    }
  }
}
