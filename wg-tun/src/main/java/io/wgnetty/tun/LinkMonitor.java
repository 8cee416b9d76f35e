package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches an interface from a thread of its own: up, down, MTU, gone. Follows it into another
 * network namespace; where it may not enter that, it probes for up and down once a second and keeps
 * the last MTU.
 *
 * <p>While an interface is in another namespace, the monitor's socket keeps that namespace alive,
 * even after {@code ip netns del}.
 */
public final class LinkMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LinkMonitor.class);

  private static final int FOREVER = -1;

  /** How long a change may go unnoticed where there are no messages. */
  private static final int PROBE_INTERVAL_MS = 1000;

  /** What the driver gives a new interface. */
  private static final int DEFAULT_MTU = 1500;

  private static final int UNKNOWN_INDEX = 0;

  private final TunDevice device;
  private final LinkListener listener;
  private final boolean mayEnterNamespaces;
  private final LinkProbe probe;
  private final StopSignal stop = new StopSignal();
  private final Thread thread;
  private volatile boolean closed;
  private boolean finished; // guarded by this

  // The rest belongs to the thread.
  private @Nullable LinkSocket socket;
  private String name;
  private int index = UNKNOWN_INDEX;
  private @Nullable LinkState last;
  private boolean probing;
  private boolean gone;

  private LinkMonitor(TunDevice device, LinkListener listener, boolean mayEnterNamespaces) {
    this.device = device;
    this.listener = listener;
    this.mayEnterNamespaces = mayEnterNamespaces;
    this.name = device.name();
    this.probe = new LinkProbe(device);
    this.thread = Thread.ofPlatform().daemon().name("link-" + name).unstarted(this::watch);
  }

  /** Begins to watch; the listener hears the present state at once, on the monitor's thread. */
  public static LinkMonitor open(TunDevice device, LinkListener listener) {
    return open(device, listener, true);
  }

  /** As above; for tests, with the choice to behave as if without CAP_SYS_ADMIN. */
  static LinkMonitor open(TunDevice device, LinkListener listener, boolean mayEnterNamespaces) {
    var monitor = new LinkMonitor(device, listener, mayEnterNamespaces);
    monitor.thread.start();
    return monitor;
  }

  /** Stops watching; the listener hears nothing more, but may itself be the one that calls this. */
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      if (!finished) {
        stop.raise();
      }
    }
    if (Thread.currentThread() != thread) {
      awaitEnd();
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      connect();
      while (!closed && !gone) {
        LinkSocket connected = socket;
        if (connected != null) {
          follow(connected);
        } else {
          probe();
        }
      }
      if (gone && !closed) {
        listener.onGone();
      }
    } catch (RuntimeException e) {
      log.error("{}: link monitor has failed, link changes go unnoticed", name, e);
    } finally {
      disconnect();
      synchronized (this) {
        finished = true;
        stop.close();
      }
    }
  }

  /** Opens a socket where the interface is now; without one we are left to probing. */
  private void connect() {
    disconnect();
    String current = device.currentName();
    if (current == null) {
      gone = true;
      return;
    }
    name = current;
    try (NetworkNamespace namespace = device.namespace()) {
      if (mayEnterNamespaces || namespace.isCurrent()) {
        socket = LinkSocket.open(namespace);
        socket.request(name);
      }
    } catch (TunException | LastErrorException e) {
      log.debug("{}: no link messages from its namespace", name, e);
      disconnect();
    }
  }

  private void disconnect() {
    index = UNKNOWN_INDEX;
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }

  private void follow(LinkSocket connected) {
    stop.await(connected.fd(), FOREVER);
    try {
      for (LinkMessage message : connected.receive()) {
        if (closed || socket != connected) {
          return;
        }
        handle(message);
      }
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Errno.ENOBUFS) {
        connect(); // messages were lost, perhaps the one that it left: begin afresh
      } else {
        log.warn("{}: link messages cannot be read ({})", name, Errno.describe(e));
        disconnect();
      }
    }
  }

  private void handle(LinkMessage message) {
    switch (message) {
      case LinkMessage.Present present -> {
        if (index == UNKNOWN_INDEX ? present.name().equals(name) : present.index() == index) {
          index = present.index();
          probing = false;
          report(new LinkState(present.up(), present.mtu() != 0 ? present.mtu() : lastMtu()));
        }
      }
      case LinkMessage.Left left -> {
        if (left.index() == index) {
          connect(); // the descriptor knows whether it was deleted or where it went
        }
      }
      case LinkMessage.Refused refused -> disconnect(); // not here: it has just been moved
    }
  }

  private void probe() {
    if (device.currentName() == null) {
      gone = true;
      return;
    }
    if (!probing) {
      probing = true;
      log.warn(
          "{}: its network namespace cannot be watched (needs CAP_SYS_ADMIN): probing up and down"
              + " once a second, MTU taken as {}",
          name,
          lastMtu());
    }
    report(new LinkState(probe.isUp(), lastMtu()));
    stop.await(PROBE_INTERVAL_MS);
    if (!closed) {
      connect();
    }
  }

  private int lastMtu() {
    return last != null ? last.mtu() : DEFAULT_MTU;
  }

  private void report(LinkState state) {
    if (state.equals(last)) {
      return;
    }
    last = state;
    try {
      listener.onLink(state);
    } catch (RuntimeException e) {
      log.error("{}: link listener has failed on {}", name, state, e);
    }
  }
}
