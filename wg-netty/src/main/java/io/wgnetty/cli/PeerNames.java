package io.wgnetty.cli;

import java.util.Iterator;
import java.util.List;

/**
 * The names of an interface's peers, for the completion of command lines: {@link CompletionScript}
 * puts the question in the place of this word.
 */
final class PeerNames implements Iterable<String> {
  static final String PLACEHOLDER = "@peers@";

  @Override
  public Iterator<String> iterator() {
    return List.of(PLACEHOLDER).iterator();
  }
}
