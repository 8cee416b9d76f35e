package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Session;
import org.jspecify.annotations.Nullable;

/** Neighbouring messages of one session that are to be opened. */
final class OpenTask extends SharedTask {
  /** One message that the kernel joined, of ordinary datagrams. */
  static final int MAX_BYTES = 64 * 1024;

  static final int MAX_MESSAGES = 64;

  private @Nullable TunnelBatch batch;
  private @Nullable ChannelHandlerContext chain;
  private @Nullable Session session;
  private int start;
  private int end;

  /** Behind the last of the messages from the live one at {@code start} on that make one task. */
  static int end(TunnelBatch batch, int start) {
    Session session = batch.session(start);
    int bytes = batch.length(start);
    int index = start + 1;
    while (index < batch.size() && index - start < MAX_MESSAGES) {
      if (batch.isLive(index)) {
        bytes += batch.length(index);
        if (bytes > MAX_BYTES || batch.session(index) != session) {
          break;
        }
      }
      index++;
    }
    return index;
  }

  /**
   * Owner: makes it the task to open these messages, which stay where they are until it is over.
   *
   * @param itsChain where the batch goes on
   */
  void prepare(TunnelBatch messages, int from, int to, ChannelHandlerContext itsChain) {
    Session itsSession = messages.session(from);
    itsSession.hold();
    session = itsSession;
    batch = messages;
    chain = itsChain;
    start = from;
    end = to;
  }

  @Override
  void work(LoopCipher cipher) {
    cipher.opener().open(requireNonNull(batch), start, end);
  }

  TunnelBatch batch() {
    return requireNonNull(batch);
  }

  /** Where the batch goes on. */
  ChannelHandlerContext chain() {
    return requireNonNull(chain);
  }

  Session session() {
    return requireNonNull(session);
  }

  /** Owner: none of the messages goes on, for this reason. */
  void dropAll(DropReason reason) {
    for (int i = start; i < end; i++) {
      if (batch().isLive(i)) {
        batch().drop(i, reason);
      }
    }
  }

  /** Owner: none of the messages goes on, and nobody knows what became of them. */
  void abandonAll() {
    for (int i = start; i < end; i++) {
      if (batch().isLive(i)) {
        batch().finish(i);
      }
    }
  }

  @Override
  void finish() {
    session().letGo();
    session = null;
    batch = null;
    chain = null;
  }
}
