package io.wgnetty.pipeline;

import io.netty.buffer.ByteBufAllocator;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.PacketBatch;
import io.wgnetty.tun.PacketBatchPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A batch of packets on their way through a chain, with what the stages find out about each: peer,
 * session, counter, endpoint, and the verdict.
 *
 * <p>A stage that wants a packet to go no further gives it a reason; later stages pass over it, and
 * the last one counts. Not thread-safe, like the batch it is.
 */
public final class TunnelBatch extends PacketBatch {
  private final @Nullable Peer[] peers = new @Nullable Peer[CAPACITY];
  private final @Nullable Session[] sessions = new @Nullable Session[CAPACITY];
  private final long[] counters = new long[CAPACITY];
  private final @Nullable Endpoint[] endpoints = new @Nullable Endpoint[CAPACITY];
  private final @Nullable DropReason[] reasons = new @Nullable DropReason[CAPACITY];
  private final boolean[] finished = new boolean[CAPACITY];
  private final byte[] trafficClasses = new byte[CAPACITY];
  private boolean dropped;

  public TunnelBatch(ByteBufAllocator allocator, PacketBatchPool<TunnelBatch> pool) {
    super(allocator, pool);
  }

  /** A batch whose slab is laid out by its reader. */
  public TunnelBatch(ByteBufAllocator allocator, PacketBatchPool<TunnelBatch> pool, int slabBytes) {
    super(allocator, pool, slabBytes);
  }

  /** Copies a packet of another batch, with what is known of it but its session. */
  void addCopy(TunnelBatch from, int index) {
    int length = from.length(index);
    bytes().put(nextOffset(), from.bytes(), from.offset(index), length);
    int copy = add(length);
    setSegments(copy, from.headerBytes(index), from.segmentBytes(index));
    peers[copy] = from.peers[index];
    endpoints[copy] = from.endpoints[index];
    trafficClasses[copy] = from.trafficClasses[index];
  }

  /** Whether stages still have to do with this packet. */
  public boolean isLive(int index) {
    return !finished[index];
  }

  /** The packet goes no further, for this reason. */
  public void drop(int index, DropReason reason) {
    reasons[index] = reason;
    dropped = true;
    finish(index);
  }

  /**
   * The packet goes no further, because it has reached its end: it was handed on or was only meant
   * for us.
   */
  public void finish(int index) {
    finished[index] = true;
    setBounds(index, offset(index), 0);
  }

  /** Why the packet was dropped, if it was. */
  public @Nullable DropReason reason(int index) {
    return reasons[index];
  }

  /** Counts every verdict of this batch. The last stage calls it, once. */
  public void countDrops(PeerShard shard) {
    if (!dropped) {
      return;
    }
    for (int i = 0; i < size(); i++) {
      DropReason reason = reasons[i];
      if (reason != null) {
        shard.countDrop(reason, knownPeer(i));
      }
    }
    if (shard.events().samplesDrops()) {
      sampleDrops(shard);
    }
  }

  /** Tells of the first reason in this batch: that is sample enough. */
  private void sampleDrops(PeerShard shard) {
    DropReason sampled = null;
    Peer peer = null;
    int packets = 0;
    for (int i = 0; i < size(); i++) {
      if (sampled == null && reasons[i] != null) {
        sampled = reasons[i];
        peer = knownPeer(i);
      }
      packets += sampled != null && reasons[i] == sampled ? 1 : 0;
    }
    if (sampled != null) {
      shard.events().dropped(shard.number(), sampled, packets, peer);
    }
  }

  /** Whose packet a stage found it to be, if one did. */
  @Nullable Peer knownPeer(int index) {
    Session session = sessions[index];
    return session == null ? peers[index] : session.peer();
  }

  public @Nullable Peer peer(int index) {
    return peers[index];
  }

  public void setPeer(int index, Peer peer) {
    peers[index] = peer;
  }

  /** The session of a live packet, once a stage has found it. */
  public Session session(int index) {
    Session session = sessions[index];
    if (session == null) {
      throw new IllegalStateException("no stage has found the session of packet " + index);
    }
    return session;
  }

  public long counter(int index) {
    return counters[index];
  }

  public void setSession(int index, Session session, long counter) {
    sessions[index] = session;
    counters[index] = counter;
  }

  /** Where a datagram came from. */
  public Endpoint source(int index) {
    Endpoint endpoint = endpoints[index];
    if (endpoint == null) {
      throw new IllegalStateException("packet " + index + " did not come from the network");
    }
    return endpoint;
  }

  public void setSource(int index, Endpoint endpoint) {
    endpoints[index] = endpoint;
  }

  /** The TOS or traffic class that a datagram came with. */
  public int trafficClass(int index) {
    return Byte.toUnsignedInt(trafficClasses[index]);
  }

  public void setTrafficClass(int index, int trafficClass) {
    trafficClasses[index] = (byte) trafficClass;
  }

  @Override
  public void clear() {
    int size = size();
    dropped = false;
    Arrays.fill(peers, 0, size, null);
    Arrays.fill(sessions, 0, size, null);
    Arrays.fill(endpoints, 0, size, null);
    Arrays.fill(reasons, 0, size, null);
    Arrays.fill(finished, 0, size, false);
    Arrays.fill(trafficClasses, 0, size, (byte) 0);
    super.clear();
  }
}
