package io.wgnetty.node;

import static java.util.Objects.requireNonNull;

import io.wgnetty.control.Operations;
import io.wgnetty.control.UapiServer;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.handover.Estate;
import io.wgnetty.handover.RefusedException;
import io.wgnetty.handover.Taker;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
          more.apply(
              NodeOperations.of(node.control(), node.events(), node::accounts), node.control());
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

  /**
   * An interface of another process, which begins when that has let it go.
   *
   * @param setup what is set up around it
   */
  record Inherited(NodeRun run, StateReader setup) {}

  /**
   * Takes the next interface over that another process offers, which has to have this name.
   *
   * @throws IOException if that is not possible
   * @throws RefusedException if the other does not want to
   */
  static Inherited takeOver(
      Taker taker,
      NodeStarter starter,
      String name,
      NodeOptions options,
      Path socketDirectory,
      BiFunction<Operations, DeviceControl, Operations> more)
      throws IOException, RefusedException {
    Taker.Heirloom heirloom = taker.expect(name);
    RunningNode node = starter.takeOver(heirloom, options);
    try {
      Operations operations =
          more.apply(
              NodeOperations.of(node.control(), node.events(), node::accounts), node.control());
      UapiServer uapi =
          UapiServer.inherit(
              socketDirectory, name, heirloom.controlSocket(), node.control(), operations);
      var run = new NodeRun(node, uapi);
      return new Inherited(run, taker.fill(node.transfer()));
    } catch (IOException | RuntimeException | RefusedException e) {
      node.close();
      throw e;
    }
  }

  /** What another process would take over, apart from what is set up around the interface. */
  Estate estate() {
    return new NodeEstate(node, node.transfer(), uapi);
  }

  @Override
  public void begun() {
    node.begun();
    uapi.serve(true);
  }

  @Override
  public List<Estate> estates() {
    return List.of(estate());
  }

  private record NodeEstate(RunningNode node, DeviceTransfer device, UapiServer uapi)
      implements Estate {
    @Override
    public void leave() {
      device.leave();
      node.left();
    }

    @Override
    public int controlSocket() {
      return uapi.fd();
    }

    @Override
    public void serve(boolean serves) {
      uapi.serve(serves);
    }

    @Override
    public void describeSetup(StateWriter out) {
      // Whoever configures it from outside does so again.
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
