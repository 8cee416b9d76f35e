package io.wgnetty.udp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollIoOps;
import io.wgnetty.counters.DropCounters;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.tun.BatchChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP socket of one family as a Netty channel on an epoll event loop. Reads fire {@link
 * TunnelBatch}es of datagrams with their sources and traffic classes. Datagrams do not leave
 * through the pipeline but by {@link #send}, on the loop's thread, since there is nothing that a
 * handler could do with them on the way.
 */
public final class UdpChannel extends BatchChannel {
  private static final Logger LOG = LoggerFactory.getLogger(UdpChannel.class);

  /** Calls that read the rest of a socket: its whole buffer, if messages are of middling length. */
  private static final int MAX_REST_CALLS = 256;

  private final UdpSocket socket;
  private final UdpCounters counters = new UdpCounters();
  private final UdpReceiver receiver;
  private final UdpSender sender;
  private int lastError;
  private long lostAtEnd;

  /**
   * A channel over a socket, which it owns from now on.
   *
   * @param drops where datagrams are counted that no stage ever sees; of the loop's thread
   */
  public UdpChannel(UdpSocket socket, ByteBufAllocator allocator, DropCounters drops) {
    this(socket, allocator, drops, destination -> {});
  }

  /**
   * The same, with somebody who is told when the kernel refuses to cut messages for a destination.
   *
   * @param onFallback called on the loop's thread
   */
  public UdpChannel(
      UdpSocket socket,
      ByteBufAllocator allocator,
      DropCounters drops,
      Consumer<Endpoint> onFallback) {
    this(
        socket,
        allocator,
        drops,
        new NativeDatagramCalls(),
        UdpReceiver.MAX_MESSAGE_BYTES,
        onFallback);
  }

  /** A channel whose system calls are another's, and that takes no longer messages than this. */
  UdpChannel(
      UdpSocket socket,
      ByteBufAllocator allocator,
      DropCounters drops,
      DatagramCalls calls,
      int maxMessageBytes) {
    this(socket, allocator, drops, calls, maxMessageBytes, destination -> {});
  }

  private UdpChannel(
      UdpSocket socket,
      ByteBufAllocator allocator,
      DropCounters drops,
      DatagramCalls calls,
      int maxMessageBytes,
      Consumer<Endpoint> onFallback) {
    super(socket.descriptor(), EpollIoOps.EPOLLERR);
    this.socket = socket;
    int fd = socket.fd();
    boolean ipv6 = socket.isIpv6();
    receiver = new UdpReceiver(calls, fd, ipv6, allocator, drops, counters, maxMessageBytes);
    sender =
        new UdpSender(
            calls, fd, ipv6, allocator, counters, socket.settings().segmenting(), onFallback);
  }

  public UdpSocket socket() {
    return socket;
  }

  /** What it did so far; from any thread. */
  public UdpCounters counters() {
    return counters;
  }

  /** Messages that wait because the socket is full; on the loop's thread. */
  public int pendingMessages() {
    return sender.pendingMessages();
  }

  /** Their bytes. */
  public int pendingBytes() {
    return sender.pendingBytes();
  }

  /**
   * Sends those messages of the batch that go to this channel's family, in their order. What cannot
   * be sent is marked; what has to wait for the socket is copied.
   */
  public void send(DatagramBatch batch) {
    if (isOpen()) {
      sender.send(batch);
      afterSending();
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      Endpoint destination = batch.destination(i);
      if (destination != null && destination.isIpv6() == socket.isIpv6()) {
        batch.refuse(i);
      }
    }
  }

  /** Sends one datagram by itself; returns whether it went out, or waits for the socket. */
  public boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    if (!isOpen()) {
      return false;
    }
    boolean accepted = sender.send(datagram, destination, trafficClass);
    afterSending();
    return accepted;
  }

  /**
   * Keeps one datagram until {@link #sendPosted}, so that many leave with one call; returns whether
   * there was room for it.
   */
  public boolean post(byte[] datagram, Endpoint destination, int trafficClass) {
    return isOpen() && sender.post(datagram, destination, trafficClass);
  }

  /** Sends what was posted; returns how many datagrams the kernel refused. */
  public long sendPosted() {
    if (!isOpen() || !sender.isWaiting()) {
      return 0;
    }
    long refusedBefore = counters.refused();
    sender.drain();
    afterSending();
    return counters.refused() - refusedBefore;
  }

  private void afterSending() {
    awaitRoom(sender.isWaiting());
    if (sender.isBroken()) {
      closeSoon();
    }
  }

  @Override
  protected void roomAgain() {
    sender.drain();
    afterSending();
  }

  /**
   * Reads what has come by now, up to a bound, although nobody may have asked for it: for a socket
   * that will be closed. On the loop's thread.
   */
  public void readRest() {
    int received = 1;
    for (int call = 0; call < MAX_REST_CALLS && received > 0 && isOpen(); call++) {
      received = receiver.receive(pipeline());
    }
    pipeline().fireChannelReadComplete();
  }

  /** Sends nothing of what still waits; on the loop's thread. */
  public void refusePending() {
    sender.refusePending();
    awaitRoom(false);
  }

  /**
   * Sets aside what has come by now, although nobody reads this socket, and throws away what the
   * call before set aside; on the loop's thread.
   */
  public void setAside() {
    if (isOpen()) {
      receiver.setAside();
    }
  }

  /** Reads what was set aside: the kernel will not report it. On the loop's thread. */
  public void readAside() {
    if (isOpen() && receiver.hasAside()) {
      receiver.receive(pipeline());
      pipeline().fireChannelReadComplete();
    }
  }

  @Override
  protected ReadOutcome readOnce() {
    int slots = receiver.slots();
    int received = receiver.receive(pipeline());
    if (received == slots) {
      return ReadOutcome.MORE;
    }
    if (received == -Errno.EBADF || received == -Errno.ENOTSOCK) {
      return ReadOutcome.GONE;
    }
    // Other errors concern one datagram, or one that was sent, and asking for them takes them away;
    // or the system has no memory, which does not.
    boolean drained = received >= 0 || received == -Errno.EAGAIN;
    return drained ? ReadOutcome.DRAINED : ReadOutcome.FAILED;
  }

  @Override
  protected void errorReported() {
    try {
      int error = socket.takeError();
      if (error != lastError) { // one line for a storm: unreachable peers answer each datagram
        lastError = error;
        LOG.debug("UDP socket {}: error {}", localAddress(), error);
      }
    } catch (IOException e) {
      LOG.debug("UDP socket {}: {}", localAddress(), e.getMessage());
    }
  }

  /**
   * Datagrams that the kernel dropped because nobody had read those before them, or for a wrong
   * checksum; on the loop's thread.
   */
  public long lost() {
    return isOpen() ? Integer.toUnsignedLong(socket.lost()) : lostAtEnd;
  }

  @Override
  protected void closeDescriptor() {
    lostAtEnd = Integer.toUnsignedLong(socket.lost());
    socket.close();
    receiver.close();
    sender.close();
  }

  @Override
  protected Object filterOutboundMessage(Object message) {
    throw new UnsupportedOperationException("datagrams leave by UdpChannel.send");
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) {
    throw new UnsupportedOperationException("datagrams leave by UdpChannel.send");
  }

  @Override
  protected SocketAddress localAddress0() {
    return socket.localAddress();
  }
}
