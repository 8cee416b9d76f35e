package io.wgnetty.tun;

import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a descriptor its event loop looks for, and why. On the loop's thread, but for
 * what happens before it is registered.
 */
final class DescriptorInterest {
  private final EpollIoOps always;
  private @Nullable IoRegistration registration;
  private EpollIoOps shown;
  private boolean reading;
  private boolean awaitsRoom;
  private boolean paused;
  private boolean rests;

  /** {@code always} is of interest even while nobody wants to read. */
  DescriptorInterest(EpollIoOps always) {
    this.always = always;
    this.shown = always;
  }

  void registered(IoRegistration fresh) {
    fresh.submit(shown);
    registration = fresh;
  }

  void deregister() {
    if (registration != null) {
      registration.cancel();
      registration = null;
      reading = false;
      awaitsRoom = false;
      shown = always;
    }
  }

  /** Whether somebody wants what comes. */
  void setReading(boolean reading) {
    this.reading = reading;
    show();
  }

  /** Whether somebody waits until it takes data again. */
  void setAwaitsRoom(boolean awaitsRoom) {
    this.awaitsRoom = awaitsRoom;
    show();
  }

  /** Whether nothing is read for a while, so that more comes together. */
  void setRests(boolean rests) {
    this.rests = rests;
    show();
  }

  boolean rests() {
    return rests;
  }

  /** Whether nothing at all is done with it for a while, after a failure. */
  void setPaused(boolean paused) {
    this.paused = paused;
    show();
  }

  boolean isPaused() {
    return paused;
  }

  private void show() {
    EpollIoOps ops = always;
    if (reading && !paused && !rests) {
      ops = ops.with(EpollIoOps.EPOLLIN);
    }
    if (awaitsRoom && !paused) {
      ops = ops.with(EpollIoOps.EPOLLOUT);
    }
    if (registration != null && !shown.equals(ops)) {
      registration.submit(ops);
      shown = ops; // not if it failed: then the next call tries again
    }
  }
}
