package io.wgnetty.allowedips;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The table of prefixes is looked up by loops while it is written: every lookup sees the table of
 * one instant, and the next one of the same thread none that is older.
 */
final class AllowedIpsStress {
  private static final int ADDRESS = 0x0a01_0101;
  private static final int PREFIXES_THAT_RESHAPE = 40;

  private AllowedIpsStress() {}

  private static IpPrefix ipv4(int address, int length) {
    return IpPrefix.of(
        new byte[] {
          (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
        },
        length);
  }

  /** A peer with a number; nobody is 0. */
  private static final class Numbered implements AllowedIps.Owner {
    private final AllowedIpList list = new AllowedIpList();
    private final int number;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    public AllowedIpList allowedIps() {
      return list;
    }

    static int of(@Nullable Numbered found) {
      return found == null ? 0 : found.number;
    }
  }

  /** A prefix moves to another peer: it is always one of the two, and never goes back. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "1, 2", "2, 2"},
      expect = ACCEPTABLE,
      desc = "before or after, in that order")
  @State
  public static class Move {
    private final AllowedIps<Numbered> table = new AllowedIps<>();
    private final Numbered second = new Numbered(2);

    /** A table with one prefix. */
    public Move() {
      table.insert(ipv4(ADDRESS, 24), new Numbered(1));
    }

    /** The one that configures. */
    @Actor
    public void writer() {
      table.insert(ipv4(ADDRESS, 24), second);
    }

    /** A loop. */
    @Actor
    public void reader(II_Result result) {
      result.r1 = Numbered.of(table.lookupV4(ADDRESS));
      result.r2 = Numbered.of(table.lookupV4(ADDRESS));
    }
  }

  /**
   * A wide prefix comes and the narrow one in it goes: a lookup that saw neither would have mixed
   * two instants.
   */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = ACCEPTABLE,
      desc = "the narrow one, or the wide one after it")
  @State
  public static class WidenThenRemove {
    private final AllowedIps<Numbered> table = new AllowedIps<>();
    private final Numbered narrow = new Numbered(1);
    private final Numbered wide = new Numbered(2);

    /** A table in which the two prefixes lie in different nodes. */
    public WidenThenRemove() {
      var others = new Numbered(3);
      for (int i = 1; i <= PREFIXES_THAT_RESHAPE; i++) {
        table.insert(ipv4(ADDRESS + (i << 8), 24), others);
        table.insert(ipv4(ADDRESS + i, 32), others);
      }
      table.insert(ipv4(ADDRESS, 32), narrow);
    }

    /** The one that configures. */
    @Actor
    public void writer() {
      table.insert(ipv4(ADDRESS, 16), wide);
      table.remove(ipv4(ADDRESS, 32), narrow);
    }

    /** A loop. */
    @Actor
    public void reader(I_Result result) {
      result.r1 = Numbered.of(table.lookupV4(ADDRESS));
    }
  }

  /**
   * Others come in such numbers that nodes are made anew: whoever was there is found all the time.
   */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "found, wherever it lies by now")
  @State
  public static class Reshape {
    private final AllowedIps<Numbered> table = new AllowedIps<>();
    private final Numbered others = new Numbered(2);
    private final IpPrefix[] prefixes = new IpPrefix[PREFIXES_THAT_RESHAPE];

    /** A table with one host. */
    public Reshape() {
      table.insert(ipv4(ADDRESS, 32), new Numbered(1));
      Arrays.setAll(prefixes, i -> ipv4(ADDRESS + 1 + i, 32));
    }

    /** The one that configures. */
    @Actor
    public void writer() {
      for (IpPrefix prefix : prefixes) {
        table.insert(prefix, others);
      }
    }

    /** A loop. */
    @Actor
    public void reader(II_Result result) {
      result.r1 = Numbered.of(table.lookupV4(ADDRESS));
      result.r2 = Numbered.of(table.lookupV4(ADDRESS));
    }
  }

  /** A peer that comes, comes whole: whoever finds it sees what was written before. */
  @JCStressTest
  @Outcome(
      id = {"0", "7"},
      expect = ACCEPTABLE,
      desc = "not yet, or whole")
  @State
  public static class Arrival {
    private final AllowedIps<Numbered> table = new AllowedIps<>();

    /** The one that configures. */
    @Actor
    public void writer() {
      table.insert(ipv4(ADDRESS, 32), new Numbered(7));
    }

    /** A loop; -1 for a peer without what its maker wrote. */
    @Actor
    public void reader(I_Result result) {
      Numbered found = table.lookupV4(ADDRESS);
      result.r1 = found != null && found.list == null ? -1 : Numbered.of(found);
    }
  }
}
