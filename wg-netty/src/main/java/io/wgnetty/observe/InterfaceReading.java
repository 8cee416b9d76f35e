package io.wgnetty.observe;

import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceCounters;
import io.wgnetty.device.LoopCounters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An interface's counters as they were at one moment. The loops are asked once, and all meters are
 * computed from that, so they fit together and a hundred of them cost no more than one.
 */
final class InterfaceReading {
  /**
   * What was read, with what follows from it.
   *
   * @param busy for each loop the share of one processor that it used since the reading before
   */
  private record Moment(
      DeviceCounters counters, LoopCounters sum, List<Double> busy, long takenNs) {}

  private final String name;
  private final DeviceControl device;
  private volatile Moment moment;

  /** Reads for the first time. */
  InterfaceReading(String name, DeviceControl device, long nowNs) {
    this.name = name;
    this.device = device;
    DeviceCounters counters = device.counters();
    this.moment =
        new Moment(
            counters, counters.sum(), Collections.nCopies(counters.loops().size(), 0.0), nowNs);
  }

  String name() {
    return name;
  }

  DeviceControl device() {
    return device;
  }

  /** Reads again. */
  void refresh(long nowNs) {
    Moment before = moment;
    DeviceCounters counters = device.counters();
    long elapsedNs = Math.max(nowNs - before.takenNs(), 1);
    List<Double> busy = new ArrayList<>();
    for (int i = 0; i < counters.loops().size(); i++) {
      long usedNs = counters.loops().get(i).cpuNs() - before.counters().loops().get(i).cpuNs();
      busy.add(Math.clamp((double) usedNs / elapsedNs, 0.0, 1.0));
    }
    moment = new Moment(counters, counters.sum(), busy, nowNs);
  }

  DeviceCounters counters() {
    return moment.counters();
  }

  /** All loops together. */
  LoopCounters sum() {
    return moment.sum();
  }

  /** One loop. */
  LoopCounters loop(int number) {
    return moment.counters().loops().get(number);
  }

  /** How long something waited at most that was due in a loop, in seconds. */
  double longestWait(int loop) {
    return loop(loop).longestWaitNs() / 1e9;
  }

  /** The share of one processor that a loop used between the last two readings. */
  double busy(int loop) {
    return moment.busy().get(loop);
  }
}
