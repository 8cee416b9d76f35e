package io.wgnetty.control;

import io.wgnetty.crypto.X25519;
import io.wgnetty.device.DeviceControl;

/** The kinds of requests there are, by their first line. */
final class Exchanges {
  private final DeviceControl device;
  private final X25519 x25519;
  private final OperationRunner operations;

  Exchanges(DeviceControl device, X25519 x25519, OperationRunner operations) {
    this.device = device;
    this.x25519 = x25519;
    this.operations = operations;
  }

  /**
   * Begins a request of the connection.
   *
   * @return whether the line begins one
   */
  boolean begin(UapiConnection connection, UapiLine first) {
    if (first.contentEquals("set=1")) {
      var set = new SetExchange(connection, device, x25519);
      connection.begin(set);
      set.begin();
    } else if (first.contentEquals("get=1")) {
      connection.begin(new GetExchange(connection, device));
    } else if (first.startsWith("do=")) {
      connection.begin(new ManagementExchange(connection, operations, first.textValue()));
    } else {
      return false;
    }
    return true;
  }
}
