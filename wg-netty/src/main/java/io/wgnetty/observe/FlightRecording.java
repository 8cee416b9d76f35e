package io.wgnetty.observe;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.protocol.Endpoint;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Brings an interface's events into the flight recordings of this process. As long as there never
 * was a recording, none of the recorder's classes is even loaded but the one that says so.
 */
public final class FlightRecording implements ShardEvents {
  /** What a recording shows as no duration at all. */
  private static final long NOTHING = Long.MIN_VALUE;

  private final String interfaceName;
  private final PeerLabels labels;

  public FlightRecording(String interfaceName, PeerLabels labels) {
    this.interfaceName = interfaceName;
    this.labels = labels;
  }

  private static boolean isOff() {
    return !FlightRecorder.isInitialized();
  }

  /**
   * Commits an event. That it may be any object is for the sake of the start: with its own type as
   * the parameter's, all kinds of events would be loaded when this class is verified, and that is
   * at each start, since the start-up cache takes no events.
   */
  private void commit(Object event) {
    var ours = (FlightEvents.NodeEvent) event;
    ours.interfaceName = interfaceName;
    ours.commit();
  }

  /** The same for events about a peer. */
  private void commit(Object event, @Nullable Peer peer) {
    var ours = (FlightEvents.PeerEvent) event;
    if (peer != null) {
      ours.peer = PeerLabels.shortForm(peer.publicKey());
      ours.label = labels.get(peer.publicKey());
    }
    commit(ours);
  }

  @Override
  public void handshakeBegun(Peer peer, HandshakeRole role) {
    begun(peer, role, role == HandshakeRole.INITIATED ? 1 : 0);
  }

  @Override
  public void handshakeRetransmitted(Peer peer, int attempt) {
    begun(peer, HandshakeRole.INITIATED, attempt);
  }

  private void begun(Peer peer, HandshakeRole role, int attempt) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.HandshakeBegun();
    if (event.shouldCommit()) {
      event.role = role.word();
      event.attempt = attempt;
      commit(event, peer);
    }
  }

  @Override
  public void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.HandshakeCompleted();
    if (event.shouldCommit()) {
      event.role = role.word();
      event.attempts = attempts;
      event.elapsed = durationNs;
      event.sinceLast = gapNs < 0 ? NOTHING : gapNs;
      commit(event, peer);
    }
  }

  @Override
  public void handshakeFailed(
      @Nullable Peer peer, HandshakeRole role, DropReason reason, @Nullable Endpoint source) {
    failed(peer, role, reason.word(), source);
  }

  @Override
  public void handshakeGivenUp(Peer peer, int attempts) {
    failed(peer, HandshakeRole.INITIATED, "given-up", null);
  }

  private void failed(
      @Nullable Peer peer, HandshakeRole role, String reason, @Nullable Endpoint source) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.HandshakeFailed();
    if (event.shouldCommit()) {
      event.role = role.word();
      event.reason = reason;
      event.source = source == null ? null : source.withoutLocal().toString();
      commit(event, peer);
    }
  }

  @Override
  public void rekeyed(Peer peer, HandshakeRole role, long oldSessionAgeNs) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.Rekey();
    if (event.shouldCommit()) {
      event.role = role.word();
      event.oldSessionAge = oldSessionAgeNs;
      commit(event, peer);
    }
  }

  @Override
  public void sessionExpired(Peer peer) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.SessionExpired();
    if (event.shouldCommit()) {
      commit(event, peer);
    }
  }

  @Override
  public void roamed(Peer peer, Endpoint from, Endpoint to) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.Roam();
    if (event.shouldCommit()) {
      event.from = from.withoutLocal().toString();
      event.to = to.withoutLocal().toString();
      commit(event, peer);
    }
  }

  @Override
  public void cookieSent(Endpoint to) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.CookieSent();
    if (event.shouldCommit()) {
      event.destination = to.withoutLocal().toString();
      commit(event);
    }
  }

  @Override
  public void cookieReceived(Peer peer) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.CookieReceived();
    if (event.shouldCommit()) {
      commit(event, peer);
    }
  }

  @Override
  public void loadBegan(int shard) {
    load(shard, true);
  }

  @Override
  public void loadEnded(int shard) {
    load(shard, false);
  }

  private void load(int shard, boolean underLoad) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.Load();
    if (event.shouldCommit()) {
      event.loop = shard;
      event.underLoad = underLoad;
      commit(event);
    }
  }

  @Override
  public boolean samplesDrops() {
    return !isOff() && new FlightEvents.DropSample().isEnabled();
  }

  @Override
  public void dropped(int shard, DropReason reason, int packets, @Nullable Peer peer) {
    var event = new FlightEvents.DropSample();
    if (event.shouldCommit()) {
      event.loop = shard;
      event.chain = reason.stage().chain().word();
      event.stage = reason.stage().word();
      event.reason = reason.word();
      event.packets = packets;
      commit(event, peer);
    }
  }

  @Override
  public void offloadFellBack(int shard, String offload) {
    if (isOff()) {
      return;
    }
    var event = new FlightEvents.OffloadFallback();
    if (event.shouldCommit()) {
      event.loop = shard;
      event.offload = offload;
      commit(event);
    }
  }
}
