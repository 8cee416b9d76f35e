package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches an interface from a thread of its own: up, down, MTU, gone. In this process's network
 * namespace it hears of every change at once. In another one it hears at once that the interface is
 * up, and looks once a second for the rest; where it may not enter that namespace, the last MTU
 * stays.
 *
 * <p>It keeps nothing open in another namespace, or that would live on, and the interface with it,
 * after {@code ip netns del}.
 */
public final class LinkMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LinkMonitor.class);

  private static final int FOREVER = -1;
  private static final int NO_DESCRIPTOR = -1; // poll passes over it

  /** How long a change may go unnoticed where there are no messages, and a pause after failures. */
  private static final int LOOK_INTERVAL_MS = 1000;

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
  private @Nullable LinkState told;
  private @Nullable Path abroad;
  private @Nullable Path forbidden;
  private boolean failing;
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
      while (!closed && !gone) {
        turn();
      }
      if (gone && !closed) {
        listener.onGone();
      }
    } catch (RuntimeException e) {
      log.error("{}: link listener has failed at the end", name, e);
    } finally {
      disconnect();
      synchronized (this) {
        finished = true;
        stop.close();
        probe.close();
      }
    }
  }

  /** Waits for something to happen, and tells it. */
  private void turn() {
    try {
      LinkSocket connected = socket != null ? socket : connect();
      if (connected != null) {
        follow(connected);
      } else if (!gone) {
        look();
      }
      failing &= !isTold();
    } catch (RuntimeException e) {
      complain("its link cannot be watched, which is tried again", e);
      disconnect();
      rest();
    }
  }

  /** Says it once, until it works again. */
  private void complain(String what, RuntimeException e) {
    if (failing) {
      log.debug("{}: {}", name, what, e);
    } else {
      log.error("{}: {}", name, what, e);
    }
    failing = true;
  }

  @SuppressWarnings("EmptyCatch") // when not even waiting works, there is only sleep
  private void rest() {
    try {
      stop.await(NO_DESCRIPTOR, LOOK_INTERVAL_MS);
    } catch (RuntimeException e) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_INTERVAL_MS));
    }
  }

  /** Opens a socket if the interface is in our namespace; without one we are left to looking. */
  private @Nullable LinkSocket connect() {
    disconnect();
    String current = device.currentName();
    if (current == null) {
      gone = true;
      return null;
    }
    name = current;
    try (NetworkNamespace namespace = device.namespace()) {
      abroad = namespace.isCurrent() ? null : namespace.identity();
      if (abroad == null) {
        LinkSocket opened = LinkSocket.open();
        socket = opened;
        opened.request(name);
        probe.watch(false);
      }
    } catch (TunException | LastErrorException e) {
      log.debug("{}: no link messages", name, e);
      disconnect();
    }
    return socket;
  }

  private void disconnect() {
    index = UNKNOWN_INDEX;
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }

  private void follow(LinkSocket connected) {
    stop.await(connected.fd(), isTold() ? FOREVER : LOOK_INTERVAL_MS);
    try {
      for (LinkMessage message : connected.receive()) {
        if (closed || socket != connected) {
          return;
        }
        handle(message);
      }
    } catch (LastErrorException e) {
      if (e.getErrorCode() != Errno.ENOBUFS) {
        throw e;
      }
      disconnect(); // messages were lost, perhaps the one that it left: begin afresh
    }
    if (!closed && last != null) {
      report(last);
    }
  }

  private void handle(LinkMessage message) {
    switch (message) {
      case LinkMessage.Present present -> {
        if (index == UNKNOWN_INDEX ? present.name().equals(name) : present.index() == index) {
          index = present.index();
          report(new LinkState(present.up(), present.mtu() != 0 ? present.mtu() : lastMtu()));
        }
      }
      case LinkMessage.Left left -> {
        if (left.index() == index) {
          connect(); // the descriptor knows whether it was deleted or where it went
        }
      }
      case LinkMessage.Refused refused -> {
        disconnect(); // not here, or not by that name: it has just been moved or renamed
        look();
      }
    }
  }

  /** Finds out without messages, then waits until it is up or it is time to look again. */
  private void look() {
    boolean up = probe.isUp();
    report(new LinkState(up, mtu()));
    probe.watch(!up);
    stop.await(up ? NO_DESCRIPTOR : probe.descriptor(), LOOK_INTERVAL_MS);
  }

  private int mtu() {
    if (abroad != null && abroad.equals(forbidden)) {
      return lastMtu();
    }
    if (abroad == null || mayEnterNamespaces) {
      try {
        return device.mtu();
      } catch (TunException e) {
        if (abroad == null
            || !(e.getCause() instanceof LastErrorException error)
            || error.getErrorCode() != Errno.EPERM) {
          return lastMtu(); // it has just been moved or renamed
        }
      }
    }
    forbidden = abroad;
    log.warn(
        "{}: is in a network namespace that may not be entered (needs CAP_SYS_ADMIN): its MTU is"
            + " taken as {}, and that it goes down is noticed after a second",
        name,
        lastMtu());
    return lastMtu();
  }

  private int lastMtu() {
    return last != null ? last.mtu() : DEFAULT_MTU;
  }

  private boolean isTold() {
    return last == null || last.equals(told);
  }

  private void report(LinkState state) {
    last = state;
    if (isTold()) {
      return;
    }
    try {
      listener.onLink(state);
      told = state;
    } catch (RuntimeException e) {
      complain("link listener has failed on " + state + ", and is told again", e);
    }
  }
}
