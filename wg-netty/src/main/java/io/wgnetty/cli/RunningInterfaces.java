package io.wgnetty.cli;

import java.util.Iterator;
import java.util.List;

/**
 * The names of interfaces, for the completion of command lines. Which there are is known when a
 * line is completed only: {@link CompletionScript} puts the question in the place of this word.
 */
final class RunningInterfaces implements Iterable<String> {
  static final String PLACEHOLDER = "@interfaces@";

  @Override
  public Iterator<String> iterator() {
    return List.of(PLACEHOLDER).iterator();
  }
}
