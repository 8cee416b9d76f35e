package io.wgnetty.tun;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.FutureListener;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One queue of a TUN interface as a Netty channel on an epoll event loop. Reads fire {@link
 * PacketBatch}es of 1 to {@value PacketBatch#CAPACITY} packets; a batch that is written leaves as
 * its packets of length above 0, and is released. A packet that the kernel refuses (link down, not
 * IP) is counted and dropped, as on any link.
 *
 * <p>Closes itself when the interface is deleted.
 */
public final class TunChannel extends AbstractChannel {
  private static final Logger log = LoggerFactory.getLogger(TunChannel.class);
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);
  private static final int EPOLLPRI = 0x2;

  /**
   * What we listen for while nobody wants packets: that the interface is deleted. The driver then
   * reports EPOLLERR, but wakes only who waits for input; EPOLLPRI, which it never reports, is
   * input enough.
   */
  private static final EpollIoOps ERRORS_ONLY =
      EpollIoOps.valueOf(EpollIoOps.EPOLLERR.value() | EPOLLPRI);

  private static final EpollIoOps PACKETS = ERRORS_ONLY.with(EpollIoOps.EPOLLIN);

  /** Batches for one turn of the loop: enough to be efficient, few enough for its sockets' sake. */
  private static final int MAX_BATCHES_PER_TURN = 4;

  /** Pause after a failure of ours (no memory for a batch), so that it does not spin the loop. */
  private static final int RETRY_DELAY_MS = 100;

  private final TunDevice device;
  private final ChannelConfig config = new Config();
  private final TunReader reader;
  private final TunWriter writer;
  private final FileDescriptor descriptor;
  private @Nullable IoRegistration registration;
  private EpollIoOps interest = ERRORS_ONLY;
  private boolean readPending;
  private volatile boolean open = true;

  /**
   * A channel over a queue, which it owns from now on.
   *
   * @param batches gives the empty batches for reading; called on the channel's event loop
   */
  public TunChannel(TunDevice device, Supplier<? extends PacketBatch> batches) {
    super(null);
    this.device = device;
    this.descriptor = new FileDescriptor(device.fd());
    var calls = new PacketCalls();
    this.reader = new TunReader(device, calls, batches);
    this.writer = new TunWriter(device, calls);
  }

  public TunDevice device() {
    return device;
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
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open;
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new TunUnsafe();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(TunUnsafe.class);
  }

  @Override
  protected void doRegister(ChannelPromise promise) {
    FutureListener<IoRegistration> registered =
        future -> {
          try {
            IoRegistration fresh = future.get();
            fresh.submit(interest);
            registration = fresh;
            promise.setSuccess();
          } catch (Exception e) {
            promise.setFailure(e);
          }
        };
    ((IoEventLoop) eventLoop()).register((TunUnsafe) unsafe()).addListener(registered);
  }

  @Override
  protected void doDeregister() {
    if (registration != null) {
      registration.cancel();
      registration = null;
      interest = ERRORS_ONLY;
    }
  }

  @Override
  protected void doClose() {
    open = false;
    doDeregister(); // before the descriptor's number can become somebody else's
    device.close();
  }

  @Override
  protected void doBeginRead() {
    readPending = true;
    showInterest(PACKETS);
  }

  private void endRead() {
    readPending = false;
    showInterest(ERRORS_ONLY);
  }

  private void showInterest(EpollIoOps ops) {
    if (registration != null && !interest.equals(ops)) {
      interest = ops;
      registration.submit(ops);
    }
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
      eventLoop().execute(this::closeNow); // later: not from within a handler's flush
    }
  }

  @Override
  protected SocketAddress localAddress0() {
    return new TunAddress(device.name());
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected void doBind(SocketAddress localAddress) {
    throw new UnsupportedOperationException("a TUN channel is bound to its interface");
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  private void readReady() {
    readPending = false;
    TunReader.Outcome outcome = TunReader.Outcome.MORE;
    for (int i = 0; i < MAX_BATCHES_PER_TURN && outcome == TunReader.Outcome.MORE; i++) {
      outcome = reader.read(pipeline());
      if (!open || (!readPending && !config.isAutoRead())) {
        break;
      }
    }
    pipeline().fireChannelReadComplete();
    if (outcome == TunReader.Outcome.DETACHED) {
      closeNow();
    } else if (open && !readPending && !config.isAutoRead()) {
      endRead();
    }
  }

  private void closeNow() {
    unsafe().close(unsafe().voidPromise());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // if the timer never fires, the loop has ended
  private void failed(Throwable cause) {
    log.warn("{}: reading pauses for {} ms", device, RETRY_DELAY_MS, cause);
    try {
      showInterest(ERRORS_ONLY);
      eventLoop().schedule(this::resume, RETRY_DELAY_MS, TimeUnit.MILLISECONDS);
      pipeline().fireExceptionCaught(cause);
    } catch (RuntimeException e) {
      log.error("{}: closed, because its event loop takes it no more", device, e);
      closeNow();
    }
  }

  private void resume() {
    if (open && (readPending || config.isAutoRead())) {
      doBeginRead();
    }
  }

  private final class TunUnsafe extends AbstractUnsafe implements EpollIoHandle {
    @Override
    public FileDescriptor fd() {
      return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      // Whatever escaped from here would put the event loop to sleep for a second.
      try {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        if (open && ops.contains(EpollIoOps.EPOLLIN)) {
          readReady();
        }
        if (open && ops.contains(EpollIoOps.EPOLLERR)) {
          close(voidPromise()); // the driver says this of a deleted interface only
        }
      } catch (Throwable t) {
        failed(t);
      }
    }

    @Override
    public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
      promise.setFailure(new UnsupportedOperationException("a TUN channel has no remote side"));
    }

    @Override
    public void close() {
      close(voidPromise());
    }
  }

  private final class Config extends DefaultChannelConfig {
    Config() {
      super(TunChannel.this);
    }

    @Override
    protected void autoReadCleared() {
      if (!isRegistered()) {
        return;
      }
      if (eventLoop().inEventLoop()) {
        endRead();
      } else {
        eventLoop()
            .execute(
                () -> {
                  if (!readPending && !isAutoRead()) {
                    endRead();
                  }
                });
      }
    }
  }
}
