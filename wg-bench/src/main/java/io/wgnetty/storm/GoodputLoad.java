package io.wgnetty.storm;

import io.wgnetty.udp.ManySourceSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * First finds out how many handshakes a second the server can do, then offers multiples of that:
 * how many it completes must not fall. Each client has an address of its own, and there should be
 * at least as many as the server completes in a second.
 */
final class GoodputLoad implements Load {
  private static final int PORT = 45_000;
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** Of each step its beginning does not count: queues fill, sources learn of cookies. */
  private static final long SETTLING_NS = 2 * SECOND_NS;

  /** Before the server is measured as it is, so that it has compiled what it needs. */
  private static final long WARMING_NS = 6 * SECOND_NS;

  /** How much less than the best before a step may complete. */
  private static final double ALLOWED_FALL = 0.10;

  /** What one step offered and completed a second. */
  record Step(int factor, double offered, double sent, double completed) {}

  private final Scene scene;
  private final StormOptions options;
  private final List<Step> steps = new ArrayList<>();
  private List<Client> clients = List.of();
  private @Nullable ManySourceSocket socket;
  private @Nullable OpenCalls calls;
  private @Nullable Thread thread;
  private double capacity;
  private int factor;
  private long stepEndNs;
  private long countedFromNs;
  private boolean counting;
  private long callsBefore;
  private long responsesBefore;

  GoodputLoad(Scene scene, StormOptions options) {
    this.scene = scene;
    this.options = options;
  }

  @Override
  public void prepare(ServerConfiguration configuration) throws IOException {
    clients = scene.clients(0, options.clients, Addresses::crowd);
    configuration.peers(clients);
  }

  @Override
  public void begin(long start) throws IOException {
    socket = new ManySourceSocket(PORT, scene.target());
    calls = new OpenCalls(StormCrypto.fastest(), scene.clock(), socket, clients);
    thread = Thread.ofPlatform().name("goodput").start(calls);
    beginStep(start, WARMING_NS);
  }

  private void beginStep(long nowNs, long settlingNs) {
    counting = false;
    countedFromNs = nowNs + settlingNs;
    stepEndNs = countedFromNs + options.stepS * SECOND_NS;
  }

  @Override
  public boolean isOver(long nowNs) {
    if (calls == null) {
      return false;
    }
    if (!counting && nowNs - countedFromNs >= 0) {
      counting = true;
      countedFromNs = nowNs;
      callsBefore = calls.calls();
      responsesBefore = calls.responses();
    }
    if (nowNs - stepEndNs < 0) {
      return false;
    }
    double seconds = (nowNs - countedFromNs) / (double) SECOND_NS;
    double completed = (calls.responses() - responsesBefore) / seconds;
    double sent = (calls.calls() - callsBefore) / seconds;
    if (factor == 0) {
      capacity = completed;
      // Each calls once a second for each multiple: seldom enough for limits of a source's rate,
      // often enough that all have their cookies before a step counts.
      calls.limitTo((int) capacity);
      factor = options.stepsFrom() - 1;
    } else {
      steps.add(new Step(factor, factor * capacity, sent, completed));
      System.out.printf(
          Locale.ROOT,
          "%dx: offered %,.0f, sent %,.0f, completed %,.0f a second%n",
          factor,
          factor * capacity,
          sent,
          completed);
    }
    if (factor == options.stepsTo() || capacity == 0) {
      return true;
    }
    factor++;
    calls.setRate(factor * capacity);
    beginStep(nowNs, SETTLING_NS);
    return false;
  }

  @Override
  public String progress() {
    return calls == null
        ? ""
        : String.format(
            Locale.ROOT,
            "%s: %,d calls, %,d responses, %,d cookies",
            factor == 0 ? "as fast as it answers" : factor + "x",
            calls.calls(),
            calls.responses(),
            calls.cookies());
  }

  @Override
  public void end() throws InterruptedException {
    if (calls != null && thread != null && socket != null) {
      calls.stop();
      thread.join();
      socket.close();
    }
  }

  @Override
  public boolean report(Figures figures, Balance balance) {
    figures.count("clients", "clients", clients.size());
    figures.number(
        "capacity_per_s",
        "handshakes a second, as fast as it answers",
        OptionalDouble.of(capacity),
        "");
    for (Step step : steps) {
      figures.number(
          "completed_at_" + step.factor(),
          String.format(
              Locale.ROOT, "completed a second at %dx (%,.0f sent)", step.factor(), step.sent()),
          OptionalDouble.of(step.completed()),
          "");
    }
    double fall = worstFall(steps);
    figures.number("worst_fall", "worst fall from the best before", OptionalDouble.of(fall), "");
    return capacity > 0 && fall <= ALLOWED_FALL;
  }

  /** The largest share by which a step completed less than the best before it. */
  static double worstFall(List<Step> steps) {
    double best = 0;
    double worst = 0;
    for (Step step : steps) {
      if (best > 0) {
        worst = Math.max(worst, 1 - step.completed() / best);
      }
      best = Math.max(best, step.completed());
    }
    return worst;
  }
}
