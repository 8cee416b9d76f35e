package io.wgnetty.control;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import java.util.Map;

/**
 * {@code do=label}: names the peer {@code peer=HEX} {@code label=TEXT}, or takes its name away. For
 * nodes whose peers come from no file, in which the names would stand.
 */
final class LabelOperation implements Operation {
  /** A line of a list, with space left for everything else. */
  static final int MAX_LABEL_CHARACTERS = 64;

  private final DeviceControl device;

  LabelOperation(DeviceControl device) {
    this.device = device;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    String label = arguments.getOrDefault("label", "");
    if (label.length() > MAX_LABEL_CHARACTERS) {
      throw new OperationFailure("a name has up to %d characters".formatted(MAX_LABEL_CHARACTERS));
    }
    PublicKey key = PeerArgument.of(arguments, device);
    device.setLabel(key, label.isEmpty() ? null : label);
  }
}
