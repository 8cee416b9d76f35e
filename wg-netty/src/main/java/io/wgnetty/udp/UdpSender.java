package io.wgnetty.udp;

import io.netty.buffer.ByteBufAllocator;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.protocol.Endpoint;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Sends many messages with one call, each cut into its datagrams by the kernel (UDP_SEGMENT).
 *
 * <p>Where a message is refused for the way it is sent, it is sent in another way at once: without
 * the address of ours that its destination names, if that cannot be sent from any more; datagram by
 * datagram, if the kernel does not segment there. When the socket is full, what is left waits, and
 * everything new behind it.
 */
final class UdpSender implements AutoCloseable {
  /** Messages in one call. */
  static final int MAX_ENTRIES = 128;

  private final DatagramCalls calls;
  private final int fd;
  private final boolean ipv6;
  private final UdpCounters counters;
  private final boolean segmenting;
  private final Consumer<Endpoint> onFallback;
  private final MessageArray messages = new MessageArray(MAX_ENTRIES);
  private final int[] entryBytes = new int[MAX_ENTRIES];
  private final int[] entryDatagrams = new int[MAX_ENTRIES];
  private final SegmentationRefusals refusals = new SegmentationRefusals();
  private final BatchSource batches;
  private final PendingMessages pending;
  private boolean broken;

  /**
   * A sender of one socket.
   *
   * @param segmenting whether the kernel is asked to cut messages into datagrams
   * @param onFallback told of each destination for which it refused to
   */
  UdpSender(
      DatagramCalls calls,
      int fd,
      boolean ipv6,
      ByteBufAllocator allocator,
      UdpCounters counters,
      boolean segmenting,
      Consumer<Endpoint> onFallback) {
    this.calls = calls;
    this.fd = fd;
    this.ipv6 = ipv6;
    this.counters = counters;
    this.segmenting = segmenting;
    this.onFallback = onFallback;
    this.batches = new BatchSource(ipv6);
    this.pending = new PendingMessages(allocator);
  }

  /** Whether messages wait for the socket: then {@link #drain} is to be called when it has room. */
  boolean isWaiting() {
    return !pending.isEmpty();
  }

  /** How many. */
  int pendingMessages() {
    return pending.size();
  }

  /** Their bytes. */
  int pendingBytes() {
    return pending.waitingBytes();
  }

  /** Whether the socket is none any more. */
  boolean isBroken() {
    return broken;
  }

  /** Sends the batch's messages to destinations of this family. */
  void send(DatagramBatch batch) {
    batches.use(batch);
    if (isWaiting() || !transmit(batches)) {
      hold(batches);
    }
    batches.release();
  }

  /** Keeps one datagram for {@link #drain}; returns whether there was room for it. */
  boolean post(byte[] datagram, Endpoint destination, int trafficClass) {
    int length = datagram.length;
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    if (length == 0 || !pending.add(bytes, 0, length, length, trafficClass, destination)) {
      counters.countPendingDrops(1);
      return false;
    }
    return true;
  }

