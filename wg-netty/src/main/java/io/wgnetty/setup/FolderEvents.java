package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells, by inotify, that something has happened in a folder; the folder may come and go. */
final class FolderEvents implements FileEvents {
  private static final Logger LOG = LoggerFactory.getLogger(FolderEvents.class);

  private final Path folder;
  private @Nullable WatchService watches;
  private @Nullable WatchKey key;
  private boolean closed;

  FolderEvents(Path folder) {
    this.folder = folder;
    register();
  }

  @Override
  public boolean await(long timeoutMs) throws InterruptedException {
    WatchService service = register();
    if (service == null) {
      rest(timeoutMs); // the folder is away, or inotify has no room
      return false;
    }
    try {
      WatchKey signalled = service.poll(timeoutMs, TimeUnit.MILLISECONDS);
      if (signalled == null) {
        return false;
      }
      signalled.pollEvents().clear();
      boolean unusedValid = signalled.reset(); // if not, the folder is registered anew
      return true;
    } catch (ClosedWatchServiceException e) {
      throw new InterruptedException("closed");
    }
  }

  @Override
  public void rest(long ms) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(ms);
    synchronized (this) {
      if (closed) {
        throw new InterruptedException("closed");
      }
    }
  }

  /** Looks at the folder that has the name now, if none is looked at. */
  private synchronized @Nullable WatchService register() {
    try {
      if (watches == null && !closed) {
        watches = folder.getFileSystem().newWatchService();
      }
      WatchService service = watches;
      if (service != null && (key == null || !key.isValid())) {
        key =
            folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
      }
      return key == null ? null : service;
    } catch (IOException | ClosedWatchServiceException e) {
      LOG.debug("{} is not watched now: {}", folder, e.getMessage());
      key = null;
      return null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (watches != null) {
        watches.close();
        watches = null;
      }
    } catch (IOException e) {
      LOG.debug("closing the watch of {}: {}", folder, e.getMessage());
    }
  }
}
