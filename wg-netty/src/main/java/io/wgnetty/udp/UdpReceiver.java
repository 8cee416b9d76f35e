package io.wgnetty.udp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.tun.PacketBatch;
import io.wgnetty.tun.PacketBatchPool;
import org.jspecify.annotations.Nullable;

/**
 * Receives many messages with one call, and fires them as batches of datagrams.
 *
 * <p>The memory of a batch is a row of slots, one a message. The kernel joins datagrams of one
 * sender that came together (UDP_GRO); such a message is cut where it lies, so nothing is copied.
 * The datagrams of one message stand side by side: nobody may write before or after them but over
 * their own headers and tags.
 *
 * <p>The same batch is fired again and again, because the chain behind it is synchronous. Whoever
 * keeps it for longer has it; then the rest moves to another.
 */
final class UdpReceiver {
  /**
   * Messages in one call. Each has the memory for the largest, but only what is used is touched.
   */
  static final int SLOTS = 16;

  /**
   * Messages in one call while somebody keeps the batches: as many as fill one, so that nothing has
   * to move to the next.
   */
  static final int SLOTS_OF_KEPT = PacketBatch.CAPACITY / 64;

  /** The most that one message can bring. */
  static final int MAX_MESSAGE_BYTES = 65_535;

  /**
   * From one slot to the next: not a power of two, or the first bytes of all slots would share the
   * same few lines of the processor's cache.
   */
  static final int SLOT_STRIDE = 64 * 1024 + 17 * 64;

  /** Less is no message of ours: a keepalive has 32. */
  static final int MIN_SEGMENT_BYTES = 32;

  /** Enough for the socket's whole buffer, if all in it are handshake messages. */
  private static final int MAX_CALLS_ASIDE = 1024;

  private final DatagramCalls calls;
  private final int fd;
  private final boolean ipv6;
  private final DropCounters drops;
  private final UdpCounters counters;
  private final int slotBytes;
  private final MessageArray messages = new MessageArray(SLOTS);
  private final ControlReader control = new ControlReader();
  private final EndpointCache endpoints;
  private final PacketBatchPool<TunnelBatch> pool;
  private @Nullable TunnelBatch batch;
  private boolean receiving;

  /** Messages that lie in the first slots since {@link #setAside}. */
  private int aside;

  private boolean batchesAreKept;
  private boolean closed;

  /**
   * A receiver of one socket.
   *
   * @param slotBytes the longest message it takes: {@link #MAX_MESSAGE_BYTES} outside of tests
   */
  UdpReceiver(
      DatagramCalls calls,
      int fd,
      boolean ipv6,
      ByteBufAllocator allocator,
      DropCounters drops,
      UdpCounters counters,
      int slotBytes) {
    this.calls = calls;
    this.fd = fd;
    this.ipv6 = ipv6;
    this.drops = drops;
    this.counters = counters;
    this.slotBytes = slotBytes;
    this.endpoints = new EndpointCache(ipv6);
    this.pool =
        new PacketBatchPool<>(owner -> new TunnelBatch(allocator, owner, SLOTS * SLOT_STRIDE));
    prepare(SLOTS);
  }

  /** Messages that the next call takes at most. */
  int slots() {
    return batchesAreKept ? SLOTS_OF_KEPT : SLOTS;
  }

  /** Receives once; returns how many messages came, or a negative error number. */
  int receive(ChannelPipeline pipeline) {
    if (batch == null) {
      begin(); // on the loop's thread, which is then the pool's owner
    }
    if (aside > 0) {
      int received = aside;
      aside = 0;
      return fireAll(received, pipeline);
    }
    counters.receiveCalled();
    int received = calls.receive(fd, messages, slots());
    return received <= 0 ? received : fireAll(received, pipeline);
  }

  private int fireAll(int received, ChannelPipeline pipeline) {
    receiving = true;
    batchesAreKept = false;
    int datagrams = 0;
    try {
      for (int slot = 0; slot < received && !closed; slot++) {
        datagrams += take(slot, received, pipeline);
      }
      fire(received, received, pipeline);
    } finally {
      receiving = false;
      counters.received(datagrams, received);
      if (closed) {
        free();
      } else {
        batch().clear();
        prepare(received);
      }
    }
    return received;
  }

  private void begin() {
    TunnelBatch first = pool.take();
    batch = first;
    useMemoryOf(first);
  }

  private TunnelBatch batch() {
    TunnelBatch current = batch;
    if (current == null) {
      throw new IllegalStateException("nothing was received yet");
    }
    return current;
  }

  /**
   * Sets aside what waits, for {@link #receive} to begin with. What the call before set aside is
   * thrown away, and of what waits all but the last messages; so is what came beyond a bound, so
   * that a flood holds nobody up.
   */
  void setAside() {
    if (batch == null) {
      begin();
    }
    throwAway();
    for (int call = 0; call < MAX_CALLS_ASIDE; call++) {
      counters.receiveCalled();
      int received = calls.receive(fd, messages, SLOTS);
      aside = Math.max(received, 0);
      if (received < SLOTS) {
        return;
      }
      throwAway(); // there may be younger ones
    }
  }

