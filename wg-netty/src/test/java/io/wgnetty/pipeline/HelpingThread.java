package io.wgnetty.pipeline;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.Aead;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A thread that seals and opens for a loop whenever there is something to do. */
final class HelpingThread {
  private final Thread thread;
  private final AtomicInteger tasks = new AtomicInteger();
  private volatile boolean ends;

  /**
   * Begins at once.
   *
   * @param beforeRun is run before each run of packets
   */
  HelpingThread(SharedWork work, WatchfulAead.Watch watch, Runnable beforeRun) {
    Aead aead = new WatchfulAead(AeadProviders.named("jdk").create(), watch, beforeRun);
    LoopCipher cipher = new LoopCipher(aead, () -> ChainNode.MTU);
    thread =
        new Thread(
            () -> {
              while (!ends) {
                if (work.sealFor(cipher) || work.openFor(cipher)) {
                  tasks.incrementAndGet();
                } else {
                  LockSupport.parkNanos(20_000);
                }
              }
              aead.close();
            },
            "helping");
    thread.setDaemon(true);
    thread.start();
  }

  /** How many tasks it has done. */
  int tasks() {
    return tasks.get();
  }

  void end() throws InterruptedException {
    ends = true;
    thread.join();
  }
}
