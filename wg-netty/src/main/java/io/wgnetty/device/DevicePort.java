package io.wgnetty.device;

import io.wgnetty.udp.UdpPortException;
import io.wgnetty.udp.UdpSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An interface's UDP port: in use while the link is up (protocol 3.8). Called by one thread at a
 * time.
 *
 * <p>For a while before the link comes up and after it went down, the port is held: bound, but not
 * read. What arrived in the last one or two ticks is answered then, what is older is thrown away.
 */
final class DevicePort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DevicePort.class);

  /** An interface is usually set up at once; and another one may be waiting for the same port. */
  private static final long HOLD_BEFORE_UP_NS = TimeUnit.SECONDS.toNanos(10);

  private static final long HOLD_AFTER_DOWN_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long RETRY_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

  /** How long news of the link may be under way. */
  private static final long NEWS_DELAY_NS = TimeUnit.SECONDS.toNanos(2);

  private final String interfaceName;
  private final DataLoops loops;
  private final UdpSettings settings;
  private final BooleanSupplier isLinkUp;
  private final Runnable needsTicks;

  /** In use. */
  private @Nullable SocketGroup bound;

  /** Bound, but not read. */
  private @Nullable SocketGroup held;

  private long awaitsSinceNs;
  private long heldUntilNs;
  private boolean hasKey;
  private int listenPort;
  private int fwmark;
  private boolean linkUp;

  /** While we know the link to be up, and older news that it is down may be under way. */
  private boolean awaitsNewsOfUp;

  /** Why nothing can be received although the link is up; read by other threads too. */
  private volatile @Nullable String failure;

  private long failedSinceNs;
  private long lastTryNs;

  /**
   * Any port and no mark, not bound yet.
   *
   * @param isLinkUp looks whether the link is up at this moment
   * @param needsTicks called when {@link #tick} has to be called now and then from now on
   */
  DevicePort(
      String interfaceName,
      DataLoops loops,
      UdpSettings settings,
      BooleanSupplier isLinkUp,
      Runnable needsTicks) {
    this.interfaceName = interfaceName;
    this.loops = loops;
    this.settings = settings;
    this.isLinkUp = isLinkUp;
    this.needsTicks = needsTicks;
  }

  /** The port's number; 0 if none was asked for and none has been bound yet. */
  int number() {
    return bound == null ? listenPort : bound.port();
  }

  int fwmark() {
    return fwmark;
  }

  /** Why nothing can be received although the link is up; {@code null} if it can, or is down. */
  @Nullable String failure() {
    return failure;
  }

  /** The sockets that are in use; {@code null} while the link is down. */
  @Nullable SocketGroup inUse() {
    return bound;
  }

  /** Goes on with sockets of another process, which are read when they are told to be. */
  void adopt(SocketGroup group, int configuredPort, int mark) {
    bound = group;
    listenPort = configuredPort;
    fwmark = mark;
    linkUp = true;
  }

  /** Another process has the sockets: nothing is done with them here any more. */
  void leave() {
    listenPort = number();
    bound = null;
    linkUp = false;
  }

  /** Whether there is a private key: without one nobody can call us. */
  void setHasKey(boolean present) {
    hasKey = present;
    if (present) {
      hold(HOLD_BEFORE_UP_NS);
    } else {
      giveBackHeld();
    }
  }

  /**
   * Takes another port; 0 is any.
   *
   * @throws IOException if it is taken; the one before stays bound then
   */
  void setNumber(int port) throws IOException {
    SocketGroup old = bound;
    if (old == null) {
      listenPort = port;
      if (linkUp) {
        bind(); // the port that was asked for before was taken
      } else {
        hold(HOLD_BEFORE_UP_NS);
      }
      return;
    }
    if (port != 0 && port == old.port()) {
      listenPort = port;
      return;
    }
    SocketGroup fresh = loops.bind(port, marked());
    listenPort = port;
    bound = fresh;
    loops.exchange(old, fresh);
    LOG.info("interface {}: UDP port {}", interfaceName, fresh.port());
  }

  /**
   * Marks all that is sent from now on.
   *
   * @throws IOException if the sockets refuse it; the mark before stays in force then
   */
  void setFwmark(int mark) throws IOException {
    if (bound != null) {
      bound.setMark(mark, fwmark);
    }
    fwmark = mark;
    if (held != null) {
      remarkHeld(held);
    }
    loops.visit(loop -> loop.shard().beginDropLocalAddresses()); // routes may be others now
  }

  private void remarkHeld(SocketGroup group) {
    try {
      group.setMark(fwmark, 0);
    } catch (IOException e) {
      LOG.debug("interface {}: its port is not held: {}", interfaceName, e.getMessage());
      giveBackHeld(); // when the link comes up, it will be said
    }
  }

  /**
   * The caller sets the link up, and does not wait for news of it.
   *
   * @throws IOException if the port can not be bound
   */
  void bringUp() throws IOException {
    if (bound != null) {
      return;
    }
    bind();
    awaitsNewsOfUp = !linkUp;
    awaitsSinceNs = System.nanoTime();
    linkUp = true;
    needsTicks.run();
  }

  /** News of the link. */
  void linkChanged(boolean up) {
    if (awaitsNewsOfUp && !up) {
      return; // from before bringUp
    }
    awaitsNewsOfUp = false;
    linkUp = up;
    if (up && bound == null) {
      tryToBind();
    } else if (!up) {
      goDown();
    }
  }

  /** Does what is due; returns whether it has to be called again in a while. */
  boolean tick() {
    long nowNs = System.nanoTime();
    if (awaitsNewsOfUp && nowNs - awaitsSinceNs >= NEWS_DELAY_NS) {
      awaitsNewsOfUp = false; // all that was under way has come
      linkChanged(isLinkUp.getAsBoolean());
    }
    if (linkUp && bound == null && nowNs - lastTryNs >= RETRY_INTERVAL_NS) {
      tryToBind();
    }
    SocketGroup silent = held;
    if (silent != null) {
      if (nowNs - heldUntilNs >= 0) {
        giveBackHeld();
      } else {
        loops.discardOld(silent);
      }
    }
    return held != null || awaitsNewsOfUp || (linkUp && bound == null);
  }

  private void bind() throws IOException {
    lastTryNs = System.nanoTime();
    try {
      SocketGroup ready = held;
      if (ready == null || ready.port() != listenPort) {
        giveBackHeld();
        ready = loops.bind(listenPort, marked());
      }
      held = null;
      use(ready);
    } catch (IOException e) {
      failed(e);
      throw e;
    }
  }

  private void use(SocketGroup group) {
    bound = group;
    loops.up(group);
    if (failure != null) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - failedSinceNs);
      LOG.warn("interface {} receives again, after {} s without a port", interfaceName, seconds);
      failure = null;
    }
    LOG.info("interface {} is up, UDP port {}", interfaceName, group.port());
  }

  private void failed(IOException e) {
    if (failure == null) {
      failedSinceNs = lastTryNs;
    }
    failure = e instanceof UdpPortException taken ? taken.reason() : String.valueOf(e.getMessage());
  }

  private UdpSettings marked() {
    return settings.withFwmark(fwmark);
  }

  private void tryToBind() {
    boolean known = failure != null;
    try {
      bind();
    } catch (IOException e) {
      if (known) {
        LOG.debug("interface {} still can not receive: {}", interfaceName, e.getMessage());
      } else {
        LOG.error(
            "interface {} can not receive, which is tried again every second: {}",
            interfaceName,
            e.getMessage());
      }
      needsTicks.run();
    }
  }

  /** Binds the port although the link is down, if it can be had. */
  private void hold(long forNs) {
    if (held != null && held.port() != listenPort) {
      giveBackHeld();
    }
    if (!hasKey || listenPort == 0 || linkUp || bound != null) {
      return;
    }
    if (held == null) {
      try {
        held = loops.bind(listenPort, marked());
      } catch (IOException e) {
        LOG.debug("interface {}: its port is not held: {}", interfaceName, e.getMessage());
        return;
      }
    }
    keepHeld(forNs);
  }

  private void keepHeld(long forNs) {
    heldUntilNs = System.nanoTime() + forNs;
    needsTicks.run();
  }

  private void giveBackHeld() {
    SocketGroup group = held;
    held = null;
    if (group != null) {
      group.close();
    }
  }

  private void goDown() {
    failure = null;
    SocketGroup group = bound;
    if (group == null) {
      return;
    }
    bound = null;
    loops.down(group);
    // The port that was chosen at random stays ours, as with the kernel.
    listenPort = group.port();
    held = group;
    if (hasKey) {
      keepHeld(HOLD_AFTER_DOWN_NS);
    } else {
      giveBackHeld();
    }
    LOG.info("interface {} is down", interfaceName);
  }

  /** Closes the sockets without the loops, which do not answer. */
  void abandon() {
    for (SocketGroup group : Arrays.asList(bound, held)) {
      if (group != null) {
        group.abandon();
      }
    }
    bound = null;
    held = null;
  }

  @Override
  public void close() {
    awaitsNewsOfUp = false;
    linkUp = false;
    goDown();
    giveBackHeld();
  }
}
