package io.wgnetty.cipher;

import io.wgnetty.crypto.AeadRun;
import java.util.concurrent.atomic.AtomicLong;

/** The JDK's cipher, which takes a time of its own choice on a clock that it moves. */
final class TimedAead extends ForwardingAead {
  private final String name;
  private final AtomicLong clockNs;
  private final long callNs;
  private final long packetNs;
  private final long byteNs;

  TimedAead(String name, AtomicLong clockNs, long callNs, long packetNs, long byteNs) {
    super(new JdkAead());
    this.name = name;
    this.clockNs = clockNs;
    this.callNs = callNs;
    this.packetNs = packetNs;
    this.byteNs = byteNs;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void seal(long keyAddress, AeadRun run) {
    sound.seal(keyAddress, run);
    take(run, 0);
  }

  @Override
  public int open(long keyAddress, AeadRun run) {
    int genuine = sound.open(keyAddress, run);
    take(run, TAG_BYTES);
    return genuine;
  }

  private void take(AeadRun run, int moreBytes) {
    long ns = callNs;
    for (int i = 0; i < run.size(); i++) {
      ns += packetNs + (run.length(i) - moreBytes) * byteNs;
    }
    clockNs.addAndGet(ns);
  }
}
