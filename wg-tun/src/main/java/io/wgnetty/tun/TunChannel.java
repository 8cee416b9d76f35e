package io.wgnetty.tun;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.net.SocketAddress;
import java.util.function.Supplier;

/**
 * One queue of a TUN interface as a Netty channel on an epoll event loop. Reads fire {@link
 * PacketBatch}es of 1 to {@value PacketBatch#CAPACITY} packets; a batch that is written leaves as
 * its packets of length above 0, and is released. A packet that the kernel refuses (link down, not
 * IP) is counted and dropped, as on any link.
 *
 * <p>Closes itself when the interface is deleted, see {@link #isInterfaceDeleted}.
 */
public final class TunChannel extends BatchChannel {
  private static final int EPOLLPRI = 0x2;

  /**
   * What we listen for while nobody wants packets: that the interface is deleted. The driver then
   * reports EPOLLERR, but wakes only who waits for input; EPOLLPRI, which it never reports, is
   * input enough.
   */
  private static final EpollIoOps ERRORS_ONLY =
      EpollIoOps.valueOf(EpollIoOps.EPOLLERR.value() | EPOLLPRI);

  private final TunDevice device;
  private final TunReader reader;
  private final TunWriter writer;
  private volatile boolean interfaceDeleted;

  /**
   * A channel over a queue, which it owns from now on.
   *
   * @param batches gives the empty batches for reading; called on the channel's event loop
   */
  public TunChannel(TunDevice device, Supplier<? extends PacketBatch> batches) {
    this(device, batches, () -> {});
  }

  /**
   * The same, with somebody who is told when the kernel refuses packets together.
   *
   * @param onFallback called on the channel's event loop, at most once in ten minutes for each kind
   *     of packets
   */
  public TunChannel(
      TunDevice device, Supplier<? extends PacketBatch> batches, Runnable onFallback) {
    this(device, batches, onFallback, new PacketCalls());
  }

  /** A channel whose system calls are another's. */
  TunChannel(
      TunDevice device,
      Supplier<? extends PacketBatch> batches,
      Runnable onFallback,
      PacketCalls calls) {
    super(new FileDescriptor(device.fd()), ERRORS_ONLY);
    this.device = device;
    this.reader = new TunReader(device, calls, batches);
    this.writer = new TunWriter(device, calls, onFallback);
  }

  public TunDevice device() {
    return device;
  }

  /**
   * Whether it closed because the interface was deleted. If not, somebody closed it, or its event
   * loop has ended.
   */
  public boolean isInterfaceDeleted() {
    return interfaceDeleted;
  }

  /** System calls that read so far; from any thread. */
  public long reads() {
    return reader.reads();
  }

  /** Packets read so far; from any thread. */
  public long packetsRead() {
    return reader.packets();
  }

  /** Packets written so far; from any thread. */
  public long packetsWritten() {
    return writer.packets();
  }

  /** Packets that the kernel refused so far; from any thread. */
  public long writeErrors() {
    return writer.errors();
  }

  /** System calls that wrote so far; from any thread. */
  public long writes() {
    return writer.writes();
  }

  /** Packets, out of those written, that left together with others; from any thread. */
  public long packetsCoalesced() {
    return writer.coalesced();
  }

  /** How often the kernel refused packets together and took them one by one; from any thread. */
  public long coalescingFallbacks() {
    return writer.fallbacks();
  }

  @Override
  protected ReadOutcome readOnce() {
    return switch (reader.read(pipeline())) {
      case MORE -> ReadOutcome.MORE;
      case DRAINED -> ReadOutcome.DRAINED;
      case FAILED -> ReadOutcome.FAILED;
      case DETACHED -> {
        interfaceDeleted = true;
        yield ReadOutcome.GONE;
      }
    };
  }

  @Override
  protected void errorReported() {
    interfaceDeleted = true; // the driver says this of nothing else
    closeNow();
  }

  @Override
  protected void closeDescriptor() {
    device.close();
  }

  @Override
  protected Object filterOutboundMessage(Object message) {
    if (message instanceof PacketBatch) {
      return message;
    }
    throw new UnsupportedOperationException(
        "a TUN channel writes PacketBatch, not " + message.getClass().getName());
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) {
    boolean attached = true;
    for (Object message = in.current(); message != null; message = in.current()) {
      if (attached) {
        attached = writer.write((PacketBatch) message);
      }
      in.remove(); // also releases the batch
    }
    if (!attached) {
      interfaceDeleted = true;
      closeSoon(); // not from within a handler's flush
    }
  }

  @Override
  protected SocketAddress localAddress0() {
    return new TunAddress(device.name());
  }
}
