package io.wgnetty.bench;

import io.wgnetty.allowedips.AllowedIpList;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.bench.AllowedIpsBenchmark.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A table of allowed IPs to look up in, with as many prefixes of each family and a peer for each
 * pair of them, and the addresses to ask for.
 */
final class RoutingTable {
  /** How many addresses are asked for in turn: so many that the branch predictor learns nothing. */
  static final int QUESTIONS = 1 << 20;

  /** A peer that is nothing but its allowed IPs. */
  static final class Owner implements AllowedIps.Owner {
    /** Always 0, but only known once the peer itself was read. */
    final int zero;

    private final AllowedIpList list = new AllowedIpList();

    Owner(int zero) {
      this.zero = zero;
    }

    @Override
    public AllowedIpList allowedIps() {
      return list;
    }
  }

  final AllowedIps<Owner> table = new AllowedIps<>();
  final int[] ipv4 = new int[QUESTIONS];
  final long[] ipv6High = new long[QUESTIONS];
  final long[] ipv6Low = new long[QUESTIONS];

  private final SplittableRandom random;
  private final Layout layout;
  private final List<IpPrefix> v4Prefixes = new ArrayList<>();
  private final List<IpPrefix> v6Prefixes = new ArrayList<>();

  RoutingTable(Layout layout, int prefixes, long seed) {
    this.layout = layout;
    this.random = new SplittableRandom(seed);
    List<Owner> owners = new ArrayList<>();
    for (int i = 0; i < prefixes; i++) {
      owners.add(new Owner(0));
    }
    fill(false, prefixes, owners, v4Prefixes);
    fill(true, prefixes, owners, v6Prefixes);
    for (int i = 0; i < QUESTIONS; i++) {
      ipv4[i] = (int) (question(v4Prefixes)[0] >>> 32);
      long[] address = question(v6Prefixes);
      ipv6High[i] = address[0];
      ipv6Low[i] = address[1];
    }
  }

  private void fill(boolean isIpv6, int count, List<Owner> owners, List<IpPrefix> prefixes) {
    int before = table.size();
    for (int i = 0; table.size() < before + count; i++) {
      IpPrefix prefix = prefix(isIpv6, i);
      table.insert(prefix, owners.get((table.size() - before) % count));
      prefixes.add(prefix);
    }
  }

  private IpPrefix prefix(boolean isIpv6, int i) {
    return switch (layout) {
      case RANDOM ->
          new IpPrefix(
              isIpv6,
              random.nextLong(),
              isIpv6 ? random.nextLong() : 0,
              random.nextInt(1, isIpv6 ? 129 : 33));
      case HOSTS ->
          isIpv6
              ? new IpPrefix(true, 0xfd00_1234_5678_0000L, 0x1_0000L + i, 128)
              : new IpPrefix(false, (0x0a00_0000L + i) << 32, 0, 32);
      case SITES -> site(isIpv6, i);
    };
  }

  private IpPrefix site(boolean isIpv6, int i) {
    if (i == 0) {
      return new IpPrefix(isIpv6, 0, 0, 0);
    }
    int block = random.nextInt(300);
    if (isIpv6) {
      long high = 0x2001_0000_0000_0000L + ((long) block << 40) + (random.nextLong() >>> 24);
      return new IpPrefix(true, high, random.nextLong(), pick(40, 48, 56, 60, 64, 64, 64, 128));
    }
    long high = ((long) (0x0a00 + block * 13) << 48) | (random.nextLong() >>> 16);
    return new IpPrefix(false, high, 0, pick(20, 22, 24, 24, 28, 30, 32, 32));
  }

  private int pick(int... values) {
    return values[random.nextInt(values.length)];
  }

  /** An address of any prefix of the table, or one in the neighbourhood or anywhere. */
  private long[] question(List<IpPrefix> prefixes) {
    IpPrefix prefix = prefixes.get(random.nextInt(prefixes.size()));
    int kept = prefix.length();
    if (random.nextBoolean()) {
      kept = layout == Layout.RANDOM ? 0 : Math.min(kept, random.nextInt(kept + 1));
    }
    long high = random.nextLong();
    long low = random.nextLong();
    long highMask = kept == 0 ? 0 : -1L << Math.max(64 - kept, 0);
    long lowMask = kept <= 64 ? 0 : -1L << (128 - kept);
    return new long[] {
      (high & ~highMask) | (prefix.high() & highMask), (low & ~lowMask) | (prefix.low() & lowMask)
    };
  }
}
