package io.wgnetty.control;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.Limits;
import io.wgnetty.limit.GroupText;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.QuotaText;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code do=limit}: the peer {@code peer=HEX} may carry {@code limit=RATES} and {@code quota=QUOTA}
 * from now on, and shares those of {@code group=NAME}; each may be {@code off}. Without a peer the
 * first two are the group's. What is not said stays. Answers with what is in force: {@code limit},
 * {@code quota}, {@code quota_used_bytes}, {@code group}.
 */
final class LimitOperation implements Operation {
  private static final String OFF = "off";

  private final DeviceControl device;

  LimitOperation(DeviceControl device) {
    this.device = device;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    Limits limits = device.limits();
    String group = arguments.get("group");
    if (group != null && !arguments.containsKey("peer")) {
      String name = name(group);
      answer(ofGroup(limits, name, arguments), limits.use().ofGroup(name), out);
    } else {
      PublicKey key = PeerArgument.of(arguments, device);
      answer(ofPeer(limits, key, arguments), limits.use().ofPeer(key), out);
    }
  }

  private static void answer(PeerLimit inForce, long usedBytes, AnswerWriter out)
      throws OperationFailure {
    if (!inForce.hasRates()) {
      out.line("limit", OFF);
    }
    LimitLines.write(inForce, usedBytes, out);
  }

  private static PeerLimit ofPeer(Limits limits, PublicKey key, Map<String, String> arguments)
      throws OperationFailure {
    PeerLimit before = limits.of(key);
    PeerLimit wanted = changed(before, arguments);
    String group = arguments.get("group");
    if (group != null) {
      wanted = wanted.withGroup(group.equals(OFF) ? null : name(group));
    }
    if (!wanted.equals(before)) {
      limits.set(Map.of(key, wanted));
    }
    return limits.of(key);
  }

  private static PeerLimit ofGroup(Limits limits, String name, Map<String, String> arguments)
      throws OperationFailure {
    Map<String, PeerLimit> groups = new HashMap<>(limits.groups());
    PeerLimit before = groups.getOrDefault(name, PeerLimit.NONE);
    PeerLimit wanted = changed(before, arguments);
    if (!wanted.equals(before)) {
      groups.put(name, wanted);
      groups.values().removeIf(PeerLimit::isNone);
      limits.setGroups(groups);
    }
    return limits.groups().getOrDefault(name, PeerLimit.NONE);
  }

  private static PeerLimit changed(PeerLimit before, Map<String, String> arguments)
      throws OperationFailure {
    String rates = arguments.get("limit");
    String quota = arguments.get("quota");
    try {
      PeerLimit with = rates == null ? before : before.withRates(LimitText.parse(rates));
      return quota == null ? with : with.withQuota(QuotaText.parse(quota));
    } catch (IllegalArgumentException e) {
      throw new OperationFailure(String.valueOf(e.getMessage()));
    }
  }

  private static String name(String text) throws OperationFailure {
    try {
      return GroupText.name(text);
    } catch (IllegalArgumentException e) {
      throw new OperationFailure(String.valueOf(e.getMessage()));
    }
  }
}
