package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.InterfaceName;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The control sockets of the interfaces that run here. */
public final class ControlSockets {
  private static final String SUFFIX = ".sock";

  private final Path directory;

  public ControlSockets(Path directory) {
    this.directory = directory;
  }

  /**
   * The names of all interfaces with a socket, sorted; some may be left over from dead programs.
   */
  List<String> names() throws CommandFailure {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - SUFFIX.length()))
          .sorted()
          .forEach(names::add);
    } catch (NoSuchFileException e) {
      return names; // nothing has run here yet
    } catch (IOException e) {
      throw new CommandFailure("cannot list " + directory + ": " + CommandFailure.firstLine(e));
    }
    return names;
  }

  /** The names of those whose program answers. */
  public List<String> running() throws CommandFailure {
    List<String> running = new ArrayList<>();
    for (String name : names()) {
      if (isRunning(name)) {
        running.add(name);
      }
    }
    return running;
  }

  /**
   * Whether an interface's program answers.
   *
   * @throws CommandFailure if it may not be asked
   */
  public boolean isRunning(String name) throws CommandFailure {
    try {
      open(name).close();
      return true;
    } catch (IOException e) {
      if (isDenied(e)) {
        throw denied(name);
      }
      return false;
    }
  }

  private boolean has(String name) {
    return Files.exists(path(name));
  }

  /**
   * A connection to the interface's program.
   *
   * @throws CommandFailure saying why there is none, and what there is
   */
  SocketChannel connect(String name) throws CommandFailure {
    InterfaceName.check(name);
    if (!has(name)) {
      throw CommandFailure.notRunning(missing(name));
    }
    try {
      return open(name);
    } catch (IOException e) {
      if (isDenied(e)) {
        throw denied(name);
      }
      throw CommandFailure.notRunning(
          name
              + " is not running: "
              + path(name)
              + " is left over from a program that has ended ("
              + CommandFailure.firstLine(e)
              + ")");
    }
  }

  private SocketChannel open(String name) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path(name)));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private String missing(String name) throws CommandFailure {
    if (Files.exists(Path.of("/sys/class/net", name))) {
      return name + " is an interface, but no userspace WireGuard serves it here";
    }
    List<String> others = names();
    return "no such interface: "
        + name
        + (others.isEmpty() ? "; none is running" : "; running: " + String.join(", ", others));
  }

  private Path path(String name) {
    return directory.resolve(name + SUFFIX);
  }

  private static CommandFailure denied(String name) {
    return new CommandFailure(name + ": permission denied: only root may talk to an interface");
  }

  private static boolean isDenied(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("permission");
  }
}
