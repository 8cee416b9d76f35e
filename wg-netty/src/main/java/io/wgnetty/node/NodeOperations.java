package io.wgnetty.node;

import io.wgnetty.control.LogOperation;
import io.wgnetty.control.Operations;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.observe.LogLevel;

/** What a node of this program can be asked to do. */
public final class NodeOperations {
  private NodeOperations() {}

  /** What every node can do, and changing the level of the log. */
  public static Operations of(DeviceControl control) {
    return Operations.builtIn(control).with("log", new LogOperation(NodeOperations::applyLevel));
  }

  private static void applyLevel(String word) {
    LogLevel.named(word)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no level " + word + "; there are " + LogLevel.words()))
        .apply();
  }
}
