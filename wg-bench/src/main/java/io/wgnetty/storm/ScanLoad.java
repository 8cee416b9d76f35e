package io.wgnetty.storm;

import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A host behind the server sends a packet to each peer in turn, none of which has a session or
 * answers: the server begins a handshake with every one.
 */
final class ScanLoad implements Load {
  private final Scene scene;
  private final StormOptions options;
  private @Nullable Process toucher;
  private long startNs;
  private long initiationsWhenOver = -1;

  ScanLoad(Scene scene, StormOptions options) {
    this.scene = scene;
    this.options = options;
  }

  @Override
  public void prepare(ServerConfiguration configuration) throws IOException {
    List<PublicKey> keys =
        IntStream.range(0, options.clients)
            .parallel()
            .mapToObj(
                number -> scene.keys().key("silent", number).publicKey(scene.crypto().x25519()))
            .toList();
    for (int i = 0; i < keys.size(); i++) {
      configuration.peer(
          keys.get(i),
          Addresses.inner(i),
          Addresses.crowd(i % options.addresses),
          Addresses.CLIENT_PORT);
    }
  }

  @Override
  public void begin(long start) throws IOException {
    startNs = start;
    toucher =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec %s %s %d %d"
                    .formatted(
                        options.touchCommand,
                        Addresses.text(Addresses.inner(0)),
                        options.clients,
                        options.rate))
            .inheritIO()
            .start();
  }

  @Override
  public boolean isOver(long nowNs) {
    if (toucher != null && !toucher.isAlive()) {
      throw new IllegalStateException("the inside host ended: " + options.touchCommand);
    }
    boolean over = nowNs - startNs > TimeUnit.SECONDS.toNanos(options.seconds);
    if (over && initiationsWhenOver < 0) {
      initiationsWhenOver = scene.loop().initiations();
    }
    return over;
  }

  @Override
  public String progress() {
    return String.format(Locale.ROOT, "%,d initiations of the server", scene.loop().initiations());
  }

  @Override
  public void end() {
    if (toucher != null) {
      toucher.destroy();
    }
  }

  @Override
  public boolean report(Figures figures, Balance balance) {
    figures.count("peers", "silent peers", options.clients);
    figures.count("rate", "touched a second", options.rate);
    figures.count("initiations", "initiations of the server", initiationsWhenOver);
    figures.number(
        "initiations_per_s",
        "initiations a second",
        OptionalDouble.of(initiationsWhenOver / balance.seconds()),
        "");
    return true;
  }
}
