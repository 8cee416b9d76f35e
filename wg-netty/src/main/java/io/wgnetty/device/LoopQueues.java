package io.wgnetty.device;

/**
 * What waits for or at an event loop at this moment.
 *
 * @param staged packets that wait for a session
 * @param mailbox batches that other loops have handed over and that are not looked at yet
 * @param pendingMessages messages that wait because the socket is full
 * @param pendingBytes their bytes
 */
public record LoopQueues(int staged, int mailbox, int pendingMessages, int pendingBytes) {
  static final LoopQueues NONE = new LoopQueues(0, 0, 0, 0);

  LoopQueues plus(LoopQueues other) {
    return new LoopQueues(
        staged + other.staged,
        mailbox + other.mailbox,
        pendingMessages + other.pendingMessages,
        pendingBytes + other.pendingBytes);
  }
}
