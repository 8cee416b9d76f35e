package io.wgnetty.storm;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** Everybody calls at once, as after a restart of the server. Over when all are in. */
final class RestartLoad implements Load {
  private final Scene scene;
  private final StormOptions options;
  private final Caller caller;
  private List<Client> clients = List.of();
  private long startNs;

  RestartLoad(Scene scene, StormOptions options) {
    this.scene = scene;
    this.options = options;
    caller =
        new Caller(
            scene.crypto(), scene.random(), scene.clock(), options.confirm, 0, options.clients);
  }

  @Override
  public void prepare(ServerConfiguration configuration) throws IOException {
    clients = scene.crowd(options);
    for (Client client : clients) {
      configuration.peer(client.key(), Addresses.inner(client.number()));
      caller.prepare(client, System.nanoTime());
    }
  }

  @Override
  public void begin(long start) {
    startNs = start;
    for (Client client : clients) {
      scene.loop().add(client, caller, start);
    }
  }

  @Override
  public boolean isOver(long nowNs) {
    long settled = caller.arrivals().in() + caller.counters().givenUp.sum();
    return settled == clients.size() || nowNs - startNs > TimeUnit.SECONDS.toNanos(options.limitS);
  }

  @Override
  public String progress() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d in, %,d calls, %,d cookies",
        caller.arrivals().in(),
        clients.size(),
        caller.counters().calls.sum(),
        caller.counters().cookies.sum());
  }

  @Override
  public void end() {}

  @Override
  public boolean report(Figures figures, Balance balance) {
    Quantiles times = caller.arrivals().times(startNs);
    CallCounters counters = caller.counters();
    figures.count("clients", "clients", clients.size());
    figures.count("in", "in", times.came());
    figures.time("half_in_s", "half in after", times.at(0.5));
    figures.time("p99_in_s", "99% in after", times.at(0.99));
    figures.time("all_in_s", "all in after", times.at(1));
    long genuine = options.confirm ? times.came() : genuine();
    if (!options.confirm) {
      figures.count("verified", "responses verified afterwards", genuine);
    }
    double lastS = times.longest().orElse(0) / 1e9;
    figures.number(
        "handshakes_per_s",
        "handshakes a second",
        lastS > 0 ? OptionalDouble.of(times.came() / lastS) : OptionalDouble.empty(),
        "");
    figures.number(
        "server_us_per_handshake",
        "CPU of the server for each",
        balance.besideTcp() || times.came() == 0 || Double.isNaN(balance.serverCpuS())
            ? OptionalDouble.empty()
            : OptionalDouble.of(balance.serverCpuS() * 1e6 / times.came()),
        "us");
    figures.count("calls", "initiations sent", counters.calls.sum());
    figures.count("retries", "of them again", counters.retries.sum());
    figures.count("cookies", "cookies received", counters.cookies.sum());
    figures.count("strays", "answers that came too late", counters.strays.sum());
    figures.count("given_up", "gave up", counters.givenUp.sum());
    return genuine == times.came()
        && times.came() == clients.size()
        && counters.forgeries.sum() == 0;
  }

  /** Verifies what was accepted by its mac1 only. */
  private long genuine() {
    ThreadLocal<StormCrypto> cryptos = ThreadLocal.withInitial(StormCrypto::fastest);
    return clients.stream()
        .parallel()
        .filter(client -> client.verify(cryptos.get()) != null)
        .count();
  }
}
