package io.wgnetty.storm;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.udp.ManySourceSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Messages that deserve no answer, at a rate, for some time. */
final class FloodLoad implements Load {
  /** So many that the server cannot remember which it saw. */
  private static final int MESSAGES = 8192;

  /** Peers whose initiations are replayed. They call once, with later timestamps. */
  static final int REPLAYED_PEERS = 256;

  private static final long AGE_NS = TimeUnit.SECONDS.toNanos(60);

  /** So long the peers have to call before the flood begins. */
  private static final long CALLS_NS = TimeUnit.SECONDS.toNanos(10);

  private final Scene scene;
  private final StormOptions options;
  private final List<byte[]> messages = new ArrayList<>();
  private final Caller caller;
  private List<Client> replayed = List.of();
  private @Nullable ManySourceSocket socket;
  private @Nullable Flooder flooder;
  private @Nullable Thread thread;
  private long startNs;
  private long sentWhenOver;

  FloodLoad(Scene scene, StormOptions options) {
    this.scene = scene;
    this.options = options;
    caller = new Caller(scene.crypto(), scene.random(), scene.clock(), true, 0, options.crowd());
  }

  @Override
  public void prepare(ServerConfiguration configuration) throws IOException {
    if (options.kind == FloodKind.REPLAY) {
      replayed = scene.clients(0, options.crowd(), Addresses::crowd);
      long nowNs = System.nanoTime();
      for (Client client : replayed) {
        configuration.peer(client.key(), Addresses.inner(client.number()));
        messages.add(client.call(scene.crypto(), nowNs, scene.clock().epochNs(nowNs) - AGE_NS));
      }
      return;
    }
    if (options.kind == FloodKind.LOW_ORDER_STATIC) {
      // A node may refuse such a peer; then its initiations are a stranger's.
      configuration.peer(
          PublicKey.of(FloodMessages.lowOrderKey()), Addresses.inner(options.totalClients()));
    }
    FloodMessages maker = new FloodMessages(scene.crypto(), scene.server(), scene.random());
    for (int i = 0; i < MESSAGES; i++) {
      messages.add(maker.make(options.kind));
    }
  }

  @Override
  public void begin(long start) throws IOException {
    startNs = start;
    for (Client client : replayed) {
      scene.loop().add(client, caller, start);
    }
    socket = new ManySourceSocket(Addresses.FLOOD_PORT, scene.target());
    flooder = new Flooder(socket, messages, options.kind, options.rate, scene.random());
    thread = Thread.ofPlatform().name("flood").start(this::flood);
  }

  private void flood() {
    // What overtakes the peer's own call is no replay.
    while (caller.arrivals().in() < replayed.size() && System.nanoTime() - startNs < CALLS_NS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    if (flooder != null) {
      flooder.run();
    }
  }

  @Override
  public boolean isOver(long nowNs) {
    boolean over = nowNs - startNs > TimeUnit.SECONDS.toNanos(options.seconds);
    if (over && sentWhenOver == 0 && flooder != null) {
      sentWhenOver = flooder.sent();
    }
    return over;
  }

  @Override
  public String progress() {
    return flooder == null
        ? ""
        : String.format(
            Locale.ROOT, "%,d sent, %,d cookies for them", flooder.sent(), flooder.cookies());
  }

  @Override
  public void end() throws InterruptedException {
    if (flooder != null && thread != null && socket != null) {
      flooder.stop();
      thread.join();
      socket.close();
    }
  }

  @Override
  public boolean report(Figures figures, Balance balance) {
    if (flooder == null) {
      throw new IllegalStateException("the flood was never begun");
    }
    figures.text("kind", "kind", options.kind.toString());
    figures.count("rate", "wanted a second", options.rate);
    figures.number(
        "sent_per_s", "sent a second", OptionalDouble.of(sentWhenOver / balance.seconds()), "");
    figures.count("flood_cookies", "cookies for the flood", flooder.cookies());
    figures.count("flood_answers", "responses to the flood", flooder.otherAnswers());
    if (!replayed.isEmpty()) {
      figures.count("replayed_in", "replayed peers in", caller.arrivals().in());
    }
    return flooder.otherAnswers() == 0 && caller.arrivals().in() == replayed.size();
  }
}
