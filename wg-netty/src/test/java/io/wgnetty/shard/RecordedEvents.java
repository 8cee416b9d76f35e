package io.wgnetty.shard;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes down what it is told. */
public final class RecordedEvents implements ShardEvents {
  private final List<String> told = new ArrayList<>();
  private boolean samplesDrops;

  /** What was told since the last call. */
  public List<String> take() {
    List<String> taken = List.copyOf(told);
    told.clear();
    return taken;
  }

  public void sampleDrops() {
    samplesDrops = true;
  }

  private static String seconds(long ns) {
    return ns < 0 ? "never" : TimeUnit.NANOSECONDS.toSeconds(ns) + " s";
  }

  @Override
  public void handshakeBegun(Peer peer, HandshakeRole role) {
    told.add("begun " + role.word());
  }

  @Override
  public void handshakeRetransmitted(Peer peer, int attempt) {
    told.add("attempt " + attempt);
  }

  @Override
  public void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {
    told.add(
        "completed %s in %s after %s, attempts %d"
            .formatted(role.word(), seconds(durationNs), seconds(gapNs), attempts));
  }

  @Override
  public void handshakeFailed(
      @Nullable Peer peer, HandshakeRole role, DropReason reason, @Nullable Endpoint source) {
    told.add("failed " + role.word() + " " + reason.word() + " from " + source);
  }

  @Override
  public void handshakeGivenUp(Peer peer, int attempts) {
    told.add("given up after " + attempts);
  }

  @Override
  public void limitReached(Peer peer, DropReason reason) {
    told.add("limit reached: " + reason.word());
  }

  @Override
  public void rekeyed(Peer peer, HandshakeRole role, long oldSessionAgeNs) {
    told.add("rekeyed " + role.word() + " after " + seconds(oldSessionAgeNs));
  }

  @Override
  public void roamed(Peer peer, Endpoint from, Endpoint to) {
    told.add("roamed from " + from + " to " + to);
  }

  @Override
  public void cookieSent(Endpoint to) {
    told.add("cookie sent to " + to);
  }

  @Override
  public void cookieReceived(Peer peer) {
    told.add("cookie received");
  }

  @Override
  public void sessionExpired(Peer peer) {
    told.add("expired");
  }

  @Override
  public void loadBegan(int shard) {
    told.add("load began");
  }

  @Override
  public void loadEnded(int shard) {
    told.add("load ended");
  }

  @Override
  public boolean samplesDrops() {
    return samplesDrops;
  }

  @Override
  public void dropped(int shard, DropReason reason, int packets, @Nullable Peer peer) {
    told.add("dropped " + packets + " " + reason.word() + (peer == null ? "" : " of a peer"));
  }
}
