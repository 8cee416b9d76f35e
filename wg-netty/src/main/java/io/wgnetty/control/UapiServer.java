package io.wgnetty.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.device.DeviceControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UAPI socket of one interface (protocol 7.1): through it {@code wg} reads and changes a
 * running node.
 *
 * <p>Has one thread of its own, on which every call of the {@link DeviceControl} is made.
 */
public final class UapiServer implements AutoCloseable {
  /** Where {@code wg} looks for the sockets of userspace implementations. */
  public static final Path DIRECTORY = Path.of("/var/run/wireguard");

  /** Programs that talk to one interface at the same time are few; each costs some 100 KiB. */
  static final int MAX_CONNECTIONS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(UapiServer.class);
  private static final int READ_BYTES = 64 * 1024;
  private static final long CLOSE_TIMEOUT_MS = 2000;

  private final SocketFile file;
  private final OperationRunner operations;
  private final Exchanges exchanges;
  private final RequestTurns turns = new RequestTurns(RequestTurns.MAX_SILENCE_NS);
  private final CompletableFuture<Void> removed = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final EventLoopGroup loop;
  private final ChannelGroup connections;
  private final Channel listener;
  private volatile boolean serves;

  /** None if the socket was inherited and has no file of this name. */
  private final @Nullable SocketFileWatcher watcher;

  private UapiServer(SocketFile file, DeviceControl device, Operations known, boolean serves)
      throws IOException {
    this.file = file;
    this.serves = serves;
    this.operations = new OperationRunner(known);
    this.exchanges = new Exchanges(device, X25519Providers.fastest(), operations);
    this.loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("control", true), EpollIoHandler.newFactory());
    this.connections = new DefaultChannelGroup(loop.next());
    try {
      this.listener = listen();
    } catch (IOException e) {
      if (serves) {
        file.unlink();
      }
      loop.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
      throw e;
    }
    this.watcher =
        file.wasThere() ? SocketFileWatcher.start(file, () -> removed.complete(null)) : null;
  }

  /**
   * Creates {@code NAME.sock} in the directory and accepts connections when it returns.
   *
   * @throws IOException if another program has that socket or it cannot be created; the message
   *     says which
   */
  public static UapiServer open(Path directory, String name, DeviceControl device)
      throws IOException {
    return open(directory, name, device, Operations.builtIn(device));
  }

  /** The same for a node that knows these operations. */
  public static UapiServer open(
      Path directory, String name, DeviceControl device, Operations operations) throws IOException {
    return new UapiServer(SocketFile.bind(directory, name), device, operations, true);
  }

  /**
   * Accepts connections on a listening socket that this process was started with.
   *
   * @throws IOException if the descriptor is not that
   */
  public static UapiServer adopt(Path directory, String name, int fd, DeviceControl device)
      throws IOException {
    return adopt(directory, name, fd, device, Operations.builtIn(device));
  }

  /** The same for a node that knows these operations. */
  public static UapiServer adopt(
      Path directory, String name, int fd, DeviceControl device, Operations operations)
      throws IOException {
    return new UapiServer(SocketFile.adopt(directory, name, fd), device, operations, true);
  }

  /** The same for a socket that another process serves still: see {@link #serve}. */
  public static UapiServer inherit(
      Path directory, String name, int fd, DeviceControl device, Operations operations)
      throws IOException {
    return new UapiServer(SocketFile.adopt(directory, name, fd), device, operations, false);
  }

  /** The listening socket. */
  public int fd() {
    return file.fd();
  }

  /**
   * Whether programs that call are served. While they are not, they wait in the kernel, and the
   * socket's file is another's. When this returns, that is so. Any thread but the server's own.
   */
  public void serve(boolean serve) {
    serves = serve;
    // A listener that reads no more accepts once more all the same: so it leaves its loop.
    if (!serve) {
      listener.config().setAutoRead(false);
      listener.deregister().awaitUninterruptibly();
    } else if (!listener.isRegistered()) {
      loop.register(listener).awaitUninterruptibly();
      listener.config().setAutoRead(true);
    } else {
      listener.config().setAutoRead(true);
    }
  }

  /** Completes when somebody removes the socket file, which asks the interface to end. */
  public CompletionStage<Void> removed() {
    return removed.minimalCompletionStage();
  }

  private void unlink() {
    try {
      file.unlink();
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", file.path(), e.getMessage());
    }
  }

  private Channel listen() throws IOException {
    var registered =
        new ServerBootstrap()
            .group(loop)
            // "true": it listens already, so no bind will make it active
            .channelFactory(() -> new EpollServerDomainSocketChannel(file.fd(), true))
            .option(ChannelOption.AUTO_READ, serves)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    accept(connection);
                  }
                })
            .register()
            .awaitUninterruptibly();
    if (!registered.isSuccess()) {
      throw new IOException("cannot accept on " + file.path(), registered.cause());
    }
    return registered.channel();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private void accept(Channel connection) {
    if (connections.size() >= MAX_CONNECTIONS) {
      LOG.warn("UAPI: more than {} connections, the new one was closed", MAX_CONNECTIONS);
      connection.close();
      return;
    }
    connections.add(connection);
    connection
        .pipeline()
        .addLast(new UapiConnection(connection, exchanges, turns, AnswerStream::writeDirectly));
  }

  /** Removes the socket file, unless it is another's by now, and ends all connections. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (watcher != null) {
      watcher.close();
    }
    if (serves) {
      unlink();
    }
    operations.close();
    listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    loop.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
