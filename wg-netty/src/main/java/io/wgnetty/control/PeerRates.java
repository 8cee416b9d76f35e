package io.wgnetty.control;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The rates of all peers, out of counts that are looked at now and then. Thread of operations only.
 */
final class PeerRates {
  /** Several who watch share a sample, so that each sees rates over a time that says something. */
  static final long MIN_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(400);

  /** Who looks again after so long begins anew. */
  static final long MAX_INTERVAL_NS = TimeUnit.SECONDS.toNanos(60);

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /**
   * One peer's.
   *
   * @param receivedPerSecond bytes a second since the sample before, 0 in a peer's first
   * @param sentPerSecond likewise
   */
  record Row(PeerTraffic traffic, double receivedPerSecond, double sentPerSecond) {
    double perSecond() {
      return receivedPerSecond + sentPerSecond;
    }

    long bytes() {
      return traffic.receivedBytes() + traffic.sentBytes();
    }
  }

  private Map<PublicKey, PeerTraffic> before = Map.of();
  private List<Row> rows = List.of();
  private long sampledNs;
  private long intervalNs;

  /** Over what time the rates are; 0 for a first sample, which has none. */
  long intervalNs() {
    return intervalNs;
  }

  /** Whether the last sample is recent enough to be taken once more. */
  boolean isFresh(long nowNs) {
    return intervalNs > 0 && nowNs - sampledNs < MIN_INTERVAL_NS;
  }

  /** The rows of the last sample. */
  List<Row> rows() {
    return rows;
  }

  /** Takes a sample. */
  List<Row> sample(List<PeerTraffic> traffic, long nowNs) {
    boolean first = before.isEmpty() || nowNs - sampledNs > MAX_INTERVAL_NS || nowNs <= sampledNs;
    intervalNs = first ? 0 : nowNs - sampledNs;
    sampledNs = nowNs;
    Map<PublicKey, PeerTraffic> now = HashMap.newHashMap(traffic.size());
    List<Row> sampled = new ArrayList<>(traffic.size());
    for (PeerTraffic peer : traffic) {
      PeerTraffic earlier = first ? null : before.get(peer.publicKey());
      sampled.add(
          earlier == null
              ? new Row(peer, 0, 0)
              : new Row(
                  peer,
                  perSecond(earlier.receivedBytes(), peer.receivedBytes()),
                  perSecond(earlier.sentBytes(), peer.sentBytes())));
      now.put(peer.publicKey(), peer);
    }
    before = now;
    rows = sampled;
    return rows;
  }

  private double perSecond(long earlier, long now) {
    // Less than before: a peer that was removed and is back counts from zero.
    return Math.max(0, now - earlier) * NANOS_PER_SECOND / intervalNs;
  }
}
