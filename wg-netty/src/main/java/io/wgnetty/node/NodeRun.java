package io.wgnetty.node;

import static java.util.Objects.requireNonNull;

import io.wgnetty.control.Operations;
import io.wgnetty.control.UapiServer;
import io.wgnetty.device.DeviceControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One interface from its creation to its end, with its UAPI socket.
 *
 * <p>Ends when the interface is removed, when the socket file is removed, or when it is told to.
 */
final class NodeRun implements NodeWork {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRun.class);

  private final RunningNode node;
  private final UapiServer uapi;
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private boolean nodeClosed;
  private boolean closed;

  private NodeRun(RunningNode node, UapiServer uapi) {
    this.node = node;
    this.uapi = uapi;
    var unusedGone = node.gone().whenComplete((gone, failure) -> ended(failure));
    var unusedRemoved = uapi.removed().thenRun(() -> end.complete("the socket file was removed"));
  }

  private void ended(@Nullable Throwable failure) {
    if (failure == null) {
      end.complete("the interface was removed");
    } else {
      end.completeExceptionally(failure);
    }
  }

  /**
   * Starts the node, then opens its socket; when this returns, the socket accepts.
   *
   * @param more adds to what management requests can ask of every node
   * @throws IOException if either is not possible; then nothing is left of both
   */
  static NodeRun start(
      NodeStarter starter,
      String name,
      @Nullable Integer tunFd,
      @Nullable Integer uapiFd,
      NodeOptions options,
      Path socketDirectory,
      BiFunction<Operations, DeviceControl, Operations> more)
      throws IOException {
    RunningNode node = starter.start(name, tunFd, options);
    try {
      Operations operations =
          more.apply(NodeOperations.of(node.control(), node.events()), node.control());
      UapiServer uapi =
          uapiFd == null
              ? UapiServer.open(socketDirectory, node.name(), node.control(), operations)
              : UapiServer.adopt(socketDirectory, node.name(), uapiFd, node.control(), operations);
      LOG.info("interface {} is ready", node.name());
      return new NodeRun(node, uapi);
    } catch (IOException | RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /** The interface that runs. */
  RunningNode node() {
    return node;
  }

  @Override
  public boolean isAlive() {
    return node.isAlive();
  }

  @Override
  public String awaitEnd() throws CommandFailure {
    try {
      return end.join();
    } catch (CompletionException e) {
      throw new CommandFailure(
          node.name() + ": " + CommandFailure.firstLine(requireNonNull(e.getCause())));
    }
  }

  /** Ends it soon, for a reason of its owner's. */
  void end(String reason) {
    end.complete(reason);
  }

  /** Removes the interface, but not the socket. */
  synchronized void closeNode() {
    if (!nodeClosed) {
      nodeClosed = true;
      node.close();
      LOG.info("interface {} has ended", node.name());
    }
  }

  /** Removes the socket, then the interface. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      uapi.close();
      closeNode();
    }
  }
}
