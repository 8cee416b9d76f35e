package io.wgnetty.handover;

import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that has the interfaces, while it gives them away.
 *
 * <p>Nothing is sent by two processes under one key: this one is suspended before it tells how far
 * each session was, and resumes only as long as it has not begun to say that they are the other's.
 * Once it has, it goes on with new sessions alone, and only when the other's process has ended.
 */
public final class Giver {
  /** Of the state's format. A newer program may read older ones. */
  static final int FORMAT = 3;

  /** What nobody else begins with. */
  static final int MAGIC = 0x77676e68;

  private static final Logger LOG = LoggerFactory.getLogger(Giver.class);

  /** For a step in which the other builds interfaces with many peers. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For a step in which no packet goes anywhere. */
  private static final Duration PATIENCE_IN_SUSPENSION = Duration.ofSeconds(5);

  private static final int MAX_VERSION_BYTES = 256;

  private final Channel channel;
  private final List<Estate> estates;
  private final Runnable endOther;
  private final Duration patienceInSuspension;

  /** What became of it. */
  public enum Outcome {
    /** The other has them, and this process is to end. */
    GIVEN,
    /** All is as it was. */
    KEPT,
    /** The interfaces are here, and their sessions began afresh. */
    AFRESH
  }

  /**
   * Somebody who wants the interfaces.
   *
   * @param endOther ends the other process, and returns when that is certain
   */
  Giver(Channel channel, List<Estate> estates, Runnable endOther) {
    this(channel, estates, endOther, PATIENCE_IN_SUSPENSION);
  }

  Giver(Channel channel, List<Estate> estates, Runnable endOther, Duration patienceInSuspension) {
    this.patienceInSuspension = patienceInSuspension;
    this.channel = channel;
    this.estates = List.copyOf(estates);
    this.endOther = endOther;
  }

  /** What became of a hand-over, and why. */
  public record Result(Outcome outcome, String reason, long silenceNs) {}

  /** Gives them away. */
  Result give() {
    return exclusively(0);
  }

  private Result exclusively(int first) {
    return first == estates.size()
        ? giveExclusively()
        : estates.get(first).exclusively(() -> exclusively(first + 1));
  }

  private Result giveExclusively() {
    long suspendedNs;
    long stoppedNs;
    long loadedNs;
    List<Estate> suspended = new ArrayList<>();
    try {
      offer();
      tellAhead();
      suspendedNs = System.nanoTime();
      channel.socket().setPatience(patienceInSuspension);
      for (Estate estate : estates) {
        suspended.add(estate); // also if it breaks off in the middle
        estate.serve(false);
        estate.device().suspend();
      }
      stoppedNs = System.nanoTime();
      tell();
      loadedNs = System.nanoTime();
    } catch (Throwable e) { // also when memory is short
      LOG.debug("the hand-over breaks off", e);
      channel.refuse(reason(e));
      suspended.forEach(Giver::resume);
      return new Result(Outcome.KEPT, reason(e), 0);
    }
    // Whether or not the other hears this, it is not for us any more to send with these sessions.
    try {
      channel.send(Message.YOURS);
      channel.expect(Message.MINE);
      long begunNs = System.nanoTime();
      suspended.forEach(Estate::leave);
      LOG.info(
          "handed over: {} ms until nothing was read or sent any more, {} ms until all was taken in,"
              + " {} ms until the new process had begun",
          millis(suspendedNs, stoppedNs),
          millis(stoppedNs, loadedNs),
          millis(loadedNs, begunNs));
      return new Result(Outcome.GIVEN, "", begunNs - suspendedNs);
    } catch (Throwable e) {
      LOG.debug("the other process may have begun", e);
      endOther.run();
      suspended.forEach(Giver::beginAfresh);
      return new Result(Outcome.AFRESH, reason(e), 0);
    }
  }

  private void offer() throws IOException, RefusedException {
    channel.socket().setPatience(PATIENCE);
    StateReader hello = channel.expect(Message.HELLO).body();
    if (hello.int32() != MAGIC) {
      throw new RefusedException("the other process is none of this program");
    }
    int newest = hello.int32();
    int oldest = hello.int32();
    String version = hello.text(MAX_VERSION_BYTES);
    hello.end();
    if (FORMAT < oldest || FORMAT > newest) {
      throw new RefusedException(
          "version " + version + " does not read the state of this one (format " + FORMAT + ")");
    }
    try (StateWriter out = new StateWriter()) {
      out.int32(FORMAT);
      channel.send(Message.WELCOME, out, List.of());
      for (Estate estate : estates) {
        describe(estate, out);
      }
    }
    channel.send(Message.OFFERED);
    channel.expect(Message.BUILT);
  }

  private void describe(Estate estate, StateWriter out) throws IOException {
    DeviceTransfer device = estate.device();
    out.text(device.name());
    device.describe(out);
    List<Integer> descriptors = new ArrayList<>();
    descriptors.add(estate.controlSocket());
    descriptors.addAll(device.descriptors());
    channel.send(Message.INTERFACE, out, descriptors);
    boolean more = true;
    while (more) {
      more = device.describePeers(out);
      channel.send(Message.PEERS, out, List.of());
    }
    estate.describeSetup(out);
    channel.send(Message.SETUP, out, List.of());
  }

  /** Whatever does not change any more need not be told while nothing is sent. */
  private void tellAhead() throws IOException, RefusedException {
    for (int i = 0; i < estates.size(); i++) {
      estates.get(i).device().saveAhead(i, part -> channel.send(Message.AHEAD, part, List.of()));
    }
    channel.send(Message.TOLD_AHEAD);
    channel.expect(Message.PREPARED);
  }

  private void tell() throws IOException, RefusedException {
    for (int i = 0; i < estates.size(); i++) {
      estates.get(i).device().save(i, part -> channel.send(Message.STATE, part, List.of()));
    }
    channel.send(Message.TOLD);
    channel.expect(Message.LOADED);
  }

  private static void resume(Estate estate) {
    estate.device().resume();
    estate.serve(true);
  }

  private static void beginAfresh(Estate estate) {
    estate.device().beginAfresh();
    estate.serve(true);
  }

  private static long millis(long fromNs, long toNs) {
    return TimeUnit.NANOSECONDS.toMillis(toNs - fromNs);
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
