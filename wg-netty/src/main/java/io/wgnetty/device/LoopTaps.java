package io.wgnetty.device;

import io.netty.channel.Channel;
import io.wgnetty.pipeline.CaptureFilter;
import io.wgnetty.pipeline.CaptureQueue;
import io.wgnetty.pipeline.CaptureStages;
import io.wgnetty.udp.UdpChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a capture in one loop's chains. Without a capture there are none. On the loop's
 * thread.
 */
final class LoopTaps {
  private final Channel tun;
  private final List<UdpChannel> sockets = new ArrayList<>();
  private @Nullable Wish wish;

  /** What is captured, and where it goes. */
  private record Wish(CaptureQueue queue, CaptureFilter filter) {}

  LoopTaps(Channel tun) {
    this.tun = tun;
  }

  /** A socket's chain is there. */
  void opened(UdpChannel socket) {
    sockets.add(socket);
    if (wish != null) {
      CaptureStages.addInbound(socket, wish.queue, wish.filter, WallClock::epochNs);
    }
  }

  void closed(UdpChannel socket) {
    sockets.remove(socket);
  }

  void open(CaptureQueue queue, CaptureFilter filter) {
    wish = new Wish(queue, filter);
    CaptureStages.addOutbound(tun, queue, filter, WallClock::epochNs);
    for (UdpChannel socket : sockets) {
      CaptureStages.addInbound(socket, queue, filter, WallClock::epochNs);
    }
  }

  void close() {
    wish = null;
    CaptureStages.remove(tun);
    sockets.forEach(CaptureStages::remove);
  }
}