  /** Whether there is something that was set aside. */
  boolean hasAside() {
    return aside > 0;
  }

  private void throwAway() {
    int datagrams = 0;
    for (int slot = 0; slot < aside; slot++) {
      datagrams += datagramsIn(slot);
    }
    counters.received(datagrams, aside);
    drops.count(DropReason.LINK_DOWN, datagrams);
    prepare(aside);
    aside = 0;
  }

  private int datagramsIn(int slot) {
    control.read(messages.memory(), messages.controlOffset(slot), messages.controlLength(slot));
    int length = messages.messageLength(slot);
    int segmentBytes = control.segmentBytes();
    return segmentBytes < MIN_SEGMENT_BYTES ? 1 : Math.max(1, Math.ceilDiv(length, segmentBytes));
  }

  /** Takes the datagrams of one message into the batch; returns how many they are. */
  private int take(int slot, int received, ChannelPipeline pipeline) {
    int length = messages.messageLength(slot);
    int flags = messages.flags(slot);
    if ((flags & (SocketOptions.MSG_TRUNC | SocketOptions.MSG_CTRUNC)) != 0 || length > slotBytes) {
      counters.countTruncated();
      drops.count(DropReason.MALFORMED_MESSAGE);
      return 0;
    }
    long name = messages.nameOffset(slot);
    int nameBytes = messages.nameLength(slot);
    control.read(messages.memory(), messages.controlOffset(slot), messages.controlLength(slot));
    int segmentBytes = control.segmentBytes() == 0 ? length : control.segmentBytes();
    boolean cut = segmentBytes != length;
    if (length <= 0
        || (cut && (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > length))
        || !SocketAddresses.isPresent(messages.memory(), name, nameBytes, ipv6)) {
      counters.countMalformed();
      drops.count(DropReason.MALFORMED_MESSAGE);
      return 0;
    }
    Endpoint source = endpoints.find(messages.memory(), name, control);
    int datagrams = (length + segmentBytes - 1) / segmentBytes;
    if (batch().size() + datagrams > PacketBatch.CAPACITY) {
      fire(slot, received, pipeline);
    }
    split(slot, received, length, segmentBytes, source, pipeline);
    return datagrams;
  }

  private void split(
      int slot,
      int received,
      int length,
      int segmentBytes,
      Endpoint source,
      ChannelPipeline pipeline) {
    int trafficClass = control.trafficClass();
    int start = slot * SLOT_STRIDE;
    for (int at = 0; at < length; at += segmentBytes) {
      TunnelBatch target = batch();
      if (target.size() == PacketBatch.CAPACITY) {
        fire(slot, received, pipeline); // a message of more segments than any kernel joins today
        target = batch();
      }
      int index = target.addAt(start + at, Math.min(segmentBytes, length - at));
      target.setSource(index, source);
      target.setTrafficClass(index, trafficClass);
    }
  }

  /** Fires what the batch holds; slots from {@code first} on are needed still. */
  private void fire(int first, int received, ChannelPipeline pipeline) {
    TunnelBatch full = batch();
    if (full.size() == 0) {
      return;
    }
    full.retain();
    pipeline.fireChannelRead(full);
    if (full.refCnt() == 1) {
      full.clear();
    } else {
      exchange(first, received);
    }
  }

  /** Somebody keeps the batch: what is left in it moves to another, and so do we. */
  private void exchange(int first, int received) {
    batchesAreKept = true;
    TunnelBatch old = batch();
    TunnelBatch fresh = pool.take();
    for (int slot = first; slot < received; slot++) {
      int length = Math.clamp(messages.messageLength(slot), 0, slotBytes);
      fresh.bytes().put(slot * SLOT_STRIDE, old.bytes(), slot * SLOT_STRIDE, length);
    }
    counters.countCopied(received - first);
    batch = fresh;
    old.release();
    useMemoryOf(fresh);
  }

  private void useMemoryOf(TunnelBatch target) {
    for (int slot = 0; slot < SLOTS; slot++) {
      messages.setData(slot, target.address() + (long) slot * SLOT_STRIDE, slotBytes);
    }
  }

  /** The kernel wrote how much it used of these: say again how much there is. */
  private void prepare(int used) {
    for (int slot = 0; slot < used; slot++) {
      messages.setLengths(slot, MessageArray.NAME_BYTES, MessageArray.CONTROL_BYTES);
    }
  }

  /** Gives the memory back, once nothing is being received into it. */
  void close() {
    if (!closed) {
      closed = true;
      throwAway();
      if (!receiving) {
        free();
      }
    }
  }

  private void free() {
    pool.close();
    if (batch != null) {
      batch.release();
    }
  }
}
