package io.wgnetty.node;

import io.wgnetty.control.Operations;
import io.wgnetty.device.DeviceControl;

/** What a node of this program can be asked to do. */
public final class NodeOperations {
  private NodeOperations() {}

  /** What every node can do, and what its log tells. */
  public static Operations of(DeviceControl control) {
    return LogOperations.addTo(Operations.builtIn(control));
  }
}
