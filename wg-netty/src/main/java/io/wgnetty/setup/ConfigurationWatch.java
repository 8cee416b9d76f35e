package io.wgnetty.setup;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a configuration file ({@code --watch}): calls when there is another version of it, once
 * it has come to rest.
 *
 * <p>Told by inotify, and looks by itself as well: a file behind a symbolic link, on a network file
 * system or in a folder that was replaced changes without an event.
 */
public final class ConfigurationWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);

  /** An editor writes, renames and sets the mode in less. */
  static final long SETTLING_MS = 300;

  static final long LOOK_INTERVAL_MS = 2000;

  /** A file that never comes to rest is taken as it is after so many waits. */
  static final int MAX_WAITS = 20;

  private final Supplier<@Nullable FileStamp> look;
  private final FileEvents events;
  private final Runnable onChange;
  private @Nullable FileStamp known;

  private ConfigurationWatch(
      Supplier<@Nullable FileStamp> look, FileEvents events, Runnable onChange) {
    this.look = look;
    this.events = events;
    this.onChange = onChange;
    this.known = look.get();
  }

  /**
   * Begins to watch.
   *
   * @param file it may be away now and later
   * @param onChange called on the watch's own thread, for each new version that is found
   */
  public static ConfigurationWatch start(Path file, Runnable onChange) {
    Path absolute = file.toAbsolutePath();
    Path folder = Objects.requireNonNull(absolute.getParent(), "a file is in a folder");
    var watch =
        new ConfigurationWatch(() -> FileStamp.of(absolute), new FolderEvents(folder), onChange);
    Thread.ofPlatform().name("watch-" + file.getFileName()).daemon().start(watch::follow);
    return watch;
  }

  /** Watches on the calling thread until the events are closed. For tests. */
  static void follow(Supplier<@Nullable FileStamp> look, FileEvents events, Runnable onChange) {
    new ConfigurationWatch(look, events, onChange).follow();
  }

  private void follow() {
    try {
      while (true) {
        boolean unusedTold = events.await(LOOK_INTERVAL_MS);
        FileStamp found = look.get();
        if (found != null && !found.equals(known)) {
          settle(found);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the watch has ended");
    }
  }

  /** Waits until it has not changed for a while, then calls, if there is a file then. */
  private void settle(FileStamp first) throws InterruptedException {
    FileStamp last = first;
    for (int i = 0; i < MAX_WAITS; i++) {
      events.rest(SETTLING_MS);
      FileStamp found = look.get();
      if (Objects.equals(found, last)) {
        break;
      }
      last = found;
    }
    if (last != null && !last.equals(known)) {
      known = last;
      call();
    }
  }

  private void call() {
    try {
      onChange.run();
    } catch (RuntimeException e) {
      LOG.error("the configuration file has changed, and could not be followed", e);
    }
  }

  /** Ends; a call that is under way is not waited for. */
  @Override
  public void close() {
    events.close();
  }
}
