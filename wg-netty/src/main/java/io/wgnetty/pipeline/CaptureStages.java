package io.wgnetty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.Objects;
import java.util.function.LongSupplier;

/** Puts the stages of a capture into chains, and takes them out again; on the loop's thread. */
public final class CaptureStages {
  private static final String MARK = "capture-mark";
  private static final String LATE_MARK = "capture-late-mark";
  private static final String TAP = "capture-tap";
  private static final String INBOUND_SHAPER = "inbound-shaper";
  private static final String OUTBOUND_SHAPER = "outbound-shaper";

  private CaptureStages() {}

  /** Around the stages that judge what peers sent. */
  public static void addInbound(
      Channel udp, CaptureQueue queue, CaptureFilter filter, LongSupplier epochNs) {
    add(
        udp.pipeline(),
        new Place("allowed-ips-filter", INBOUND_SHAPER, "tun-writer"),
        new CaptureCopies(queue, filter, false, epochNs));
  }

  /** From where packets come from the interface to where they are sealed. */
  public static void addOutbound(
      Channel tun, CaptureQueue queue, CaptureFilter filter, LongSupplier epochNs) {
    add(
        tun.pipeline(),
        new Place("packet-decoder", OUTBOUND_SHAPER, "transport-encryptor"),
        new CaptureCopies(queue, filter, true, epochNs));
  }

  /**
   * Before which stages of a chain they stand.
   *
   * @param shaper not all packets come to it from the chain's beginning: some waited, and some are
   *     another loop's
   */
  private record Place(String mark, String shaper, String tap) {}

  private static void add(ChannelPipeline chain, Place place, CaptureCopies copies) {
    var mark = new CaptureMark();
    var lateMark = new CaptureMark();
    chain
        .addBefore(place.mark(), MARK, mark)
        .addBefore(place.shaper(), LATE_MARK, lateMark)
        .addBefore(place.tap(), TAP, new CaptureTap(mark, lateMark, copies));
    shaper(chain, place.shaper()).watch(copies);
  }

  private static TrafficShaper shaper(ChannelPipeline chain, String name) {
    return (TrafficShaper) Objects.requireNonNull(chain.get(name), name);
  }

  /** Leaves the chain as it was. */
  public static void remove(Channel channel) {
    ChannelPipeline chain = channel.pipeline();
    if (chain.get(TAP) != null) {
      chain.remove(TAP);
      chain.remove(LATE_MARK);
      chain.remove(MARK);
      boolean inbound = chain.get(INBOUND_SHAPER) != null;
      shaper(chain, inbound ? INBOUND_SHAPER : OUTBOUND_SHAPER).watch(null);
    }
  }
}
