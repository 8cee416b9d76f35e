package io.wgnetty.storm;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Peers with sessions that ask for an echo now and then. The server is killed, and started again at
 * once. Over when all have a session again.
 */
final class CrashLoad implements Load {
  /** In which the peers come in, so that their echoes and silences do not coincide. */
  private static final long ENTRY_NS = TimeUnit.SECONDS.toNanos(5);

  private final Scene scene;
  private final StormOptions options;
  private final TalkingPeers peers;
  private List<Client> clients = List.of();
  private @Nullable Thread crash;
  private volatile @Nullable Throwable failure;
  private volatile long killedNs;
  private volatile long backNs;
  private long startNs;
  private long allInNs;

  CrashLoad(Scene scene, StormOptions options) {
    this.scene = scene;
    this.options = options;
    peers =
        new TalkingPeers(
            scene.crypto(),
            scene.random(),
            scene.clock(),
            options.clients,
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
      long at = start + ENTRY_NS / clients.size() * client.number();
      peers.begin(client, at);
      scene.loop().add(client, peers, at);
    }
  }

  @Override
  public boolean isOver(long nowNs) {
    Throwable failed = failure;
    if (failed != null) {
      throw new IllegalStateException("the server could not be killed and started again", failed);
    }
    if (crash == null && isReady(nowNs)) {
      crash = Thread.ofPlatform().name("crash").start(this::crash);
    }
    long limitNs = TimeUnit.SECONDS.toNanos(options.limitS);
    return peers.again().in() == clients.size()
        || (killedNs != 0 && nowNs - killedNs > limitNs)
        || (crash == null && nowNs - startNs > limitNs);
  }

  private boolean isReady(long nowNs) {
    if (allInNs == 0 && peers.first().in() == clients.size()) {
      allInNs = nowNs;
    }
    return allInNs != 0 && nowNs - allInNs > TimeUnit.SECONDS.toNanos(options.leadS);
  }

  private void crash() {
    try {
      check(options.killCommand, ShellCommand.run(options.killCommand));
      killedNs = System.nanoTime();
      peers.crashed(killedNs);
      try (ServerConfiguration configuration = scene.configuration(options)) {
        configuration.peers(clients);
        check(options.startCommand, configuration.apply(options.startCommand));
      }
      backNs = System.nanoTime();
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void check(String command, int status) throws IOException {
    if (status != 0) {
      throw new IOException("status " + status + " of: " + command);
    }
  }

  @Override
  public String progress() {
    return killedNs == 0
        ? String.format(
            Locale.ROOT,
            "%,d of %,d have a session, %,d echoes",
            peers.first().in(),
            clients.size(),
            peers.echoes())
        : String.format(
            Locale.ROOT,
            "killed; %,d of %,d have a session again, %,d calls, %,d answered",
            peers.again().in(),
            clients.size(),
            peers.counters().calls.sum(),
            peers.answered());
  }

  @Override
  public void end() throws InterruptedException {
    if (crash != null) {
      crash.join();
    }
  }

  @Override
  public boolean report(Figures figures, Balance balance) {
    CallCounters counters = peers.counters();
    Quantiles times = peers.again().times(killedNs);
    figures.count("clients", "clients", clients.size());
    figures.count("had", "had a session", peers.first().in());
    figures.time(
        "back_s",
        "killed, started and configured after",
        backNs == 0 ? OptionalLong.empty() : OptionalLong.of(backNs - killedNs));
    figures.count("again", "have one again", times.came());
    figures.time("first_again_s", "the first of them after", times.at(0));
    figures.time("half_again_s", "half of them after", times.at(0.5));
    figures.time("p99_again_s", "99% after", times.at(0.99));
    figures.time("all_again_s", "all after", times.at(1));
    figures.count("kept", "of them the one that they had", peers.kept());
    figures.count("answered", "sessions that the server began", peers.answered());
    figures.count("calls", "initiations sent", counters.calls.sum());
    figures.count("retries", "of them again", counters.retries.sum());
    figures.count("echoes", "echoes asked for", peers.echoes());
    figures.count("strays", "answers that came too late", counters.strays.sum());
    return times.came() == clients.size() && counters.forgeries.sum() == 0;
  }
}
