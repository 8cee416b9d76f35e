package io.wgnetty.control;

import io.wgnetty.device.DeviceControl;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The operations that a node knows, by their words. Never changes. */
public final class Operations {
  private static final Operations NONE = new Operations(Map.of());

  private final Map<String, Operation> byWord;

  private Operations(Map<String, Operation> byWord) {
    this.byWord = Map.copyOf(byWord);
  }

  /** No operations at all. */
  public static Operations none() {
    return NONE;
  }

  /** What every node can do. */
  public static Operations builtIn(DeviceControl device) {
    return NONE.with("capture", new CaptureOperation(device))
        .with("forget_sessions", (arguments, out) -> device.forgetSessions())
        .with("label", new LabelOperation(device))
        .with("limit", new LimitOperation(device))
        .with("peers", new PeersOperation(device))
        .with("show", new ShowOperation(device, out -> {}))
        .with("top", new TopOperation(device, System::nanoTime));
  }

  /** These, but that {@code show} has more to say of the node. */
  public Operations showing(DeviceControl device, ShowOperation.Facts more) {
    return with("show", new ShowOperation(device, more));
  }

  /** These and one more, or another one for a word that is known. */
  public Operations with(String word, Operation operation) {
    var more = new TreeMap<>(byWord);
    more.put(word, operation);
    return new Operations(more);
  }

  @Nullable Operation named(String word) {
    return byWord.get(word);
  }

  /** All words, for messages. */
  SortedSet<String> words() {
    return new TreeSet<>(byWord.keySet());
  }
}
