package io.wgnetty.observe;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.protocol.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who wants to know what happens to an interface's peers: the log and flight recordings.
 *
 * @param log told first; another listener may stand there, and this pair as the other
 * @param recording told then; it alone wants samples of drops
 */
public record NodeEvents(ShardEvents log, ShardEvents recording) implements ShardEvents {
  /** The listeners of an interface. */
  public static ShardEvents of(String interfaceName, PeerLabels labels, EventFeed feed) {
    return new NodeEvents(
        new NodeEvents(feed, new EventLog(interfaceName, labels)),
        new FlightRecording(interfaceName, labels));
  }

  @Override
  public void handshakeBegun(Peer peer, HandshakeRole role) {
    log.handshakeBegun(peer, role);
    recording.handshakeBegun(peer, role);
  }

  @Override
  public void handshakeRetransmitted(Peer peer, int attempt) {
    log.handshakeRetransmitted(peer, attempt);
    recording.handshakeRetransmitted(peer, attempt);
  }

  @Override
  public void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {
    log.handshakeCompleted(peer, role, durationNs, gapNs, attempts);
    recording.handshakeCompleted(peer, role, durationNs, gapNs, attempts);
  }

  @Override
  public void handshakeFailed(
      @Nullable Peer peer, HandshakeRole role, DropReason reason, @Nullable Endpoint source) {
    log.handshakeFailed(peer, role, reason, source);
    recording.handshakeFailed(peer, role, reason, source);
  }

  @Override
  public void handshakeGivenUp(Peer peer, int attempts) {
    log.handshakeGivenUp(peer, attempts);
    recording.handshakeGivenUp(peer, attempts);
  }

  @Override
  public void rekeyed(Peer peer, HandshakeRole role, long oldSessionAgeNs) {
    log.rekeyed(peer, role, oldSessionAgeNs);
    recording.rekeyed(peer, role, oldSessionAgeNs);
  }

  @Override
  public void roamed(Peer peer, Endpoint from, Endpoint to) {
    log.roamed(peer, from, to);
    recording.roamed(peer, from, to);
  }

  @Override
  public void movedByName(Peer peer, String name, Endpoint to) {
    log.movedByName(peer, name, to);
    recording.movedByName(peer, name, to);
  }

  @Override
  public void unknownKey(PublicKey key, Endpoint source) {
    log.unknownKey(key, source);
    recording.unknownKey(key, source);
  }

  @Override
  public void limitReached(Peer peer, DropReason reason) {
    log.limitReached(peer, reason);
    recording.limitReached(peer, reason);
  }

  @Override
  public void removed(Peer peer) {
    log.removed(peer);
    recording.removed(peer);
  }

  @Override
  public void cookieSent(Endpoint to) {
    log.cookieSent(to);
    recording.cookieSent(to);
  }

  @Override
  public void cookieReceived(Peer peer) {
    log.cookieReceived(peer);
    recording.cookieReceived(peer);
  }

  @Override
  public void sessionExpired(Peer peer) {
    log.sessionExpired(peer);
    recording.sessionExpired(peer);
  }

  @Override
  public void loadBegan(int shard) {
    log.loadBegan(shard);
    recording.loadBegan(shard);
  }

  @Override
  public void loadEnded(int shard) {
    log.loadEnded(shard);
    recording.loadEnded(shard);
  }

  @Override
  public boolean samplesDrops() {
    return recording.samplesDrops();
  }

  @Override
  public void dropped(int shard, DropReason reason, int packets, @Nullable Peer peer) {
    recording.dropped(shard, reason, packets, peer);
  }

  @Override
  public void offloadFellBack(int shard, String offload) {
    log.offloadFellBack(shard, offload);
    recording.offloadFellBack(shard, offload);
  }
}
