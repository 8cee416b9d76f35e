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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A descriptor on an epoll event loop that brings {@link PacketBatch}es: what such channels have in
 * common whatever they read. It holds how much is read in one turn of the loop, and what happens
 * when reading fails.
 *
 * <p>The channel is active from the beginning, and reads once it is registered.
 */
public abstract class BatchChannel extends AbstractChannel {
  private static final Logger log = LoggerFactory.getLogger(BatchChannel.class);
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  /** Reads in one turn of the loop: enough to be efficient, few enough for its sockets' sake. */
  private static final int MAX_READS_PER_TURN = 4;

  /** Pause after a failure (no memory for a batch), so that it does not spin the loop. */
  private static final int RETRY_DELAY_MS = 100;

  private final ChannelConfig config = new Config();
  private final FileDescriptor descriptor;
  private final DescriptorInterest interest;
  private final ReadFailures failures = new ReadFailures();
  private boolean readPending;
  private volatile boolean open = true;

  /** How one read ended. */
  protected enum ReadOutcome {
    /** It took all it could: there may be more. */
    MORE,
    /** Nothing is left. */
    DRAINED,
    /** The system reported an error, which asking again may take away. */
    FAILED,
    /** Nothing will ever come again: the channel closes. */
    GONE
  }

  /**
   * A channel over a descriptor.
   *
   * @param always the events that are of interest even while nobody wants to read
   */
  protected BatchChannel(FileDescriptor descriptor, EpollIoOps always) {
    super(null);
    this.descriptor = descriptor;
    this.interest = new DescriptorInterest(always);
  }

  /** Reads once and fires what came through {@link #pipeline()}. */
  protected abstract ReadOutcome readOnce();

  /** The descriptor takes data again, after {@link #awaitRoom}. */
  protected void roomAgain() {}

  /** The descriptor reports an error. */
  protected abstract void errorReported();

  /** Closes the descriptor and gives back what the channel holds. */
  protected abstract void closeDescriptor();

  /** Says whether {@link #roomAgain} is to be called when the descriptor takes data again. */
  protected final void awaitRoom(boolean wanted) {
    interest.setAwaitsRoom(wanted);
  }

  /**
   * Reads nothing for a while: more comes together meanwhile, and others have their turn. On the
   * loop's thread.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // if the timer never fires, the loop has ended
  public final void rest(long durationNs) {
    if (interest.rests() || !open || eventLoop().isShuttingDown()) {
      return;
    }
    eventLoop().schedule(this::rested, durationNs, TimeUnit.NANOSECONDS);
    interest.setRests(true);
  }

  private void rested() {
    interest.setRests(false);
  }

  /** How often reading paused so far, because it failed again and again; from any thread. */
  public final long readPauses() {
    return failures.pauses();
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
    return new BatchUnsafe();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(BatchUnsafe.class);
  }

  @Override
  protected void doRegister(ChannelPromise promise) {
    FutureListener<IoRegistration> registered =
        future -> {
          try {
            interest.registered(future.get());
            promise.setSuccess();
          } catch (Exception e) {
            promise.setFailure(e);
          }
        };
    ((IoEventLoop) eventLoop()).register((BatchUnsafe) unsafe()).addListener(registered);
  }

  @Override
  protected void doDeregister() {
    interest.deregister();
  }

  @Override
  protected void doClose() {
    open = false;
    doDeregister(); // before the descriptor's number can become somebody else's
    closeDescriptor();
  }

  @Override
  protected void doBeginRead() {
    readPending = true;
    interest.setReading(true);
  }

  private void endRead() {
    readPending = false;
    interest.setReading(false);
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected void doBind(SocketAddress localAddress) {
    throw new UnsupportedOperationException("a batch channel is bound when it is opened");
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected abstract void doWrite(ChannelOutboundBuffer in);

  private void readReady() {
    readPending = false;
    ReadOutcome outcome = ReadOutcome.MORE;
    for (int i = 0; i < MAX_READS_PER_TURN && outcome == ReadOutcome.MORE; i++) {
      outcome = readOnce();
      if (!open || (!readPending && !config.isAutoRead())) {
        break;
      }
    }
    pipeline().fireChannelReadComplete();
    boolean tooMany = failures.ended(outcome == ReadOutcome.FAILED);
    if (outcome == ReadOutcome.GONE) {
      closeNow();
    } else if (tooMany) {
      pause(null);
    } else if (open && !readPending && !config.isAutoRead()) {
      endRead();
    }
  }

  /** Closes the channel at once. */
  protected final void closeNow() {
    unsafe().close(unsafe().voidPromise());
  }

  /** Closes the channel in a turn of its own: for callers within a handler's flush. */
  protected final void closeSoon() {
    eventLoop().execute(this::closeNow);
  }

  private void failed(Throwable cause) {
    pause(cause);
    pipeline().fireExceptionCaught(cause);
  }

  /** Reads no more for a moment: whatever is wrong, the loop has other things to do meanwhile. */
  @SuppressWarnings("FutureReturnValueIgnored") // if the timer never fires, the loop has ended
  private void pause(@Nullable Throwable cause) {
    failures.pause(this, RETRY_DELAY_MS, cause);
    if (interest.isPaused() || !open) {
      return;
    }
    try {
      eventLoop().schedule(this::resume, RETRY_DELAY_MS, TimeUnit.MILLISECONDS);
      interest.setPaused(true);
    } catch (RejectedExecutionException e) {
      log.debug("{}: closed, because its event loop ends", this, e);
      closeNow();
    } catch (RuntimeException e) {
      log.debug("{}: its interest stays as it is", this, e); // until it resumes
    }
  }

  private void resume() {
    try {
      interest.setPaused(false);
      if (open && (readPending || config.isAutoRead())) {
        doBeginRead();
      }
    } catch (RuntimeException e) {
      pause(e);
    }
  }

  private final class BatchUnsafe extends AbstractUnsafe implements EpollIoHandle {
    @Override
    public FileDescriptor fd() {
      return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      // Whatever escaped from here would put the event loop to sleep for a second.
      try {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        if (open && ops.contains(EpollIoOps.EPOLLOUT)) {
          roomAgain();
        }
        if (open && ops.contains(EpollIoOps.EPOLLIN)) {
          readReady();
        }
        if (open && ops.contains(EpollIoOps.EPOLLERR)) {
          errorReported();
        }
      } catch (Throwable t) {
        failed(t);
      }
    }

    @Override
    public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
      promise.setFailure(new UnsupportedOperationException("a batch channel has no remote side"));
    }

    @Override
    public void close() {
      close(voidPromise());
    }
  }

  private final class Config extends DefaultChannelConfig {
    Config() {
      super(BatchChannel.this);
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
