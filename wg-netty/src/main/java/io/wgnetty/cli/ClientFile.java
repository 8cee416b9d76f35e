package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.Palette;
import io.wgnetty.client.QrText;
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
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration file of a new peer, with its private key: for the peer alone. */
final class ClientFile {
  private ClientFile() {}

  /**
   * What stands in it; the caller wipes it.
   *
   * @param key {@code null} if the client has made its own, to which it adds the rest
   * @param publicKey that of this key
   */
  static byte[] text(
      ServerFacts server,
      PeerOptions options,
      List<InterfaceAddress> inner,
      @Nullable PrivateKey key,
      PublicKey publicKey,
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
    byte[] text = ConfigurationText.bytes(new Configuration(settings, List.of(us)));
    return key == null ? withPlaceForKey(text, publicKey) : text;
  }

  private static byte[] withPlaceForKey(byte[] text, PublicKey publicKey) {
    byte[] note =
        ("# Write here: PrivateKey = the private key of " + publicKey.toBase64() + "\n")
            .getBytes(UTF_8);
    int header = 0;
    while (text[header++] != '\n') {
      // Behind the line [Interface].
    }
    byte[] both = new byte[text.length + note.length];
    System.arraycopy(text, 0, both, 0, header);
    System.arraycopy(note, 0, both, header, note.length);
    System.arraycopy(text, header, both, header + note.length, text.length - header);
    Arrays.fill(text, (byte) 0);
    return both;
  }

  /**
   * What of it goes to standard output; the caller wipes it.
   *
   * @param itself whether its text does
   * @param qr whether a picture of it does
   */
  static byte[] shown(byte[] text, boolean itself, boolean qr, CommandContext context)
      throws CommandFailure {
    byte[] picture = new byte[0];
    if (qr) {
      String code = QrText.of(new String(text, ISO_8859_1)).render(Palette.of(context).on());
      picture = code.getBytes(UTF_8);
    }
    int length = itself ? text.length : 0;
    byte[] both = new byte[length + picture.length];
    System.arraycopy(text, 0, both, 0, length);
    System.arraycopy(picture, 0, both, length, picture.length);
    Arrays.fill(picture, (byte) 0);
    return both;
  }

  /**
   * Writes it for its owner alone.
   *
   * @throws CommandFailure if there is a file already, or it cannot be written whole; nothing half
   *     written is left
   */
  static void write(Path file, byte[] text) throws CommandFailure {
    write(
        file,
        channel -> {
          write(channel, text);
          channel.force(true); // some file systems find out only now that they are full
        });
  }

  /** What is done with a new file. */
  @FunctionalInterface
  interface Content {
    void write(FileChannel channel) throws IOException;
  }

  /** The same of any content. */
  static void write(Path file, Content content) throws CommandFailure {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var mode = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, mode, owner)) {
      try {
        content.write(channel);
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

  static void write(FileChannel channel, byte[] text) throws IOException {
    var bytes = ByteBuffer.wrap(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
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
