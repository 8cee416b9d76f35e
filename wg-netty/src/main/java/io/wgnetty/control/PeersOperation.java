package io.wgnetty.control;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * {@code do=peers}: a page of an interface's peers in the order of their keys, beginning behind
 * {@code after=}; of those whose name contains {@code label=}, if that is given. What has been said
 * of a peer does not depend on others that come and go between two pages.
 */
final class PeersOperation implements Operation {
  static final int MAX_ROWS = 1000;
  private static final int DEFAULT_ROWS = 100;

  private static final Comparator<PublicKey> ORDER =
      (a, b) -> a.equals(b) ? 0 : a.isBefore(b) ? -1 : 1;

  private final DeviceControl device;

  PeersOperation(DeviceControl device) {
    this.device = device;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    PublicKey after = after(arguments.get("after"));
    int count = count(arguments.get("count"));
    String label = arguments.getOrDefault("label", "").toLowerCase(Locale.ROOT);
    List<PublicKey> all = device.peerKeys();
    // Of those that follow, the first: the greatest on top, to be replaced. One more shows whether
    // there is another page.
    var first = new PriorityQueue<>(ORDER.reversed());
    for (PublicKey key : all) {
      if ((after == null || after.isBefore(key)) && isMeant(key, label)) {
        first.add(key);
        if (first.size() > count + 1) {
          first.remove();
        }
      }
    }
    List<PublicKey> keys = new ArrayList<>(first);
    keys.sort(ORDER);
    out.line("peers", all.size());
    out.line("more", Boolean.toString(keys.size() > count));
    var lines = new PeerLines(out);
    for (var details : device.details(keys.subList(0, Math.min(count, keys.size())))) {
      lines.write(details);
    }
  }

  private boolean isMeant(PublicKey key, String label) {
    if (label.isEmpty()) {
      return true;
    }
    String name = device.label(key);
    return name != null && name.toLowerCase(Locale.ROOT).contains(label);
  }

  private static @Nullable PublicKey after(@Nullable String hex) throws OperationFailure {
    try {
      return hex == null ? null : PublicKey.fromHex(hex);
    } catch (IllegalArgumentException e) {
      throw new OperationFailure("peers: after= takes a key of 64 hexadecimal digits");
    }
  }

  private static int count(@Nullable String text) throws OperationFailure {
    if (text == null) {
      return DEFAULT_ROWS;
    }
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MAX_ROWS) {
      throw new OperationFailure("peers: count is a number in 1.." + MAX_ROWS);
    }
    return Integer.parseInt(text);
  }
}
