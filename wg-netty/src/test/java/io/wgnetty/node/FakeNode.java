package io.wgnetty.node;

import io.wgnetty.account.Accounts;
import io.wgnetty.cli.Main;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.control.FakeDevice;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.observe.EventFeed;
import io.wgnetty.observe.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node without an interface. Writes a file when it is closed, for a test in another process. */
public final class FakeNode implements RunningNode {
  private final EventFeed events = new EventFeed("fake", new PeerLabels());
  private final FakeDevice device = new FakeDevice();
  private final String name;
  private final Path closedMark;
  final CompletableFuture<Void> gone = new CompletableFuture<>();
  volatile int closed;

  FakeNode(String name, Path closedMark) {
    this.name = name;
    this.closedMark = closedMark;
  }

  /** The program, with this node: arguments are the directory, then the program's own. */
  public static void main(String[] arguments) {
    LogLevel.from(System.getenv(), LogLevel.ERROR).install();
    Path directory = Path.of(arguments[0]);
    String[] own = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
    System.exit(
        Main.run(
            (name, tunFd, options) -> new FakeNode(name, directory.resolve("closed")),
            Map.copyOf(System.getenv()),
            directory,
            StandardStreams.ofProcess(),
            own));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public DeviceControl control() {
    return device;
  }

  @Override
  public @Nullable Accounts accounts() {
    return null;
  }

  @Override
  public EventFeed events() {
    return events;
  }

  @Override
  public boolean isAlive() {
    return closed == 0;
  }

  @Override
  public CompletionStage<Void> gone() {
    return gone;
  }

  @Override
  public synchronized void close() {
    closed++;
    if (System.getenv("FAKE_NODE_HANGS") != null) {
      new CompletableFuture<Void>().join();
    }
    try {
      Files.writeString(closedMark, "closed");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
