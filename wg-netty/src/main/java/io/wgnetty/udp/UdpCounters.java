package io.wgnetty.udp;

import java.util.concurrent.atomic.AtomicLong;

/** What one UDP channel did so far. Written by its event loop, read by any thread. */
public final class UdpCounters {
  private final AtomicLong datagramsIn = new AtomicLong();
  private final AtomicLong messagesIn = new AtomicLong();
  private final AtomicLong callsIn = new AtomicLong();
  private final AtomicLong truncated = new AtomicLong();
  private final AtomicLong malformed = new AtomicLong();
  private final AtomicLong copied = new AtomicLong();
  private final AtomicLong datagramsOut = new AtomicLong();
  private final AtomicLong messagesOut = new AtomicLong();
  private final AtomicLong callsOut = new AtomicLong();
  private final AtomicLong gsoFallbacks = new AtomicLong();
  private final AtomicLong localFallbacks = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong pendingDrops = new AtomicLong();

  UdpCounters() {}

  /** Datagrams received, each segment of a joined one counted by itself. */
  public long datagramsIn() {
    return datagramsIn.getAcquire();
  }

  /** What the kernel handed over: single datagrams, or many joined into one. */
  public long messagesIn() {
    return messagesIn.getAcquire();
  }

  /** System calls for receiving. */
  public long callsIn() {
    return callsIn.getAcquire();
  }

  /** Datagrams, or their control data, that were longer than the memory for them: dropped. */
  public long truncated() {
    return truncated.getAcquire();
  }

  /** Messages without a usable sender, segment size or content: dropped. */
  public long malformed() {
    return malformed.getAcquire();
  }

  /** Messages copied because somebody kept the batch they were received into. */
  public long copied() {
    return copied.getAcquire();
  }

  /** Datagrams sent, each segment counted by itself. */
  public long datagramsOut() {
    return datagramsOut.getAcquire();
  }

  /** Messages sent, each with one or many datagrams. */
  public long messagesOut() {
    return messagesOut.getAcquire();
  }

  /** System calls for sending. */
  public long callsOut() {
    return callsOut.getAcquire();
  }

  /** How often segmentation was refused, and the datagrams sent one by one instead. */
  public long gsoFallbacks() {
    return gsoFallbacks.getAcquire();
  }

  /** How often an address of ours could no longer be sent from. */
  public long localFallbacks() {
    return localFallbacks.getAcquire();
  }

  /** Datagrams that the kernel refused to send. */
  public long refused() {
    return refused.getAcquire();
  }

  /** Messages that had to wait for the socket. */
  public long held() {
    return held.getAcquire();
  }

  /** Datagrams dropped because too many waited for the socket already. */
  public long pendingDrops() {
    return pendingDrops.getAcquire();
  }

  void received(int datagrams, int messages) {
    add(datagramsIn, datagrams);
    add(messagesIn, messages);
  }

  void receiveCalled() {
    add(callsIn, 1);
  }

  void countTruncated() {
    add(truncated, 1);
  }

  void countMalformed() {
    add(malformed, 1);
  }

  void countCopied(int messages) {
    add(copied, messages);
  }

  void sent(int datagrams, int messages) {
    add(datagramsOut, datagrams);
    add(messagesOut, messages);
  }

  void sendCalled() {
    add(callsOut, 1);
  }

  void countGsoFallback() {
    add(gsoFallbacks, 1);
  }

  void countLocalFallback() {
    add(localFallbacks, 1);
  }

  void countRefused(int datagrams) {
    add(refused, datagrams);
  }

  void countHeld() {
    add(held, 1);
  }

  void countPendingDrops(int datagrams) {
    add(pendingDrops, datagrams);
  }

  /** There is one writer, so nothing has to be atomic; a reader only has to see it some time. */
  private static void add(AtomicLong counter, int count) {
    counter.setRelease(counter.getPlain() + count);
  }
}
