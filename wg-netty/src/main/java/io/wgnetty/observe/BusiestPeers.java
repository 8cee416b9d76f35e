package io.wgnetty.observe;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/**
 * The peers of an interface that carried most since the look before, and the sum of all others.
 *
 * <p>The sum is one of increments: each look adds what the peers carried that are not shown. A sum
 * of totals would jump whenever a peer comes into the list or leaves it, and monitoring would take
 * that for traffic.
 */
final class BusiestPeers {
  /** A peer with hundreds of prefixes would make labels that nobody reads and everybody stores. */
  private static final int MAX_PREFIXES = 8;

  /**
   * A peer that is shown.
   *
   * @param allowedIps with commas between them, the first few alone
   * @param label what people call it, empty if it has no name
   */
  record Shown(
      PublicKey key,
      String allowedIps,
      String label,
      long receivedBytes,
      long sentBytes,
      long lastHandshakeEpochNs) {}

  /** What a peer had carried at the latest look. */
  private static final class Carried {
    long receivedBytes;
    long sentBytes;
    long look;
    boolean shown;
  }

  /** A peer, and by how much it has grown. */
  private record Growth(PeerTraffic now, Carried carried, long receivedBytes, long sentBytes) {
    long bytes() {
      return receivedBytes + sentBytes;
    }

    long total() {
      return now.receivedBytes() + now.sentBytes();
    }
  }

  /**
   * The busiest last. Among equals those that are shown stay, so that idle ones do not take turns.
   */
  private static final Comparator<Growth> BY_RATE =
      Comparator.comparingLong(Growth::bytes)
          .thenComparing(growth -> growth.carried().shown)
          .thenComparingLong(Growth::total);

  private final String interfaceName;
  private final DeviceControl device;
  private final int limit;
  private final Map<PublicKey, Carried> known = new HashMap<>();
  private List<Shown> shown = List.of();
  private long otherReceivedBytes;
  private long otherSentBytes;
  private long look;

  /** None are shown before the first {@link #look}. */
  BusiestPeers(String interfaceName, DeviceControl device, int limit) {
    this.interfaceName = interfaceName;
    this.device = device;
    this.limit = limit;
  }

  String interfaceName() {
    return interfaceName;
  }

  /** The busiest first. */
  List<Shown> shown() {
    return shown;
  }

  long otherReceivedBytes() {
    return otherReceivedBytes;
  }

  long otherSentBytes() {
    return otherSentBytes;
  }

  /** Looks at all peers again. */
  void look() {
    look++;
    PriorityQueue<Growth> busiest = new PriorityQueue<>(limit + 1, BY_RATE);
    for (PeerTraffic peer : device.traffic()) {
      busiest.add(growth(peer));
      if (busiest.size() > limit) {
        addToOthers(busiest.remove());
      }
    }
    known.values().removeIf(carried -> carried.look != look);
    List<PeerTraffic> chosen = new ArrayList<>();
    while (!busiest.isEmpty()) {
      Growth growth = busiest.remove();
      growth.carried().shown = true;
      chosen.addFirst(growth.now());
    }
    shown = described(chosen);
  }

  private Growth growth(PeerTraffic now) {
    Carried carried = known.computeIfAbsent(now.publicKey(), key -> new Carried());
    // A peer that was removed and added again begins anew.
    boolean anew =
        now.receivedBytes() < carried.receivedBytes || now.sentBytes() < carried.sentBytes;
    Growth growth =
        new Growth(
            now,
            carried,
            now.receivedBytes() - (anew ? 0 : carried.receivedBytes),
            now.sentBytes() - (anew ? 0 : carried.sentBytes));
    carried.receivedBytes = now.receivedBytes();
    carried.sentBytes = now.sentBytes();
    carried.look = look;
    return growth;
  }

  private void addToOthers(Growth growth) {
    growth.carried().shown = false;
    otherReceivedBytes += growth.receivedBytes();
    otherSentBytes += growth.sentBytes();
  }

  private List<Shown> described(List<PeerTraffic> peers) {
    Map<PublicKey, PeerDetails> details = new HashMap<>();
    for (PeerDetails one : device.details(peers.stream().map(PeerTraffic::publicKey).toList())) {
      details.put(one.publicKey(), one);
    }
    List<Shown> described = new ArrayList<>();
    for (PeerTraffic peer : peers) {
      PeerDetails more = details.get(peer.publicKey());
      if (more != null) { // removed meanwhile
        described.add(
            new Shown(
                peer.publicKey(),
                prefixes(more.allowedIps()),
                more.label() == null ? "" : more.label(),
                peer.receivedBytes(),
                peer.sentBytes(),
                peer.lastHandshakeEpochNs()));
      }
    }
    return List.copyOf(described);
  }

  private static String prefixes(List<IpPrefix> allowedIps) {
    String first =
        allowedIps.stream()
            .limit(MAX_PREFIXES)
            .map(IpPrefix::toString)
            .collect(Collectors.joining(","));
    return allowedIps.size() > MAX_PREFIXES ? first + ",..." : first;
  }
}
