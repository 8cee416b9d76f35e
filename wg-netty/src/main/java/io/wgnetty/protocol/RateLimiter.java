package io.wgnetty.protocol;

import java.util.random.RandomGenerator;

/**
 * A token bucket for each source of handshakes: 20 packets a second, 5 at once (protocol 3.7).
 *
 * <p>A source is an IPv4 address or the upper 64 bits of an IPv6 address, since whoever has one
 * address of a /64 usually has them all. Open addressing with linear probing; entries are only ever
 * removed by rebuilding the table, at most once a second, so there are no tombstones. Not
 * thread-safe.
 */
public final class RateLimiter {
  private static final long PACKET_COST_NS = 1_000_000_000L / 20;
  private static final long MAX_TOKENS_NS = PACKET_COST_NS * 5;
  private static final long GC_INTERVAL_NS = 1_000_000_000L;

  /** Longer idle than this, a source's bucket is full again: forgetting it changes nothing. */
  private static final long IDLE_NS = 1_000_000_000L;

  private static final int MIN_SLOTS = 64;

  /** Beyond this the table, at most half full, would pass the greatest array. */
  private static final int MAX_SOURCES_LIMIT = 1 << 28;

  private static final byte FREE = 0;
  private static final byte IPV4 = 4;
  private static final byte IPV6 = 6;

  private final int maxSources;
  private final long hashKey;

  private int size;
  private long lastGcNs;

  private byte[] families = new byte[MIN_SLOTS];
  private long[] networks = new long[MIN_SLOTS];
  private long[] lastSeenNs = new long[MIN_SLOTS];
  private int[] tokensNs = new int[MIN_SLOTS];

  /**
   * A limiter whose hash anybody can compute; where sources may be hostile, give it randomness.
   *
   * @param maxSources how many sources it remembers; any more are refused
   */
  public RateLimiter(int maxSources) {
    this(maxSources, 0);
  }

  /** A limiter with a secret hash, so that nobody can choose sources that collide. */
  public RateLimiter(int maxSources, RandomGenerator random) {
    this(maxSources, random.nextLong());
  }

  private RateLimiter(int maxSources, long hashKey) {
    if (maxSources < 1 || maxSources > MAX_SOURCES_LIMIT) {
      throw new IllegalArgumentException("sources out of range: " + maxSources);
    }
    this.maxSources = maxSources;
    this.hashKey = hashKey;
  }

  /** Whether a packet of this source may be processed now; takes its token if so. */
  public boolean allow(Endpoint source, long nowNs) {
    collectIfDue(nowNs);
    byte family = source.isIpv6() ? IPV6 : IPV4;
    long network = source.network();
    int slot = find(family, network);
    if (families[slot] != FREE) {
      return take(slot, nowNs);
    }
    if (size >= maxSources) {
      return false;
    }
    if ((size + 1) * 2 > families.length) {
      rebuild(families.length * 2, nowNs, Long.MAX_VALUE);
      slot = find(family, network);
    }
    put(slot, family, network, nowNs, (int) (MAX_TOKENS_NS - PACKET_COST_NS));
    return true;
  }

  /** How many sources are remembered. */
  public int size() {
    return size;
  }

  private boolean take(int slot, long nowNs) {
    long elapsedNs = Math.clamp(nowNs - lastSeenNs[slot], 0, MAX_TOKENS_NS);
    long tokens = Math.min(MAX_TOKENS_NS, tokensNs[slot] + elapsedNs);
    boolean allowed = tokens >= PACKET_COST_NS;
    // A refused packet costs nothing, but its time counts: protocol 3.7.
    tokensNs[slot] = (int) (allowed ? tokens - PACKET_COST_NS : tokens);
    lastSeenNs[slot] = nowNs;
    return allowed;
  }

  private void collectIfDue(long nowNs) {
    if (size == 0) {
      lastGcNs = nowNs;
    } else if (nowNs - lastGcNs >= GC_INTERVAL_NS) {
      lastGcNs = nowNs;
      collect(nowNs);
    }
  }

  private void collect(long nowNs) {
    int live = 0;
    for (int slot = 0; slot < families.length; slot++) {
      if (families[slot] != FREE && nowNs - lastSeenNs[slot] <= IDLE_NS) {
        live++;
      }
    }
    if (live < size) {
      // Room for twice the living, so that the table does not grow again at once.
      int slots = Math.max(MIN_SLOTS, Integer.highestOneBit(live) * 4);
      rebuild(Math.min(slots, families.length), nowNs, IDLE_NS);
    }
    assert size == live;
  }

  /** Moves the sources that were idle no longer than {@code maxIdleNs} to a new table. */
  private void rebuild(int slots, long nowNs, long maxIdleNs) {
    byte[] oldFamilies = families;
    long[] oldNetworks = networks;
    long[] oldLastSeenNs = lastSeenNs;
    int[] oldTokensNs = tokensNs;
    families = new byte[slots];
    networks = new long[slots];
    lastSeenNs = new long[slots];
    tokensNs = new int[slots];
    size = 0;
    for (int i = 0; i < oldFamilies.length; i++) {
      if (oldFamilies[i] != FREE && nowNs - oldLastSeenNs[i] <= maxIdleNs) {
        int slot = find(oldFamilies[i], oldNetworks[i]);
        put(slot, oldFamilies[i], oldNetworks[i], oldLastSeenNs[i], oldTokensNs[i]);
      }
    }
  }

  /** The slot of the source, or the free slot where it belongs. The table is never full. */
  private int find(byte family, long network) {
    int mask = families.length - 1;
    int slot = hash(family, network) & mask;
    while (families[slot] != FREE && (families[slot] != family || networks[slot] != network)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** A keyed 64-bit finaliser: two multiplications between xor-shifts mix every bit. */
  private int hash(byte family, long network) {
    long h = (network ^ hashKey) + family;
    h = (h ^ h >>> 32) * 0x9E37_79B9_7F4A_7C15L;
    h = (h ^ hashKey ^ h >>> 29) * 0xD6E8_FEB8_6659_FD93L;
    return (int) (h >>> 32);
  }

  private void put(int slot, byte family, long network, long seenNs, int tokens) {
    families[slot] = family;
    networks[slot] = network;
    lastSeenNs[slot] = seenNs;
    tokensNs[slot] = tokens;
    size++;
  }
}
