package io.wgnetty.node;

import io.wgnetty.handover.Taker;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryStatus;
import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings an interface to life. */
@FunctionalInterface
public interface NodeStarter {
  /**
   * Creates the interface, or takes over an inherited one.
   *
   * @param name the interface's name, valid by {@link InterfaceName}
   * @param tunFd an open TUN descriptor that this process was started with, or {@code null}
   * @param options how it is to run
   * @throws IOException if that is not possible; the message says why and what to do, in one line
   */
  RunningNode start(String name, @Nullable Integer tunFd, NodeOptions options) throws IOException;

  /**
   * Takes an interface over that another process still has; nothing of it is used before it begins.
   *
   * @throws IOException if that is not possible
   */
  default RunningNode takeOver(Taker.Heirloom heirloom, NodeOptions options) throws IOException {
    throw new IOException("interfaces are not taken over here");
  }

  /** Another process has the interfaces now, and is to have what belongs to the process. */
  default void left() {}

  /** Hears whether everything that was to be started works. */
  default void allAreReady(boolean ready) {}

  /** Hears that an interface has a directory of peers. */
  default void hasDirectory(String name, Supplier<DirectoryStatus> status) {}

  /** Hears that an interface is a node of a cluster. */
  default void hasCluster(String name, Supplier<ClusterStatus> status) {}

  /** Hears that an interface has a file, whose peers may have an end; how many had it so far. */
  default void expires(String name, LongSupplier expired) {}

  /** Hears that the file of an interface was read, and applied as a whole or not. */
  default void reloaded(String name, boolean applied) {}
}
