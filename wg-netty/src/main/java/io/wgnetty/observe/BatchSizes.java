package io.wgnetty.observe;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.wgnetty.device.BatchCounts;
import io.wgnetty.device.LoopCounters;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The histogram of batch sizes. A collector of its own, because a histogram of Micrometer counts
 * what it is told; these are counted already.
 */
final class BatchSizes implements Collector {
  private static final String NAME = "wgnetty_batch_size";
  private static final String HELP = "How many packets travel through a chain at once";

  private final Supplier<Collection<InterfaceReading>> readings;

  BatchSizes(Supplier<Collection<InterfaceReading>> readings) {
    this.readings = readings;
  }

  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return MetricFamilyDescriptor.histogram(NAME)
        .help(HELP)
        .labelNames("interface", "batch")
        .build();
  }

  @Override
  public MetricSnapshot collect() {
    var all = HistogramSnapshot.builder().name(NAME).help(HELP);
    for (InterfaceReading reading : readings.get()) {
      LoopCounters sum = reading.sum();
      all.dataPoint(point(reading, "interface", sum.interfaceBatches()));
      all.dataPoint(point(reading, "network", sum.networkBatches()));
      all.dataPoint(point(reading, "to-network", sum.datagramBatches()));
    }
    return all.build();
  }

  private static HistogramSnapshot.HistogramDataPointSnapshot point(
      InterfaceReading reading, String source, BatchCounts counts) {
    return HistogramSnapshot.HistogramDataPointSnapshot.builder()
        .labels(Labels.of("interface", reading.name(), "batch", source))
        .classicHistogramBuckets(buckets(counts.upTo()))
        .sum((double) counts.items())
        .build();
  }

  private static ClassicHistogramBuckets buckets(List<Long> upTo) {
    var buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < upTo.size(); i++) {
      buckets.bucket(1 << i, upTo.get(i));
    }
    return buckets.bucket(Double.POSITIVE_INFINITY, 0).build(); // no batch is larger
  }
}
