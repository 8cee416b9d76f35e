package io.wgnetty.storm;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Peers that live: over one rekey interval they come in evenly, and from then on as many renew
 * their sessions a second, while all send a trickle.
 */
final class SteadyLoad implements Load {
  private static final long REKEY_AFTER_NS = TimeUnit.SECONDS.toNanos(120);

  private final Scene scene;
  private final StormOptions options;
  private final LivePeers peers;
  private final long rekeyNs;
  private List<Client> clients = List.of();
  private long startNs;

  SteadyLoad(Scene scene, StormOptions options) {
    this.scene = scene;
    this.options = options;
    rekeyNs = REKEY_AFTER_NS / options.faster;
    peers =
        new LivePeers(
            scene.crypto(),
            scene.random(),
            scene.clock(),
            options.clients,
            rekeyNs,
            TimeUnit.SECONDS.toNanos(options.trickleS));
  }

  @Override
  public void prepare(ServerConfiguration configuration) throws IOException {
    clients = scene.crowd(options);
    configuration.peers(clients);
  }

  @Override
  public void begin(long start) {
    startNs = start;
    for (Client client : clients) {
      long at = start + rekeyNs / clients.size() * client.number();
      peers.begin(client, at);
      scene.loop().add(client, peers, at);
    }
  }

  @Override
  public boolean isOver(long nowNs) {
    return nowNs - startNs > rekeyNs + TimeUnit.SECONDS.toNanos(options.seconds);
  }

  @Override
  public String progress() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d live, %,d handshakes, %,d retries, %,d keepalives",
        peers.arrivals().in(),
        clients.size(),
        peers.counters().responses.sum(),
        peers.counters().retries.sum(),
        peers.keepalives());
  }

  @Override
  public void end() {}

  @Override
  public boolean report(Figures figures, Balance balance) {
    CallCounters counters = peers.counters();
    long handshakes = counters.responses.sum();
    Quantiles waits = peers.waits();
    figures.count("clients", "clients", clients.size());
    figures.count("in", "live", peers.arrivals().in());
    figures.time("rekey_s", "a session lasts", OptionalLong.of(rekeyNs));
    figures.count("handshakes", "handshakes", handshakes);
    figures.number(
        "handshakes_per_s",
        "handshakes a second",
        OptionalDouble.of(handshakes / balance.seconds()),
        "");
    figures.number(
        "server_us_per_handshake",
        "CPU of the server for each, trickle included",
        balance.besideTcp() || handshakes == 0 || Double.isNaN(balance.serverCpuS())
            ? OptionalDouble.empty()
            : OptionalDouble.of(balance.serverCpuS() * 1e6 / handshakes),
        "us");
    figures.time("wait_median_s", "wait for a response, median", waits.at(0.5));
    figures.time("wait_p99_s", "wait for a response, 99%", waits.at(0.99));
    figures.time("wait_worst_s", "wait for a response, worst", waits.at(1));
    figures.count("retries", "calls again", counters.retries.sum());
    figures.count("cookies", "cookies received", counters.cookies.sum());
    figures.count("keepalives", "keepalives sent", peers.keepalives());
    return peers.arrivals().in() == clients.size() && counters.forgeries.sum() == 0;
  }
}
