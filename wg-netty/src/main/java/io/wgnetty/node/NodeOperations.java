package io.wgnetty.node;

import io.wgnetty.account.Accounts;
import io.wgnetty.control.Operations;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.observe.EventFeed;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a node of this program can be asked to do. */
public final class NodeOperations {
  private NodeOperations() {}

  /** What every node can do, and what its log, its events and its accounts tell. */
  public static Operations of(
      DeviceControl control, EventFeed events, Supplier<@Nullable Accounts> accounts) {
    return LogOperations.addTo(Operations.builtIn(control))
        .with("account", new AccountOperation(control, accounts))
        .with("events", new EventOperation(events));
  }
}