  /** Sends one datagram; returns whether it went out, or waits for the socket. */
  boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    boolean waiting = isWaiting();
    if (!post(datagram, destination, trafficClass)) {
      return false;
    }
    if (waiting) {
      counters.countHeld();
      return true;
    }
    long refusedBefore = pending.refusedBytes();
    transmit(pending);
    return pending.refusedBytes() == refusedBefore;
  }

  /** Sends what waits; afterwards {@link #isWaiting} tells whether something still does. */
  void drain() {
    transmit(pending);
  }

  /** Sends until nothing is left, or the socket is full; returns whether nothing is left. */
  private boolean transmit(MessageSource source) {
    while (source.size() > 0) {
      if (!push(source, load(source))) {
        return false;
      }
    }
    return true;
  }

  /** Fills the array with the first messages of a source; returns how many entries it has. */
  private int load(MessageSource source) {
    int entries = 0;
    for (int i = 0; i < source.size() && entries < MAX_ENTRIES; i++) {
      int length = source.length(i);
      int segmentBytes = source.segmentBytes(i);
      if (length <= segmentBytes || maySegment(source.destination(i))) {
        load(source, i, entries++, 0, length);
      } else {
        for (int at = 0; at < length && entries < MAX_ENTRIES; at += segmentBytes) {
          load(source, i, entries++, at, Math.min(segmentBytes, length - at));
        }
      }
    }
    return entries;
  }

  private void load(MessageSource source, int message, int entry, int start, int length) {
    int segmentBytes = source.segmentBytes(message);
    boolean segmented = length > segmentBytes;
    entryBytes[entry] = length;
    entryDatagrams[entry] = segmented ? (length + segmentBytes - 1) / segmentBytes : 1;
    Endpoint destination = source.destination(message);
    messages.setData(entry, source.address() + source.offset(message) + start, length);
    int nameBytes =
        SocketAddresses.write(messages.memory(), messages.nameOffset(entry), destination);
    int controlBytes =
        ControlWriter.write(
            messages.memory(),
            messages.controlOffset(entry),
            ipv6,
            segmented ? segmentBytes : 0,
            source.trafficClass(message),
            destination.local());
    messages.setLengths(entry, nameBytes, controlBytes);
  }

  private boolean maySegment(Endpoint destination) {
    return segmenting && (refusals.isEmpty() || !refusals.contains(destination, System.nanoTime()));
  }

  /**
   * Sends the entries of the array; returns false if the socket is full. After a refusal it ends
   * early, and what is left is to be loaded anew.
   */
  private boolean push(MessageSource source, int entries) {
    int next = 0;
    while (next < entries) {
      counters.sendCalled();
      int sent = calls.send(fd, messages, next, entries - next);
      if (sent > 0) {
        countSent(source, next, sent);
        next += sent;
      } else if (sent == 0 || sent == -Errno.EAGAIN) {
        return false;
      } else if (isChanged(source, next, -sent)) {
        return true;
      } else {
        counters.countRefused(entryDatagrams[next]);
        source.refused(entryBytes[next++]);
      }
    }
    return true;
  }

  private void countSent(MessageSource source, int next, int sent) {
    int datagrams = 0;
    for (int i = next; i < next + sent; i++) {
      datagrams += entryDatagrams[i];
      source.sent(entryBytes[i]);
    }
    counters.sent(datagrams, sent);
  }

  /** Whether the first message of the source, which was refused, is to be tried in another way. */
  private boolean isChanged(MessageSource source, int entry, int errno) {
    Endpoint destination = source.destination(0);
    if (destination.local() != null && isOfLocalAddress(errno)) {
      counters.countLocalFallback();
      source.dropLocal();
      return true;
    }
    if (entryDatagrams[entry] > 1 && isOfSegmentation(errno)) {
      counters.countGsoFallback();
      refusals.add(destination, errno, System.nanoTime());
      onFallback.accept(destination);
      return true;
    }
    if (errno == Errno.EBADF || errno == Errno.ENOTSOCK) {
      broken = true;
      while (source.size() > 0) {
        counters.countRefused(datagrams(source, 0));
        source.refused(source.length(0));
      }
      return true;
    }
    return false;
  }

  /** What the kernel says if an address or its interface is not ours, or leads nowhere. */
  private static boolean isOfLocalAddress(int errno) {
    return errno == Errno.EINVAL
        || errno == Errno.ENETUNREACH
        || errno == Errno.EADDRNOTAVAIL
        || errno == Errno.ENODEV;
  }

  /** What kernels say if a device or path is not made for segments of this size. */
  private static boolean isOfSegmentation(int errno) {
    return errno == Errno.EIO || errno == Errno.EMSGSIZE || errno == Errno.EINVAL;
  }

  /** Copies what is left of a batch behind what waits already. */
  private void hold(MessageSource source) {
    while (source.size() > 0) {
      int length = source.length(0);
      boolean held =
          pending.add(
              source.bytes(),
              source.offset(0),
              length,
              source.segmentBytes(0),
              source.trafficClass(0),
              source.destination(0));
      if (held) {
        counters.countHeld();
        source.sent(length);
      } else {
        counters.countPendingDrops(datagrams(source, 0));
        source.refused(length);
      }
    }
  }

  private static int datagrams(MessageSource source, int message) {
    int segmentBytes = source.segmentBytes(message);
    return (source.length(message) + segmentBytes - 1) / segmentBytes;
  }

  /** What waits is refused. */
  void refusePending() {
    while (pending.size() > 0) {
      counters.countRefused(datagrams(pending, 0));
      pending.refused(pending.length(0));
    }
  }

  /** What still waits is refused. */
  @Override
  public void close() {
    refusePending();
    pending.clear();
    pending.close();
  }
}
