package io.wgnetty.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** What became of an interface's accounting by RADIUS. */
final class RadiusMeters implements AutoCloseable {
  private final StatusMeters<RadiusCounts> meters;

  RadiusMeters(MeterRegistry registry, String interfaceName, Supplier<RadiusCounts> counts) {
    this.meters = new StatusMeters<>(registry, counts);
    Tags tags = Tags.of("interface", interfaceName);
    String records = "wgnetty_radius_records";
    String said = "Records for the RADIUS server, by what became of them";
    meters.counter(records, said, tags.and("result", "ok"), RadiusCounts::acknowledged);
    meters.counter(records, said, tags.and("result", "dropped"), RadiusCounts::dropped);
    meters.counter(
        "wgnetty_radius_retransmissions",
        "Requests to the RADIUS server that were sent again",
        tags,
        RadiusCounts::retransmissions);
    meters.counter(
        "wgnetty_radius_answers_refused",
        "Answers that are not of the RADIUS server, or of one with another secret",
        tags,
        RadiusCounts::refusedAnswers);
    meters.gauge(
        "wgnetty_radius_records_waiting",
        "Records that the RADIUS server has not confirmed yet",
        tags,
        RadiusCounts::waiting);
    meters.gauge(
        "wgnetty_radius_sessions",
        "Peers that are connected, as the RADIUS server is told",
        tags,
        RadiusCounts::sessions);
  }

  @Override
  public void close() {
    meters.close();
  }
}
