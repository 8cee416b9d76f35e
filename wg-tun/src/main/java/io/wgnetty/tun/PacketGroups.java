package io.wgnetty.tun;

/**
 * The packets of one batch in groups, each of which is one write: struct of arrays, in the order in
 * which the groups were opened. A group has one packet at least and is a chain of packet numbers.
 */
final class PacketGroups {
  static final int NONE = -1;

  private final int[] firsts = new int[PacketBatch.CAPACITY];
  private final int[] lasts = new int[PacketBatch.CAPACITY];
  private final int[] counts = new int[PacketBatch.CAPACITY];
  private final int[] totalBytes = new int[PacketBatch.CAPACITY];
  private final FlowKind[] kinds = new FlowKind[PacketBatch.CAPACITY];
  private final int[] headerBytes = new int[PacketBatch.CAPACITY];
  private final int[] segmentBytes = new int[PacketBatch.CAPACITY];
  private final boolean[] open = new boolean[PacketBatch.CAPACITY];
  private final boolean[] verified = new boolean[PacketBatch.CAPACITY];
  private final int[] following = new int[PacketBatch.CAPACITY];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /** Opens a group that nobody may join; returns its number. */
  int add(int packet, int length) {
    int group = size++;
    firsts[group] = packet;
    lasts[group] = packet;
    counts[group] = 1;
    totalBytes[group] = length;
    following[packet] = NONE;
    open[group] = false;
    return group;
  }

  /** Lets packets join that look like the first. */
  void setOpen(int group, FlowKind kind, int headerBytes) {
    kinds[group] = kind;
    this.headerBytes[group] = headerBytes;
    segmentBytes[group] = totalBytes[group] - headerBytes;
    open[group] = true;
    verified[group] = false;
  }

  void close(int group) {
    open[group] = false;
  }

  /** Puts a packet behind the last one. */
  void append(int group, int packet, int payloadBytes) {
    following[lasts[group]] = packet;
    following[packet] = NONE;
    lasts[group] = packet;
    counts[group]++;
    totalBytes[group] += payloadBytes;
  }

  boolean isOpen(int group) {
    return open[group];
  }

  /** Whether the checksums of the first packet were found right. */
  boolean isVerified(int group) {
    return verified[group];
  }

  void setVerified(int group) {
    verified[group] = true;
  }

  int first(int group) {
    return firsts[group];
  }

  int last(int group) {
    return lasts[group];
  }

  /** The packet behind a packet of the same group, or {@link #NONE}. */
  int following(int packet) {
    return following[packet];
  }

  int count(int group) {
    return counts[group];
  }

  /** Bytes of the first packet and of the payloads of the others. */
  int totalBytes(int group) {
    return totalBytes[group];
  }

  FlowKind kind(int group) {
    return kinds[group];
  }

  int headerBytes(int group) {
    return headerBytes[group];
  }

  /** Bytes of payload in the first packet, and in every packet but the last. */
  int segmentBytes(int group) {
    return segmentBytes[group];
  }
}
