package io.wgnetty.observe;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Makes rates out of counts that are asked for now and then: who has the most traffic, and what the
 * others have together. For a live view, and for series of a few peers out of very many. Used by
 * one thread at a time.
 */
public final class TrafficSampler {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final Comparator<PeerRate> BY_RATE =
      Comparator.comparingDouble(PeerRate::bytesPerSecond)
          .thenComparingLong(rate -> rate.receivedBytes() + rate.sentBytes());

  /**
   * A peer's traffic.
   *
   * @param receivedBytesPerSecond since the sample before; 0 in a peer's first sample
   * @param sentBytesPerSecond likewise
   * @param receivedBytes so far
   * @param sentBytes so far
   */
  public record PeerRate(
      PublicKey publicKey,
      double receivedBytesPerSecond,
      double sentBytesPerSecond,
      long receivedBytes,
      long sentBytes,
      long lastHandshakeEpochNs) {
    /** Both ways together: what peers are sorted by. */
    public double bytesPerSecond() {
      return receivedBytesPerSecond + sentBytesPerSecond;
    }
  }

  /**
   * What one sample says.
   *
   * @param top the peers with the highest rates, the highest first
   * @param restPeers how many others there are
   * @param restReceivedBytesPerSecond of the others together
   * @param restSentBytesPerSecond of the others together
   * @param restReceivedBytes so far, of the others together
   * @param restSentBytes so far, of the others together
   */
  public record Sample(
      List<PeerRate> top,
      int restPeers,
      double restReceivedBytesPerSecond,
      double restSentBytesPerSecond,
      long restReceivedBytes,
      long restSentBytes) {}

  /** What a peer had when it was last looked at. */
  private static final class Before {
    private long receivedBytes;
    private long sentBytes;
    private long sample;
  }

  private final Map<PublicKey, Before> known = new HashMap<>();
  private long samples;
  private long lastNs;

  /**
   * Takes a sample.
   *
   * @param traffic of all peers, at this moment
   * @param nowNs of a clock that only goes forward
   * @param limit how many peers are named
   */
  public Sample sample(List<PeerTraffic> traffic, long nowNs, int limit) {
    double seconds = samples == 0 ? 0 : (nowNs - lastNs) / NANOS_PER_SECOND;
    samples++;
    lastNs = nowNs;
    var rest = new Rest();
    PriorityQueue<PeerRate> top = new PriorityQueue<>(BY_RATE);
    for (PeerTraffic peer : traffic) {
      PeerRate rate = rate(peer, seconds);
      if (top.size() < limit) {
        top.add(rate);
      } else if (limit > 0 && BY_RATE.compare(rate, top.element()) > 0) {
        rest.add(top.remove());
        top.add(rate);
      } else {
        rest.add(rate);
      }
    }
    if (known.size() > traffic.size()) {
      known.values().removeIf(before -> before.sample != samples); // those peers are gone
    }
    List<PeerRate> sorted = new ArrayList<>(top);
    sorted.sort(BY_RATE.reversed());
    return rest.with(sorted);
  }

  private PeerRate rate(PeerTraffic peer, double seconds) {
    Before before = known.get(peer.publicKey());
    long received = 0;
    long sent = 0;
    if (before == null) {
      before = new Before();
      known.put(peer.publicKey(), before);
    } else {
      // Less than before: a peer that was removed and is back counts from zero.
      received = Math.max(0, peer.receivedBytes() - before.receivedBytes);
      sent = Math.max(0, peer.sentBytes() - before.sentBytes);
    }
    before.receivedBytes = peer.receivedBytes();
    before.sentBytes = peer.sentBytes();
    before.sample = samples;
    return new PeerRate(
        peer.publicKey(),
        seconds > 0 ? received / seconds : 0,
        seconds > 0 ? sent / seconds : 0,
        peer.receivedBytes(),
        peer.sentBytes(),
        peer.lastHandshakeEpochNs());
  }

  /** The sum of the peers that are not named. */
  private static final class Rest {
    private int peers;
    private double receivedPerSecond;
    private double sentPerSecond;
    private long receivedBytes;
    private long sentBytes;

    private void add(PeerRate rate) {
      peers++;
      receivedPerSecond += rate.receivedBytesPerSecond();
      sentPerSecond += rate.sentBytesPerSecond();
      receivedBytes += rate.receivedBytes();
      sentBytes += rate.sentBytes();
    }

    private Sample with(List<PeerRate> top) {
      return new Sample(
          List.copyOf(top), peers, receivedPerSecond, sentPerSecond, receivedBytes, sentBytes);
    }
  }
}
