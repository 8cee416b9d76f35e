package io.wgnetty.wrong.peer;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Wrong: a pure package that starts threads. */
public final class StartsExecutor {
  public ExecutorService start() {
    return Executors.newCachedThreadPool();
  }
}
