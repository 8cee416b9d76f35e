package io.wgnetty.node;

import io.wgnetty.handover.Estate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interfaces of one process that configuration files describe. */
public final class ConfiguredNodes implements NodeWork {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredNodes.class);

  private final NodeSurroundings surroundings;
  private final Thread starter = Thread.currentThread();
  private final CountDownLatch startEnded = new CountDownLatch(1);
  private final List<ConfiguredNode> nodes = Collections.synchronizedList(new ArrayList<>());

  private ConfiguredNodes(NodeSurroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Sets up one interface for each file, in order. All files are read before the first of them.
   *
   * @param hookOutput takes what commands of the files print meanwhile
   * @throws CommandFailure if a file has errors, or an interface cannot be set up; then none is
   *     left
   */
  public static NodeWork begin(
      List<Path> files,
      NodeSurroundings surroundings,
      Consumer<NodeWork> early,
      Consumer<String> hookOutput)
      throws CommandFailure {
    Map<String, Path> byName = new HashMap<>();
    List<ConfigurationSource> sources = new ArrayList<>();
    for (Path file : files) {
      ConfigurationSource source = ConfigurationSource.of(file, surroundings.rescueFiles());
      Path other = byName.putIfAbsent(source.name(), file);
      if (other != null) {
        throw new CommandFailure(other + " and " + file + " are both for " + source.name());
      }
      sources.add(source);
    }
    for (ConfigurationSource source : sources) {
      source.check(); // what is wrong with the last file is said before the first is used
    }
    var all = new ConfiguredNodes(surroundings);
    early.accept(all);
    all.start(sources, hookOutput);
    return all;
  }

  private void start(List<ConfigurationSource> sources, Consumer<String> hookOutput)
      throws CommandFailure {
    try {
      for (ConfigurationSource source : sources) {
        nodes.add(ConfiguredNode.start(source, surroundings, hookOutput));
      }
    } catch (CommandFailure | RuntimeException e) {
      closeNodes();
      throw e;
    } finally {
      startEnded.countDown();
    }
  }

  private List<ConfiguredNode> nodes() {
    return List.copyOf(nodes);
  }

  @Override
  public String awaitEnd() throws CommandFailure {
    // One that ends by itself leaves the others alone.
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    List<String> reasons = Collections.synchronizedList(new ArrayList<>());
    List<String> failures = Collections.synchronizedList(new ArrayList<>());
    for (ConfiguredNode node : nodes()) {
      ends.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  reasons.add(node.name() + ": " + node.awaitEnd());
                } catch (CommandFailure e) {
                  LOG.error("{}", e.getMessage()); // the others may go on for long
                  failures.add(e.getMessage());
                }
                node.close();
              },
              task -> Thread.ofPlatform().daemon().name("end-" + node.name()).start(task)));
    }
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
    if (!failures.isEmpty()) {
      throw new CommandFailure(String.join("; ", failures));
    }
    return String.join("; ", reasons);
  }

  @Override
  public List<Estate> estates() throws CommandFailure {
    List<Estate> estates = new ArrayList<>();
    for (ConfiguredNode node : nodes()) {
      estates.add(node.estate());
    }
    return estates;
  }

  @Override
  public void begun() {
    nodes().forEach(ConfiguredNode::begun);
  }

  @Override
  public Runnable reload() {
    return () -> nodes().forEach(ConfiguredNode::reloadAndLog);
  }

  @Override
  public boolean isAlive() {
    return nodes().stream().allMatch(ConfiguredNode::isAlive);
  }

  @Override
  public void close() {
    if (Thread.currentThread() != starter && startEnded.getCount() > 0) {
      LOG.info("told to end while the interfaces are being set up");
      starter.interrupt(); // it undoes what it did
      awaitStart();
    }
    closeNodes();
  }

  private void awaitStart() {
    try {
      startEnded.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeNodes() {
    nodes().reversed().forEach(ConfiguredNode::close);
  }
}
