package io.wgnetty.device;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.pipeline.SharedWork;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * A loop and others that help it as in a node, without sockets and interface. The first is the
 * caller's own thread, which brings its work; the others have nothing else to do.
 */
public final class MemoryLoops implements AutoCloseable {
  private static final long LOOK_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private final EventLoopGroup group;
  private final List<HelpingLoop> loops = new ArrayList<>();
  private final List<Aead> ciphers = new ArrayList<>();
  private long lookedNs = System.nanoTime();

  /**
   * So many loops.
   *
   * @param first the loop of the caller's thread
   */
  public MemoryLoops(int count, EventLoop first, AeadProvider aeads, IntSupplier mtu) {
    group =
        new MultiThreadIoEventLoopGroup(
            Math.max(1, count - 1),
            new DefaultThreadFactory("loop", true),
            LocalIoHandler.newFactory());
    var all = new HelpingLoops(HelpMode.ON, count);
    for (int i = 0; i < count; i++) {
      Aead aead = aeads.create();
      ciphers.add(aead);
      EventLoop loop = i == 0 ? first : group.next();
      loops.add(
          new HelpingLoop(
              all, loop, System::nanoTime, aead, mtu, UnpooledByteBufAllocator.DEFAULT));
    }
    all.connect(loops);
  }

  /** The sealing and opening of the first loop. */
  public SharedWork work() {
    return loops.getFirst().work();
  }

  /** The first loop's thread looks how busy it is, if it is time: to be called between batches. */
  public void look() {
    long nowNs = System.nanoTime();
    if (nowNs - lookedNs > LOOK_AFTER_NS) {
      lookedNs = nowNs;
      loops.getFirst().look(nowNs);
    }
  }

  /** Ends the others' threads. */
  @Override
  public void close() {
    loops.getFirst().close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    ciphers.forEach(Aead::close);
  }
}
