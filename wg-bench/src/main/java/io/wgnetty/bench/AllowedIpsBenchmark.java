package io.wgnetty.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time to find the peer of one address, in a table with {@code prefixes} prefixes of each
 * family. About half of the addresses belong to a prefix drawn at random, the others lie anywhere.
 *
 * <p>Lookups of a batch do not depend on each other, so a processor waits for several at a time.
 * The {@code ThenPeer} benchmarks forbid that: each reads the peer that it found, and only then
 * knows what to look up next.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx3g", "-XX:+UseSerialGC"})
public class AllowedIpsBenchmark {
  private static final int MASK = RoutingTable.QUESTIONS - 1;

  /** How the prefixes lie. */
  public enum Layout {
    /** Any address, any length: the worst for a cache. */
    RANDOM,
    /** One address of each family for each peer, in a row: what most nodes have. */
    HOSTS,
    /** Networks of customary lengths in a few hundred blocks, and default routes. */
    SITES
  }

  @Param({"100", "100000", "1000000"})
  int prefixes;

  @Param({"RANDOM", "HOSTS", "SITES"})
  Layout layout;

  private RoutingTable routes;
  private int next;

  @Setup
  public void setUp() {
    routes = new RoutingTable(layout, prefixes, 1);
    System.gc(); // a table that has stood for a while, not one fresh from being filled
  }

  @Benchmark
  public Object lookupV4() {
    int i = next++ & MASK;
    return routes.table.lookupV4(routes.ipv4[i]);
  }

  @Benchmark
  public Object lookupV6() {
    int i = next++ & MASK;
    return routes.table.lookupV6(routes.ipv6High[i], routes.ipv6Low[i]);
  }

  @Benchmark
  public Object lookupV4ThenPeer() {
    int i = next & MASK;
    RoutingTable.Owner owner = routes.table.lookupV4(routes.ipv4[i]);
    next += owner == null ? 1 : 1 + owner.zero;
    return owner;
  }

  @Benchmark
  public Object lookupV6ThenPeer() {
    int i = next & MASK;
    RoutingTable.Owner owner = routes.table.lookupV6(routes.ipv6High[i], routes.ipv6Low[i]);
    next += owner == null ? 1 : 1 + owner.zero;
    return owner;
  }
}
