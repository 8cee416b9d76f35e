package io.wgnetty.node;

import io.wgnetty.setup.ClusterOptions;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.PeersBeside;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ServiceLoader;

/**
 * The part of the program that knows directories of peers. Found and loaded when somebody asks for
 * it, so that nobody else pays for it.
 */
public interface PeerDirectories {
  /**
   * The part, if it is there.
   *
   * @throws CommandFailure if this program was put together without it
   */
  static PeerDirectories load() throws CommandFailure {
    return ServiceLoader.load(PeerDirectories.class)
        .findFirst()
        .orElseThrow(
            () -> new CommandFailure("the library wg-peers is missing; install the program again"));
  }

  /**
   * Keeps peers in step with a source from now on. A source that is away is waited for.
   *
   * @throws IOException if an option leads nowhere
   * @param cluster what this node is among others that have the same peers
   * @throws IllegalArgumentException if the source is none, or serves no cluster
   */
  RunningDirectory open(PeersBeside peers, DirectoryOptions options, ClusterOptions cluster)
      throws IOException;

  /**
   * Says what is wrong with records, each in a line.
   *
   * @return whether all can be used
   */
  boolean check(DirectoryOptions options, PrintStream out) throws IOException, InterruptedException;

  /** Prints all records: as JSON, one in a line, or as {@code [Peer]} sections. */
  void export(DirectoryOptions options, boolean json, PrintStream out)
      throws IOException, InterruptedException;

  /**
   * Puts the peers of a text into a source.
   *
   * @param text a configuration file, or records as JSON, one in a line
   * @return how many there were
   */
  int importInto(DirectoryOptions options, byte[] text) throws IOException, InterruptedException;
}
