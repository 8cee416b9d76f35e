package io.wgnetty.observe;

import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The series of all peers, for a scrape of their own. Their text is made piece by piece while it is
 * sent, so that it takes little memory however many peers there are.
 */
final class PeersPage {
  /** Each of them holds a reading of all peers. */
  static final int MAX_AT_ONCE = 4;

  /** How much text is made at once. */
  private static final int PIECE_CHARACTERS = 64 * 1024;

  private static final int NOT_FOUND = 404;
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final long NS_PER_SECOND = 1_000_000_000L;

  /**
   * One interface's totals.
   *
   * @param generation when they began; {@code null} if they begin with each run
   */
  private record Source(
      DeviceControl device,
      Supplier<List<PeerTraffic>> traffic,
      @Nullable LongSupplier generation) {}

  /** What one of them was when it was read. */
  private record Reading(
      String name, DeviceControl device, List<PeerTraffic> peers, @Nullable Long generation) {}

  /** A metric of every peer. */
  private record Family(String name, String type, String help, ToLongFunction<PeerTraffic> value) {}

  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              "wgnetty_peer_received_bytes_total",
              "counter",
              "Bytes received from the peer",
              PeerTraffic::receivedBytes),
          new Family(
              "wgnetty_peer_sent_bytes_total",
              "counter",
              "Bytes sent to the peer",
              PeerTraffic::sentBytes),
          new Family(
              "wgnetty_peer_latest_handshake_seconds",
              "gauge",
              "When the latest handshake was, in seconds since 1970; 0 if never",
              peer -> peer.lastHandshakeEpochNs() / NS_PER_SECOND));

  private final boolean all;
  private final Map<String, Source> sources = new ConcurrentSkipListMap<>();
  private final AtomicInteger atOnce = new AtomicInteger();

  /**
   * @param all whether interfaces are shown whose totals begin with each run
   */
  PeersPage(boolean all) {
    this.all = all;
  }

  /** An interface's counters of this run. */
  void add(String name, DeviceControl device) {
    sources.put(name, new Source(device, device::traffic, null));
  }

  /** An interface's totals over its runs instead. */
  void totals(String name, Supplier<List<PeerTraffic>> traffic, LongSupplier generation) {
    sources.computeIfPresent(
        name, (same, source) -> new Source(source.device(), traffic, generation));
  }

  void remove(String name) {
    sources.remove(name);
  }

  /** Reads all peers now; their text is made when it is asked for. */
  Answer answer() {
    if (!all && sources.values().stream().allMatch(source -> source.generation() == null)) {
      return Answer.text(
          NOT_FOUND, "public keys are shown on request: --metrics-peers N, or --account");
    }
    if (atOnce.incrementAndGet() > MAX_AT_ONCE) {
      atOnce.decrementAndGet();
      return Answer.notAvailable("too many read all peers already");
    }
    try {
      List<Reading> readings = new ArrayList<>();
      sources.forEach(
          (name, source) -> {
            LongSupplier generation = source.generation();
            if (generation == null && !all) {
              return;
            }
            readings.add(
                new Reading(
                    name,
                    source.device(),
                    source.traffic().get(),
                    generation == null ? null : generation.getAsLong()));
          });
      return Answer.ok(TYPE, new Text(readings));
    } catch (RuntimeException e) {
      atOnce.decrementAndGet();
      throw e;
    }
  }

  /** How many are being sent. */
  int underWay() {
    return atOnce.get();
  }

  /** The text of one scrape. */
  private final class Text implements AnswerPieces {
    private final List<Reading> readings;
    private int family;
    private int reading;
    private int peer;
    private boolean begun;
    private boolean closed;

    Text(List<Reading> readings) {
      this.readings = readings;
    }

    @Override
    public boolean hasNext() {
      return !begun || family < FAMILIES.size();
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      var out = new StringBuilder(PIECE_CHARACTERS + 1024);
      if (!begun) {
        begun = true;
        generations(out);
      }
      while (family < FAMILIES.size() && out.length() < PIECE_CHARACTERS) {
        step(out);
      }
      return out.toString();
    }

    private void generations(StringBuilder out) {
      String name = "wgnetty_accounts_generation_seconds";
      boolean first = true;
      for (Reading each : readings) {
        if (each.generation() != null) {
          if (first) {
            head(out, name, "gauge", "When the totals began, since 1970; they begin anew with it");
            first = false;
          }
          out.append(name).append("{interface=\"").append(escaped(each.name())).append("\"} ");
          out.append(each.generation()).append('\n');
        }
      }
    }

    /** One line more. */
    private void step(StringBuilder out) {
      Family of = FAMILIES.get(family);
      if (reading == 0 && peer == 0) {
        head(out, of.name(), of.type(), of.help());
      }
      if (reading == readings.size()) {
        family++;
        reading = 0;
        peer = 0;
      } else if (peer == readings.get(reading).peers().size()) {
        reading++;
        peer = 0;
        if (reading < readings.size()) {
          sample(out, of);
        }
      } else {
        sample(out, of);
      }
    }

    private void sample(StringBuilder out, Family of) {
      Reading at = readings.get(reading);
      if (peer == at.peers().size()) {
        return;
      }
      PeerTraffic traffic = at.peers().get(peer++);
      String label = at.device().label(traffic.publicKey());
      out.append(of.name()).append("{interface=\"").append(escaped(at.name()));
      out.append("\",public_key=\"").append(traffic.publicKey().toBase64());
      out.append("\",friendly_name=\"").append(label == null ? "" : escaped(label)).append("\"} ");
      out.append(of.value().applyAsLong(traffic)).append('\n');
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        atOnce.decrementAndGet();
      }
    }
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
