package io.wgnetty.control;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import java.util.Map;

/** {@code peer=HEX} of an operation: the peer that it is about. */
final class PeerArgument {
  private PeerArgument() {}

  /** The key of a peer that there is. */
  static PublicKey of(Map<String, String> arguments, DeviceControl device) throws OperationFailure {
    PublicKey key;
    try {
      key = PublicKey.fromHex(arguments.getOrDefault("peer", ""));
    } catch (IllegalArgumentException e) {
      throw new OperationFailure("peer= takes a key of 64 hexadecimal digits");
    }
    if (!device.hasPeer(key)) {
      throw new OperationFailure("no such peer");
    }
    return key;
  }
}
