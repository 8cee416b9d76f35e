package io.wgnetty.node;

import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory of peers at work for one interface. */
public interface RunningDirectory extends AutoCloseable {
  /** How it stands. Any thread. */
  DirectoryStatus status();

  /** How the cluster stands; {@code null} if this node is alone. Any thread. */
  @Nullable ClusterStatus cluster();

  /** Where the cluster's peers are. Any thread; of many peers it is a long list. */
  List<ClusterStatus.Place> places();

  /** Waits for the first listing, or until it is known that there will be none soon. */
  void awaitFirst(Duration patience) throws InterruptedException;

  /** Ends it; the peers stay. */
  @Override
  void close();
}
