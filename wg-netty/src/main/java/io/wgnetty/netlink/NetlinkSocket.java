package io.wgnetty.netlink;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A socket to the routing of this process's network namespace: one question at a time. */
final class NetlinkSocket implements AutoCloseable {
  /** The kernel fills at most 32 KiB with one part of a dump. */
  private static final int BUFFER_BYTES = 64 * 1024;

  /** The kernel answers within the call; a longer wait means that the answer was lost. */
  private static final int ANSWER_SECONDS = 10;

  /** How often a dump is begun again because what it lists has changed meanwhile. */
  private static final int MAX_DUMPS = 10;

  private final int fd;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private int sequence;
  private boolean closed;

  private NetlinkSocket(int fd) {
    this.fd = fd;
  }

  static NetlinkSocket open() throws NetlinkException {
    int fd;
    try {
      int kind = Libc.SOCK_RAW | Libc.SOCK_CLOEXEC;
      fd = Libc.INSTANCE.socket(Libc.AF_NETLINK, kind, Libc.NETLINK_ROUTE);
    } catch (LastErrorException e) {
      throw NetlinkException.failed("no netlink socket", e);
    }
    ByteBuffer timeout = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    timeout.putLong(0, ANSWER_SECONDS);
    option(fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, timeout);
    ByteBuffer on = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
    on.putInt(0, 1);
    option(fd, Libc.SOL_NETLINK, Libc.NETLINK_CAP_ACK, on);
    option(fd, Libc.SOL_NETLINK, Libc.NETLINK_EXT_ACK, on);
    option(fd, Libc.SOL_NETLINK, Libc.NETLINK_GET_STRICT_CHK, on);
    return new NetlinkSocket(fd);
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
