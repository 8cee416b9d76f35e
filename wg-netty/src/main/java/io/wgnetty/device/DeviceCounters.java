package io.wgnetty.device;

import io.wgnetty.handshake.HandshakeLanes;
import java.util.List;

/**
 * What an interface has done so far, and how it stands at this moment. Counts begin with the
 * interface and only grow.
 *
 * @param loops each data loop's own, in the order of their numbers
 * @param intake of the loop that reads what belongs to no session
 * @param handshakeJobs initiations that wait for the handshake workers
 * @param handshakeJobsLimit how many may wait
 * @param handshakeFailures computations that broke down, which is a defect
 * @param listening false if the link is up and the port can not be bound
 * @param peers how many there are, and in what state
 */
public record DeviceCounters(
    List<LoopCounters> loops,
    LoopCounters intake,
    int handshakeJobs,
    int handshakeJobsLimit,
    long handshakeFailures,
    boolean listening,
    PeerPopulation peers) {

  /** Before there are any. */
  static final DeviceCounters NOTHING =
      new DeviceCounters(
          List.of(),
          LoopCounters.none(0),
          0,
          HandshakeLanes.INCOMING_CAPACITY,
          0,
          true,
          new PeerPopulation(0, 0, 0));

  /** All loops together; its number is -1. */
  public LoopCounters sum() {
    return dataLoops().plus(intake);
  }

  /** All data loops together; its number is -1. */
  public LoopCounters dataLoops() {
    return loops.stream().reduce(LoopCounters.none(-1), LoopCounters::plus);
  }

  /**
   * The peers by what is known of them.
   *
   * @param configured all
   * @param withSession had a handshake within the last three minutes: their session is alive
   * @param heardFrom sent something authentic within the last three minutes
   */
  public record PeerPopulation(int configured, int withSession, int heardFrom) {}
}
