package io.wgnetty.netlink;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink socket in the network namespace of the thread that opens it: one question at a time.
 */
public final class NetlinkSocket implements AutoCloseable {
  /** The kernel fills at most 32 KiB with one part of a dump. */
  private static final int BUFFER_BYTES = 64 * 1024;

  /** The kernel answers within the call; a longer wait means that the answer was lost. */
  private static final int ANSWER_SECONDS = 10;

  /** What a message takes of the send buffer more than its bytes; it is sent in one piece. */
  private static final int SEND_OVERHEAD_BYTES = 64 * 1024;

  /** How often a dump is begun again because what it lists has changed meanwhile. */
  private static final int MAX_DUMPS = 10;

  private final int fd;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private int sequence;
  private boolean closed;

  private NetlinkSocket(int fd) {
    this.fd = fd;
  }

  /**
   * Opens one.
   *
   * @param protocol which part of the kernel it speaks to, a {@code NETLINK_} number
   */
  public static NetlinkSocket open(int protocol) throws NetlinkException {
    int fd;
    try {
      int kind = Libc.SOCK_RAW | Libc.SOCK_CLOEXEC;
      fd = Libc.INSTANCE.socket(Libc.AF_NETLINK, kind, protocol);
    } catch (LastErrorException e) {
      throw NetlinkException.failed("no netlink socket", e);
    }
    ByteBuffer timeout = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    timeout.putLong(0, ANSWER_SECONDS);
    option(fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, timeout);
    ByteBuffer on = int32(1);
    option(fd, Libc.SOL_NETLINK, Libc.NETLINK_CAP_ACK, on);
    option(fd, Libc.SOL_NETLINK, Libc.NETLINK_EXT_ACK, on);
    option(fd, Libc.SOL_NETLINK, Libc.NETLINK_GET_STRICT_CHK, on);
    return new NetlinkSocket(fd);
  }

  private static ByteBuffer int32(int value) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
    return bytes.putInt(0, value);
  }

  /** Sets what an old kernel may not know: without it errors have fewer words, dumps more lines. */
  private static void option(int fd, int level, int name, ByteBuffer value) {
    try {
      Libc.INSTANCE.setsockopt(fd, level, name, value, value.capacity());
    } catch (LastErrorException e) {
      return; // works without
    }
  }

  /**
   * Has a request fulfilled.
   *
   * @return the answers: none to a change, one to a question, any number to a dump
   * @throws NetlinkException if the kernel refuses it
   */
  synchronized List<AnswerMessage> ask(RequestMessage request) throws NetlinkException {
    for (int i = 0; i < MAX_DUMPS; i++) {
      var answers = new ArrayList<AnswerMessage>();
      if (askOnce(request, answers)) {
        return answers;
      }
    }
    throw NetlinkException.failed(
        "what the kernel was asked to list changed " + MAX_DUMPS + " times while it was listed");
  }

  /**
   * Asks whether there is something.
   *
   * @throws NetlinkException if there is not, or the kernel cannot say
   */
  public void lookUp(RequestMessage question) throws NetlinkException {
    ask(question);
  }

  /**
   * Has requests fulfilled together or not at all, as the kernel's firewall does it with what
   * stands between a beginning and an end.
   *
   * @param batch the beginning, the requests, of which the last wants an acknowledgement, the end
   * @throws NetlinkException for the first request that the kernel refuses, with what it was about
   */
  public synchronized void commit(List<RequestMessage> batch) throws NetlinkException {
    int first = sequence + 1;
    sequence += batch.size();
    int acknowledged = sequence - 1;
    ByteBuffer bytes = joined(batch, first);
    option(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, int32(bytes.limit() + SEND_OVERHEAD_BYTES));
    send(bytes);
    NetlinkException refusal = null;
    boolean complete = false;
    while (!complete) {
      for (AnswerMessage answer : receive()) {
        int index = answer.sequence() - first;
        if (index < 0 || index >= batch.size() || answer.type() != Constants.NLMSG_ERROR) {
          continue;
        }
        NetlinkException refused = answer.refusal();
        if (refusal == null && refused != null) {
          refusal = refused.about(batch.get(index).subject());
        }
        // What is wrong with all of them is said of the beginning alone.
        complete |= index == 0 || answer.sequence() == acknowledged;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
  }

  private static ByteBuffer joined(List<RequestMessage> batch, int firstSequence) {
    List<ByteBuffer> parts = new ArrayList<>();
    int lengthBytes = 0;
    for (RequestMessage message : batch) {
      ByteBuffer part = message.bytes(firstSequence + parts.size());
      parts.add(part);
      lengthBytes += part.limit();
    }
    ByteBuffer all = ByteBuffer.allocateDirect(lengthBytes);
    parts.forEach(all::put);
    return all.flip();
  }

  /** Returns false if a dump was interrupted by a change and is to be begun again. */
  private boolean askOnce(RequestMessage request, List<AnswerMessage> answers)
      throws NetlinkException {
    int number = ++sequence;
    send(request.bytes(number));
    boolean interrupted = false;
    while (true) {
      for (AnswerMessage answer : receive()) {
        if (answer.sequence() != number) {
          continue; // the rest of a question that was given up
        }
        interrupted |= answer.has(Constants.NLM_F_DUMP_INTR);
        if (answer.type() == Constants.NLMSG_ERROR || answer.type() == Constants.NLMSG_DONE) {
          NetlinkException refusal = answer.refusal();
          if (refusal != null) {
            throw refusal;
          }
          return !interrupted;
        }
        answers.add(answer);
        if (!request.isDump() && !request.wantsAcknowledgement()) {
          return true;
        }
      }
    }
  }

  private void send(ByteBuffer bytes) throws NetlinkException {
    if (closed) {
      throw NetlinkException.failed("the netlink socket is closed");
    }
    try {
      Libc.INSTANCE.send(fd, bytes, bytes.limit(), 0);
    } catch (LastErrorException e) {
      throw NetlinkException.failed("the kernel can not be asked", e);
    }
  }

  private List<AnswerMessage> receive() throws NetlinkException {
    while (true) {
      try {
        long length = Libc.INSTANCE.recv(fd, buffer.clear(), BUFFER_BYTES, Libc.MSG_TRUNC);
        if (length > BUFFER_BYTES) {
          throw NetlinkException.failed("the kernel's answer has " + length + " bytes");
        }
        return AnswerMessage.parse(buffer.limit((int) length));
      } catch (LastErrorException e) {
        if (e.getErrorCode() != Errno.EINTR) {
          throw NetlinkException.failed("the kernel does not answer", e);
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.INSTANCE.close(fd);
    }
  }
}
