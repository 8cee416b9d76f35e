package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Behind the last stage of either chain. What gets here is a defect of ours that ended the way of a
 * batch: it is counted, and logged once for each kind, since it may come with every packet.
 */
public final class FaultCounter extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FaultCounter.class);

  /** Kinds that are logged: a defect has one or two. */
  static final int MAX_KINDS = 32;

  private static final LongAdder FAULTS = new LongAdder();

  private final Set<String> logged = new HashSet<>();

  FaultCounter() {}

  /** Faults in all chains of this process so far. */
  public static long faults() {
    return FAULTS.sum();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof ClosedChannelException) {
      return; // what was on its way when the interface ended
    }
    FAULTS.increment();
    if (logged.size() < MAX_KINDS && logged.add(kind(cause))) {
      LOG.error("unexpected fault in a chain; one of this kind is not told again", cause);
    }
  }

  /** By where it happened: texts may differ from packet to packet. */
  private static String kind(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return cause.getClass().getName() + (trace.length == 0 ? "" : " " + trace[0]);
  }
}
