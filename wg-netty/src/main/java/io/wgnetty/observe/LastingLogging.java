package io.wgnetty.observe;

import java.util.logging.LogManager;

/**
 * The log's library, but that it goes on until the process ends: by itself it stops when a signal
 * comes, while the interfaces still have to be taken down.
 */
public final class LastingLogging extends LogManager {
  /** For the library, which makes it by its name. */
  public LastingLogging() {}

  /** Nothing: our handler needs no closing, and is wanted to the end. */
  @Override
  public void reset() {}
}
