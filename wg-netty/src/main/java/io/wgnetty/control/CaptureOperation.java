package io.wgnetty.control;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.Capture;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.pipeline.CaptureFilter;
import io.wgnetty.pipeline.CaptureQueue;
import io.wgnetty.pipeline.CapturedPacket;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code do=capture}: inner packets as they pass, until the client leaves. Of each comes a line
 * {@code packet=EPOCH_NS,in|out,BYTES,BASE64}, and before that of a dropped one {@code
 * comment=TEXT}; {@code lost=N}, how many packets were forgotten because the client reads slowly,
 * comes four times a second.
 */
final class CaptureOperation implements Operation {
  /** How soon a packet is told when none came before; short, and no burden. */
  private static final long PAUSE_MS = 10;

  /** How often something is said: only who says something notices that nobody listens any more. */
  private static final long SIGN_OF_LIFE_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /** For the capture before, whose client has just gone, to be noticed. */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

  private final DeviceControl device;

  CaptureOperation(DeviceControl device) {
    this.device = device;
  }

  @Override
  public Pace pace() {
    return Pace.ENDLESS;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    try (Capture capture = begin(filter(arguments))) {
      out.line("capture", "begun");
      follow(capture.packets(), out);
    }
  }

  private static CaptureFilter filter(Map<String, String> arguments) throws OperationFailure {
    String peer = arguments.get("peer");
    String bytes = arguments.getOrDefault("bytes", Integer.toString(CaptureFilter.MAX_SNAP_BYTES));
    try {
      return new CaptureFilter(
          peer == null ? null : PublicKey.fromHex(peer),
          "true".equals(arguments.get("dropped")),
          Integer.parseInt(bytes));
    } catch (NumberFormatException e) {
      throw new OperationFailure("bytes= takes a number");
    } catch (IllegalArgumentException e) {
      throw new OperationFailure("capture: " + e.getMessage());
    }
  }

  private Capture begin(CaptureFilter filter) throws OperationFailure {
    long beginNs = System.nanoTime();
    while (true) {
      try {
        return device.captures().begin(filter);
      } catch (IllegalStateException e) {
        if (System.nanoTime() - beginNs > PATIENCE_NS || !paused()) {
          throw new OperationFailure("capture: " + e.getMessage());
        }
      }
    }
  }

  /** Whether nobody interrupts: the node goes on. */
  private static boolean paused() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void follow(CaptureQueue packets, AnswerWriter out) throws OperationFailure {
    long toldNs = System.nanoTime();
    try {
      while (true) {
        if (System.nanoTime() - toldNs >= SIGN_OF_LIFE_NS) {
          toldNs = System.nanoTime();
          out.line("lost", packets.lost());
        }
        CapturedPacket packet = packets.poll();
        if (packet == null) {
          out.flush();
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } else {
          tell(packet, out);
        }
      }
    } catch (InterruptedException e) {
      out.flush(); // the node ends
    }
  }

  private void tell(CapturedPacket packet, AnswerWriter out) throws OperationFailure {
    DropReason reason = packet.reason();
    if (reason != null) {
      out.line("comment", "dropped: " + reason.word() + whose(packet));
    }
    out.line(
        "packet",
        packet.epochNs()
            + (packet.outbound() ? ",out," : ",in,")
            + packet.originalBytes()
            + ","
            + Base64.getEncoder().encodeToString(packet.bytes()));
  }

  private String whose(CapturedPacket packet) {
    PublicKey key = packet.peer();
    if (key == null) {
      return "";
    }
    String label = device.label(key);
    return ", peer " + (label == null ? key.toBase64() : label);
  }
}
