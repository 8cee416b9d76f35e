package io.wgnetty.control;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the socket file was removed, which is how a daemon is asked to end.
 *
 * <p>Told by inotify where possible, and looks by itself every second: a directory that is renamed,
 * unmounted or whose removal is not reported must not leave a daemon that nobody can reach.
 */
final class SocketFileWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFileWatcher.class);

  private static final long LOOK_INTERVAL_MS = 1000;

  private final SocketFile file;
  private final Runnable onRemoval;
  private final @Nullable WatchService watches;
  private final Thread thread;
  private volatile boolean closed;

  private SocketFileWatcher(SocketFile file, @Nullable WatchService watches, Runnable onRemoval) {
    this.file = file;
    this.watches = watches;
    this.onRemoval = onRemoval;
    this.thread = Thread.ofPlatform().name("control-watch").daemon().unstarted(this::watch);
  }

  /** Begins to watch; {@code onRemoval} is called once, on the watcher's thread. */
  static SocketFileWatcher start(SocketFile file, Runnable onRemoval) {
    var watcher = new SocketFileWatcher(file, register(file), onRemoval);
    watcher.thread.start();
    return watcher;
  }

  private static @Nullable WatchService register(SocketFile file) {
    try {
      var directory = file.path().toAbsolutePath().getParent();
      if (directory == null) {
        return null;
      }
      WatchService watches = directory.getFileSystem().newWatchService();
      directory.register(
          watches, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_CREATE);
      return watches;
    } catch (IOException e) {
      // The limits of inotify are per user and small.
      LOG.info("{} is looked at every second, inotify said: {}", file.path(), e.getMessage());
      return null;
    }
  }

  private void watch() {
    try {
      while (file.isThere() && !waitForRemoval()) {
        // looks again
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      return;
    }
    if (!closed) {
      onRemoval.run();
    }
  }

  /** Returns after an event or an interval; true if the removal itself was reported. */
  private boolean waitForRemoval() throws InterruptedException {
    if (watches == null) {
      TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL_MS);
      return false;
    }
    WatchKey key = watches.poll(LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
    boolean removed = false;
    if (key != null) {
      for (WatchEvent<?> event : key.pollEvents()) {
        // A new file may even have the old one's inode number.
        removed |=
            event.kind().equals(StandardWatchEventKinds.ENTRY_DELETE)
                && file.path().getFileName().equals(event.context());
      }
      key.reset();
    }
    return removed;
  }

  /** Ends without a call. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    if (watches != null) {
      try {
        watches.close();
      } catch (IOException e) {
        LOG.debug("closing the watch of {}: {}", file.path(), e.getMessage());
      }
    }
  }
}
