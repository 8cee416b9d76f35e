package io.wgnetty.control;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import java.util.Map;

/**
 * {@code do=limit}: the peer {@code peer=HEX} may carry {@code limit=TEXT} from now on. Without
 * {@code limit} nothing changes. Answers with {@code limit=TEXT}, what is in force.
 */
final class LimitOperation implements Operation {
  private final DeviceControl device;

  LimitOperation(DeviceControl device) {
    this.device = device;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    PublicKey key = PeerArgument.of(arguments, device);
    String text = arguments.get("limit");
    if (text != null) {
      device.limits().set(Map.of(key, parse(text)));
    }
    out.line("limit", device.limits().of(key).toString());
  }

  private static PeerLimit parse(String text) throws OperationFailure {
    try {
      return LimitText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new OperationFailure(String.valueOf(e.getMessage()));
    }
  }
}
