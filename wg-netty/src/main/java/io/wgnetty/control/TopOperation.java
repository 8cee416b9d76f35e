package io.wgnetty.control;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerDetails;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code do=top}: the totals, and the rows {@code first} to {@code first + count} of all peers in
 * the order of {@code sort}. Only those rows are looked up in detail and sent, so it costs little
 * with very many peers.
 */
final class TopOperation implements Operation {
  /** More than any screen has. */
  static final int MAX_ROWS = 1000;

  private static final int DEFAULT_ROWS = 50;
  private static final int MAX_FIRST = 1 << 20;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private static final Map<String, Comparator<PeerRates.Row>> ORDERS =
      Map.of(
          "rate",
          Comparator.comparingDouble(PeerRates.Row::perSecond)
              .thenComparingLong(PeerRates.Row::bytes),
          "rx",
          Comparator.comparingDouble(PeerRates.Row::receivedPerSecond)
              .thenComparingLong(row -> row.traffic().receivedBytes()),
          "tx",
          Comparator.comparingDouble(PeerRates.Row::sentPerSecond)
              .thenComparingLong(row -> row.traffic().sentBytes()),
          "total",
          Comparator.comparingLong(PeerRates.Row::bytes),
          "handshake",
          Comparator.comparingLong(row -> row.traffic().lastHandshakeEpochNs()));

  private final DeviceControl device;
  private final LongSupplier clockNs;

  /** What was seen last; given up when memory is short, as nobody may be watching any more. */
  private SoftReference<@Nullable PeerRates> rates = new SoftReference<>(null);

  TopOperation(DeviceControl device, LongSupplier clockNs) {
    this.device = device;
    this.clockNs = clockNs;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    String sort = arguments.getOrDefault("sort", "rate");
    Comparator<PeerRates.Row> order = ORDERS.get(sort);
    if (order == null) {
      throw new OperationFailure(
          "top: sort is one of " + String.join(", ", ORDERS.keySet().stream().sorted().toList()));
    }
    int first = number(arguments, "first", 0, MAX_FIRST);
    int count = number(arguments, "count", DEFAULT_ROWS, MAX_ROWS);
    PeerRates sampled = sample();
    totals(sampled, out);
    rows(select(sampled.rows(), order, first, count), out);
  }

  private static int number(Map<String, String> arguments, String key, int otherwise, int max)
      throws OperationFailure {
    String text = arguments.get(key);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) > max) {
      throw new OperationFailure("top: " + key + " is a number in 0.." + max);
    }
    return Integer.parseInt(text);
  }

  private PeerRates sample() {
    PeerRates known = rates.get();
    if (known == null) {
      known = new PeerRates();
      rates = new SoftReference<>(known);
    }
    long nowNs = clockNs.getAsLong();
    if (!known.isFresh(nowNs)) {
      known.sample(device.traffic(), nowNs);
    }
    return known;
  }

  private void totals(PeerRates sampled, AnswerWriter out) throws OperationFailure {
    double received = 0;
    double sent = 0;
    long receivedBytes = 0;
    long sentBytes = 0;
    for (PeerRates.Row row : sampled.rows()) {
      received += row.receivedPerSecond();
      sent += row.sentPerSecond();
      receivedBytes += row.traffic().receivedBytes();
      sentBytes += row.traffic().sentBytes();
    }
    out.line("implementation", "wg-netty");
    out.line("interval_ms", sampled.intervalNs() / NANOS_PER_MILLI);
    out.line("peers", sampled.rows().size());
    out.line("peers_with_session", device.counters().peers().withSession());
    out.line("rx_rate", Math.round(received));
    out.line("tx_rate", Math.round(sent));
    out.line("rx_bytes", receivedBytes);
    out.line("tx_bytes", sentBytes);
  }

  /** The rows from {@code first} on, the greatest first; keeps no more than it must in order. */
  static List<PeerRates.Row> select(
      List<PeerRates.Row> rows, Comparator<PeerRates.Row> by, int first, int count) {
    // Among equals by key, so that rows do not change places while nothing happens.
    Comparator<PeerRates.Row> order =
        by.thenComparingInt(row -> row.traffic().publicKey().hashCode());
    int kept = (int) Math.min((long) first + count, rows.size());
    if (kept <= first) {
      return List.of();
    }
    PriorityQueue<PeerRates.Row> greatest = new PriorityQueue<>(kept, order);
    for (PeerRates.Row row : rows) {
      if (greatest.size() < kept) {
        greatest.add(row);
      } else if (order.compare(row, greatest.element()) > 0) {
        greatest.remove();
        greatest.add(row);
      }
    }
    List<PeerRates.Row> sorted = new ArrayList<>(greatest);
    sorted.sort(order.reversed());
    return sorted.subList(first, kept);
  }

  private void rows(List<PeerRates.Row> rows, AnswerWriter out) throws OperationFailure {
    List<PublicKey> keys = rows.stream().map(row -> row.traffic().publicKey()).toList();
    Map<PublicKey, PeerDetails> details = new HashMap<>();
    device.details(keys).forEach(peer -> details.put(peer.publicKey(), peer));
    for (PeerRates.Row row : rows) {
      PeerDetails peer = details.get(row.traffic().publicKey());
      if (peer != null) {
        row(row, peer, out);
      }
    }
  }

  private static void row(PeerRates.Row row, PeerDetails peer, AnswerWriter out)
      throws OperationFailure {
    out.line("public_key", peer.publicKey().toHex());
    if (peer.label() != null) {
      out.line("label", peer.label());
    }
    if (peer.endpoint() != null) {
      out.line("endpoint", peer.endpoint().toString());
    }
    out.line("rx_rate", Math.round(row.receivedPerSecond()));
    out.line("tx_rate", Math.round(row.sentPerSecond()));
    out.line("rx_bytes", row.traffic().receivedBytes());
    out.line("tx_bytes", row.traffic().sentBytes());
    out.line("last_handshake_time_sec", peer.lastHandshakeEpochNs() / NANOS_PER_SECOND);
    out.line("handshake_state", peer.handshake().word());
    out.line("staged", peer.staged());
  }
}
