package io.wgnetty.observe;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerTraffic;
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

  /**
   * What a peer had carried at the latest look, and by how much it has grown since the one before.
   */
  private static final class Carried {
    final PublicKey key;
    long receivedBytes;
    long sentBytes;
    long grownReceivedBytes;
    long grownSentBytes;
    long lastHandshakeEpochNs;
    long look;
    boolean shown;

    Carried(PublicKey key) {
      this.key = key;
    }

    void grow(PeerTraffic now) {
      // A peer that was removed and added again begins anew.
      boolean anew = now.receivedBytes() < receivedBytes || now.sentBytes() < sentBytes;
      grownReceivedBytes = now.receivedBytes() - (anew ? 0 : receivedBytes);
      grownSentBytes = now.sentBytes() - (anew ? 0 : sentBytes);
      receivedBytes = now.receivedBytes();
      sentBytes = now.sentBytes();
      lastHandshakeEpochNs = now.lastHandshakeEpochNs();
    }

    long grownBytes() {
      return grownReceivedBytes + grownSentBytes;
    }

    long bytes() {
      return receivedBytes + sentBytes;
    }
  }

  /**
   * The busiest last. Among equals those that are shown stay, so that idle ones do not take turns.
   */
  private static final Comparator<Carried> BY_RATE =
      Comparator.comparingLong(Carried::grownBytes)
          .thenComparing(carried -> carried.shown)
          .thenComparingLong(Carried::bytes);

  private final String interfaceName;
  private final DeviceControl device;
  private final int limit;
  private final Map<PublicKey, Carried> known = new HashMap<>();

  /** The same, in the order of the latest look, which the next one has too, but for a few. */
  private List<Carried> inOrder = List.of();

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
    PriorityQueue<Carried> busiest = new PriorityQueue<>(Math.max(limit, 1), BY_RATE);
    List<PeerTraffic> all = device.traffic();
    List<Carried> order = new ArrayList<>(all.size());
    for (PeerTraffic peer : all) {
      Carried carried = grown(peer, order.size());
      order.add(carried);
      compete(busiest, carried);
    }
    inOrder = order;
    if (known.size() > all.size()) {
      known.values().removeIf(carried -> carried.look != look);
    }
    List<Carried> chosen = new ArrayList<>();
    while (!busiest.isEmpty()) {
      Carried carried = busiest.remove();
      carried.shown = true;
      chosen.addFirst(carried);
    }
    shown = described(chosen);
  }

  /** Lets one more in, if it is busier than the least busy one, who leaves then. */
  private void compete(PriorityQueue<Carried> busiest, Carried one) {
    if (busiest.size() < limit) {
      busiest.add(one);
      return;
    }
    Carried least = busiest.peek();
    if (least == null || BY_RATE.compare(one, least) <= 0) {
      addToOthers(one);
      return;
    }
    addToOthers(busiest.remove());
    busiest.add(one);
  }

  private Carried grown(PeerTraffic peer, int place) {
    // Most are where they were: with a hundred thousand, each search is a miss of the caches.
    Carried carried = place < inOrder.size() ? inOrder.get(place) : null;
    if (carried == null || !carried.key.equals(peer.publicKey())) {
      carried = known.get(peer.publicKey());
    }
    if (carried == null) {
      carried = new Carried(peer.publicKey());
      known.put(carried.key, carried);
    }
    carried.grow(peer);
    carried.look = look;
    return carried;
  }

  private void addToOthers(Carried carried) {
    carried.shown = false;
    otherReceivedBytes += carried.grownReceivedBytes;
    otherSentBytes += carried.grownSentBytes;
  }

  private List<Shown> described(List<Carried> peers) {
    Map<PublicKey, PeerDetails> details = new HashMap<>();
    for (PeerDetails one : device.details(peers.stream().map(peer -> peer.key).toList())) {
      details.put(one.publicKey(), one);
    }
    List<Shown> described = new ArrayList<>();
    for (Carried peer : peers) {
      PeerDetails more = details.get(peer.key);
      if (more != null) { // otherwise it was removed meanwhile
        described.add(
            new Shown(
                peer.key,
                prefixes(more.allowedIps()),
                more.label() == null ? "" : more.label(),
                peer.receivedBytes,
                peer.sentBytes,
                peer.lastHandshakeEpochNs));
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
