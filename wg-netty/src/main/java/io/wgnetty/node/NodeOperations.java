package io.wgnetty.node;

import io.wgnetty.control.Operations;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.observe.EventFeed;

/** What a node of this program can be asked to do. */
public final class NodeOperations {
  private NodeOperations() {}

  /** What every node can do, and what its log and its events tell. */
  public static Operations of(DeviceControl control, EventFeed events) {
    return LogOperations.addTo(Operations.builtIn(control))
        .with("events", new EventOperation(events));
  }
}
