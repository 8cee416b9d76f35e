package io.wgnetty.node;

import io.wgnetty.setup.DirectoryStatus;
import java.time.Duration;

/** A directory of peers at work for one interface. */
public interface RunningDirectory extends AutoCloseable {
  /** How it stands. Any thread. */
  DirectoryStatus status();

  /** Waits for the first listing, or until it is known that there will be none soon. */
  void awaitFirst(Duration patience) throws InterruptedException;

  /** Ends it; the peers stay. */
  @Override
  void close();
}
