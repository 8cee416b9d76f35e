package io.wgnetty.peers.call;

import static io.wgnetty.peers.call.HashChains.NONE;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Which peer an address belongs to, of peers that are not installed: their keys and prefixes and
 * nothing else, in flat arrays. A record is {@code 32 + 8 + 4 + 4} bytes and a prefix {@code 16 + 2
 * + 4 + 4 + 4}, each with 4 to 8 for its chain, and up to a quarter more for room to grow.
 *
 * <p>One thread writes. Any thread finds, and waits for nothing: it finds nobody while the writer
 * is in the middle of something.
 */
public final class SleeperIndex {
  private static final int IPV6 = 1 << 8;
  private static final int LENGTHS = 129;
  private static final int FIRST_CAPACITY = 16;

  private final StampedLock lock = new StampedLock();

  private final HashChains records = new HashChains(this::recordHash);
  private byte[] keys = new byte[FIRST_CAPACITY * PublicKey.BYTES];
  private long[] orders = new long[FIRST_CAPACITY];
  private int[] firstPrefixes = new int[FIRST_CAPACITY];

  private final HashChains prefixes = new HashChains(this::prefixHash);
  private long[] highs = new long[FIRST_CAPACITY];
  private long[] lows = new long[FIRST_CAPACITY];
  private short[] lengths = new short[FIRST_CAPACITY];
  private int[] owners = new int[FIRST_CAPACITY];
  private int[] nextOfOwner = new int[FIRST_CAPACITY];

  /** How many prefixes have a length: those of IPv4, then those of IPv6. */
  private final int[] inUse = new int[2 * LENGTHS];

  /**
   * Puts a record in, in the place of the key's record before.
   *
   * @param order of two records with one prefix, the one with the lower has it
   */
  public void put(PublicKey key, long order, List<IpPrefix> allowedIps) {
    long stamp = lock.writeLock();
    try {
      removeLocked(key);
      int record = takeRecord(key, order);
      for (IpPrefix prefix : allowedIps) {
        addPrefix(record, prefix);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Takes a key's record out, if there is one. */
  public void remove(PublicKey key) {
    long stamp = lock.writeLock();
    try {
      removeLocked(key);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private int takeRecord(PublicKey key, long order) {
    int record = records.take();
    if (record == orders.length) {
      int length = HashChains.grown(record);
      keys = Arrays.copyOf(keys, length * PublicKey.BYTES);
      orders = Arrays.copyOf(orders, length);
      firstPrefixes = Arrays.copyOf(firstPrefixes, length);
    }
    key.copyTo(keys, record * PublicKey.BYTES);
    orders[record] = order;
    firstPrefixes[record] = NONE;
    records.link(record);
    return record;
  }

  private void addPrefix(int record, IpPrefix prefix) {
    int number = prefixes.take();
    if (number == highs.length) {
      int length = HashChains.grown(number);
      highs = Arrays.copyOf(highs, length);
      lows = Arrays.copyOf(lows, length);
      lengths = Arrays.copyOf(lengths, length);
      owners = Arrays.copyOf(owners, length);
      nextOfOwner = Arrays.copyOf(nextOfOwner, length);
    }
    highs[number] = prefix.high();
    lows[number] = prefix.low();
    lengths[number] = (short) (prefix.length() | (prefix.isIpv6() ? IPV6 : 0));
    owners[number] = record;
    nextOfOwner[number] = firstPrefixes[record];
    firstPrefixes[record] = number;
    prefixes.link(number);
    inUse[slot(prefix.isIpv6(), prefix.length())]++;
  }

  private void removeLocked(PublicKey key) {
    int record = records.first(key.hashCode());
    while (record != NONE && !key(record).equals(key)) {
      record = records.next(record);
    }
    if (record == NONE) {
      return;
    }
    for (int number = firstPrefixes[record]; number != NONE; number = nextOfOwner[number]) {
      inUse[slot((lengths[number] & IPV6) != 0, lengths[number] & IPV6 - 1)]--;
      prefixes.unlink(number);
    }
    records.unlink(record);
  }

  /** Whose the address is, by the longest prefix; {@code null} if nobody's. */
  public @Nullable PublicKey find(boolean isIpv6, long high, long low) {
    long stamp = lock.tryReadLock();
    if (stamp == 0) {
      return null;
    }
    try {
      for (int length = isIpv6 ? 128 : 32; length >= 0; length--) {
        if (inUse[slot(isIpv6, length)] > 0) {
          int record = owner(new IpPrefix(isIpv6, high, low, length));
          if (record != NONE) {
            return key(record);
          }
        }
      }
      return null;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** The record that has the better right to a prefix; {@link HashChains#NONE} if none has it. */
  private int owner(IpPrefix prefix) {
    int length = prefix.length() | (prefix.isIpv6() ? IPV6 : 0);
    int best = NONE;
    for (int number = prefixes.first(hash(prefix.high(), prefix.low(), length));
        number != NONE;
        number = prefixes.next(number)) {
      if (highs[number] == prefix.high()
          && lows[number] == prefix.low()
          && lengths[number] == length
          && (best == NONE || isBefore(owners[number], best))) {
        best = owners[number];
      }
    }
    return best;
  }

  private boolean isBefore(int record, int other) {
    return orders[record] != orders[other]
        ? orders[record] < orders[other]
        : key(record).toBase64().compareTo(key(other).toBase64()) < 0;
  }

  /** How many records there are. The writer's thread. */
  public int size() {
    return records.size();
  }

  private PublicKey key(int record) {
    return PublicKey.of(keys, record * PublicKey.BYTES);
  }

  private static int slot(boolean isIpv6, int length) {
    return isIpv6 ? LENGTHS + length : length;
  }

  private int recordHash(int record) {
    return key(record).hashCode();
  }

  private int prefixHash(int number) {
    return hash(highs[number], lows[number], lengths[number]);
  }

  private static int hash(long high, long low, int length) {
    return Long.hashCode((high * 31 + low) * 0x9e37_79b9_7f4a_7c15L + length);
  }
}
