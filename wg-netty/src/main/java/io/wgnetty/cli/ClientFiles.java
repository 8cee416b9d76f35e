package io.wgnetty.cli;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import io.wgnetty.config.FileFailure;
import io.wgnetty.node.CommandFailure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The files of many new peers, in a folder or in one ZIP file, for their owner alone. They are
 * written before the peers are added, and taken away again if these are not.
 */
final class ClientFiles {
  /** What the JDK lacks: one wait for the disk for all files together. */
  private interface Libc extends Library {
    Libc INSTANCE = Native.load("c", Libc.class);

    int open(String path, int flags) throws LastErrorException;

    int syncfs(int fd) throws LastErrorException;

    int close(int fd) throws LastErrorException;
  }

  private static final int O_RDONLY_CLOEXEC = 0x80000;

  private final Path place;
  private final List<Path> written = new ArrayList<>();

  ClientFiles(Path place) {
    this.place = place;
  }

  /** Whether the place is one file for all. */
  private boolean isZip() {
    return place.toString().endsWith(".zip");
  }

  /** A file's name for a peer: what a file system or a shell could stumble over is replaced. */
  static String name(String interfaceName, String label) {
    return interfaceName + "-" + label.replaceAll("[^a-zA-Z0-9_=+.-]", "-") + ".conf";
  }

  /** Writes all of them, or none. */
  void write(String interfaceName, List<NewPeer> peers) throws CommandFailure {
    Set<String> names = new HashSet<>();
    List<String> inOrder = new ArrayList<>(peers.size());
    for (NewPeer peer : peers) {
      String name = name(interfaceName, peer.label());
      for (int i = 2; !names.add(name); i++) {
        name = name(interfaceName, peer.label() + "-" + i); // "a b" and "a-b"
      }
      inOrder.add(name);
    }
    try {
      if (isZip()) {
        ClientFile.write(place, channel -> zip(channel, inOrder, peers));
        written.add(place);
      } else {
        intoFolder(inOrder, peers);
      }
    } catch (CommandFailure e) {
      takeBack();
      throw e;
    }
  }

  private void intoFolder(List<String> names, List<NewPeer> peers) throws CommandFailure {
    try {
      if (!Files.isDirectory(place)) {
        var owner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(place, PosixFilePermissions.asFileAttribute(owner));
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot make the folder " + place + ": " + FileFailure.reason(e));
    }
    for (int i = 0; i < peers.size(); i++) {
      Path file = place.resolve(names.get(i));
      byte[] text = peers.get(i).clientFile();
      ClientFile.write(file, channel -> ClientFile.write(channel, text));
      written.add(file);
    }
    sync();
  }

  private void sync() throws CommandFailure {
    try {
      int fd = Libc.INSTANCE.open(place.toString(), O_RDONLY_CLOEXEC);
      try {
        Libc.INSTANCE.syncfs(fd);
      } finally {
        Libc.INSTANCE.close(fd);
      }
    } catch (LastErrorException e) {
      throw new CommandFailure("cannot write to " + place + ": " + CommandFailure.firstLine(e));
    }
  }

  /** Stored as they are: what compresses would keep copies of keys. */
  private static void zip(FileChannel channel, List<String> names, List<NewPeer> peers)
      throws IOException {
    OutputStream file = Channels.newOutputStream(channel);
    // Not closed: the channel is the caller's.
    var zip = new ZipOutputStream(new BufferedOutputStream(file, 1 << 16));
    zip.setMethod(ZipOutputStream.STORED);
    for (int i = 0; i < peers.size(); i++) {
      byte[] text = peers.get(i).clientFile();
      var entry = new ZipEntry(names.get(i));
      var sum = new CRC32();
      sum.update(text);
      entry.setCrc(sum.getValue());
      entry.setSize(text.length);
      zip.putNextEntry(entry);
      zip.write(text);
      zip.closeEntry();
    }
    zip.finish();
    zip.flush();
    channel.force(true);
  }

  /** Takes them away again: the peers were not added. */
  void takeBack() throws CommandFailure {
    for (Path file : written) {
      ClientFile.delete(file);
    }
  }
}
