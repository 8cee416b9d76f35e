package io.wgnetty.crypto;

/**
 * Packets that are sealed or opened under one key in one call, given by their memory addresses.
 *
 * <p>Struct of arrays, filled and cleared over and over: nothing is allocated per packet. The run
 * owns none of the memory that it points to. Not thread-safe.
 */
public final class AeadRun {
  private final long[] sources;
  private final long[] destinations;
  private final long[] counters;
  private final int[] lengths;
  private final long[] headers;
  private final int[] headerLengths;
  private final boolean[] verified;
  private int size;

  public AeadRun(int capacity) {
    sources = new long[capacity];
    destinations = new long[capacity];
    counters = new long[capacity];
    lengths = new int[capacity];
    headers = new long[capacity];
    headerLengths = new int[capacity];
    verified = new boolean[capacity];
  }

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  public int capacity() {
    return sources.length;
  }

  /**
   * Takes one more packet, not yet verified.
   *
   * @param sourceAddress where the packet's first byte lies
   * @param destinationAddress where the result goes: equal to the source, or memory that does not
   *     overlap with it. Sealing writes {@link Aead#TAG_BYTES} more than it reads, opening as many
   *     less.
   * @param lengthBytes bytes at the source: the plaintext's to seal, the ciphertext's and its tag's
   *     to open
   * @param counter the 64-bit nonce
   */
  public void add(long sourceAddress, long destinationAddress, int lengthBytes, long counter) {
    int index = size;
    sources[index] = sourceAddress;
    destinations[index] = destinationAddress;
    lengths[index] = lengthBytes;
    headerLengths[index] = 0;
    counters[index] = counter;
    verified[index] = false;
    size = index + 1;
  }

  /**
   * Takes one more packet to seal, whose first bytes lie elsewhere. They are put at its source
   * right before it is sealed and not earlier: where packets lie without gaps, the place still
   * belongs to the packet before.
   *
   * @param headerAddress where the first bytes lie
   * @param headerBytes how many; part of the length
   */
  public void add(
      long headerAddress,
      int headerBytes,
      long sourceAddress,
      long destinationAddress,
      int lengthBytes,
      long counter) {
    int index = size;
    add(sourceAddress, destinationAddress, lengthBytes, counter);
    headers[index] = headerAddress;
    headerLengths[index] = headerBytes;
  }

  /** Whether the packet's first bytes lie elsewhere, until they are put in their place. */
  public boolean hasHeader(int index) {
    return headerLengths[index] > 0;
  }

  /** Puts the packet's first bytes in their place: a provider's first step in sealing it. */
  public void placeHeader(int index) {
    int lengthBytes = headerLengths[index];
    if (lengthBytes > 0) {
      Memory.copy(headers[index], sources[index], lengthBytes);
    }
  }

  public boolean isFull() {
    return size == sources.length;
  }

  /** Whether the packet's tag was right when the run was opened. */
  public boolean verified(int index) {
    return verified[index];
  }

  public void setVerified(int index, boolean value) {
    verified[index] = value;
  }

  public long source(int index) {
    return sources[index];
  }

  public long destination(int index) {
    return destinations[index];
  }

  public long counter(int index) {
    return counters[index];
  }

  public int length(int index) {
    return lengths[index];
  }
}
