package io.wgnetty.storm;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Honest clients of whom one calls at each of regular moments, whatever else is going on: how long
 * they take is what a load does to others.
 */
final class Newcomers {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final Scene scene;
  private final int first;
  private final int count;
  private final int perSecond;
  private final Caller caller;
  private volatile boolean closed;
  private List<Client> clients = List.of();

  Newcomers(Scene scene, int first, int count, int perSecond) {
    this.scene = scene;
    this.first = first;
    this.count = count;
    this.perSecond = perSecond;
    caller = new Caller(scene.crypto(), scene.random(), scene.clock(), true, first, count);
  }

  void prepare(ServerConfiguration configuration) throws IOException {
    clients = scene.clients(first, count, Addresses::newcomer);
    configuration.peers(clients);
  }

  void begin(long startNs) {
    Conduct conduct = new UntilClosed();
    for (int i = 0; i < clients.size(); i++) {
      scene.loop().add(clients.get(i), conduct, startNs + i * SECOND_NS / perSecond);
    }
  }

  /** From now on nobody calls who has not called before. */
  void close() {
    closed = true;
  }

  /** Whether everybody who called is in, or has given up. */
  boolean isQuiet() {
    return caller.arrivals().in() + caller.counters().givenUp.sum() >= caller.arrivals().called();
  }

  String progress() {
    return caller.arrivals().in() + " of " + caller.arrivals().called() + " newcomers in";
  }

  CallCounters counters() {
    return caller.counters();
  }

  /** Whether all came in who called. */
  boolean report(Figures figures) {
    Quantiles took = caller.arrivals().took();
    figures.count("newcomers", "newcomers", took.outOf());
    figures.count("newcomers_in", "newcomers in", took.came());
    figures.time("newcomer_median_s", "newcomer's time, median", took.at(0.5));
    figures.time("newcomer_p90_s", "newcomer's time, 90%", took.at(0.9));
    figures.time(
        "newcomer_worst_s",
        "newcomer's time, worst",
        took.came() == took.outOf() ? took.longest() : OptionalLong.empty());
    return took.came() == took.outOf();
  }

  private final class UntilClosed implements Conduct {
    private boolean calls(Client client) {
      return !closed || client.attempts() > 0;
    }

    @Override
    public byte @Nullable [] due(Client client, long nowNs) {
      return calls(client) ? caller.due(client, nowNs) : null;
    }

    @Override
    public byte @Nullable [] received(Client client, byte[] datagram, int to, long nowNs) {
      return caller.received(client, datagram, to, nowNs);
    }

    @Override
    public long dueNs(Client client) {
      return calls(client) ? caller.dueNs(client) : NEVER;
    }
  }
}
