package io.wgnetty.observe;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The series of single peers, under the names and labels that other exporters of WireGuard use, so
 * that their dashboards work. Made anew for each scrape, from the {@link BusiestPeers} of each
 * interface: a peer that is not among them leaves nothing behind.
 */
final class PeerSeries implements MultiCollector {
  private static final String RECEIVED = "wireguard_received_bytes";
  private static final String RECEIVED_HELP = "Bytes received from the peer";
  private static final String SENT = "wireguard_sent_bytes";
  private static final String SENT_HELP = "Bytes sent to the peer";
  private static final String HANDSHAKE = "wireguard_latest_handshake_seconds";
  private static final String HANDSHAKE_HELP =
      "When the latest handshake was, in seconds since 1970; 0 if never";
  private static final String[] LABELS = {
    "interface", "public_key", "allowed_ips", "friendly_name"
  };

  /** What stands for the key where all other peers are summed. */
  private static final String OTHERS = "other";

  private static final double NS_PER_SECOND = 1e9;

  private final Supplier<Collection<BusiestPeers>> interfaces;

  PeerSeries(Supplier<Collection<BusiestPeers>> interfaces) {
    this.interfaces = interfaces;
  }

  @Override
  public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
    return List.of(
        MetricFamilyDescriptor.counter(RECEIVED).help(RECEIVED_HELP).labelNames(LABELS).build(),
        MetricFamilyDescriptor.counter(SENT).help(SENT_HELP).labelNames(LABELS).build(),
        MetricFamilyDescriptor.gauge(HANDSHAKE).help(HANDSHAKE_HELP).labelNames(LABELS).build());
  }

  @Override
  public MetricSnapshots collect() {
    var received = CounterSnapshot.builder().name(RECEIVED).help(RECEIVED_HELP);
    var sent = CounterSnapshot.builder().name(SENT).help(SENT_HELP);
    var handshake = GaugeSnapshot.builder().name(HANDSHAKE).help(HANDSHAKE_HELP);
    for (BusiestPeers peers : interfaces.get()) {
      for (BusiestPeers.Shown peer : peers.shown()) {
        Labels labels =
            labels(peers.interfaceName(), peer.key().toBase64(), peer.allowedIps(), peer.label());
        received.dataPoint(counter(labels, peer.receivedBytes()));
        sent.dataPoint(counter(labels, peer.sentBytes()));
        handshake.dataPoint(
            GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(Math.floor(peer.lastHandshakeEpochNs() / NS_PER_SECOND))
                .build());
      }
      Labels others = labels(peers.interfaceName(), OTHERS, "", "");
      received.dataPoint(counter(others, peers.otherReceivedBytes()));
      sent.dataPoint(counter(others, peers.otherSentBytes()));
    }
    return MetricSnapshots.of(received.build(), sent.build(), handshake.build());
  }

  private static Labels labels(String interfaceName, String key, String allowedIps, String label) {
    return Labels.of(LABELS, new String[] {interfaceName, key, allowedIps, label});
  }

  private static CounterSnapshot.CounterDataPointSnapshot counter(Labels labels, long value) {
    return CounterSnapshot.CounterDataPointSnapshot.builder()
        .labels(labels)
        .value((double) value)
        .build();
  }
}
