package io.wgnetty.observe;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who is there. A peer is gone when nothing was heard of it for three minutes: a session lives no
 * longer, and who has a persistent keepalive is heard within two.
 *
 * <p>A peer without one may be silent because it has nothing to say. One that comes back by itself
 * is therefore given twice the time from then on, up to a day: so it does not come and go all the
 * time. It is given three minutes again once it was heard for an hour without such a pause, and
 * whenever it was called and did not answer. Has one thread.
 */
public final class Presence {
  /** System property: after how many silent seconds a peer is gone. For tests. */
  private static final String GONE_SECONDS = "wgnetty.goneSeconds";

  /** The lifetime of a session (protocol 1.3). */
  static final long GONE_NS = TimeUnit.MINUTES.toNanos(3);

  static final long MOST_PATIENCE_NS = TimeUnit.DAYS.toNanos(1);

  /** Who is heard for so long without a pause is not one that has nothing to say. */
  static final long STEADY_NS = TimeUnit.HOURS.toNanos(1);

  /**
   * A change of a peer.
   *
   * @param kind {@link NodeEvent#CONNECTED}, {@link NodeEvent#BACK} or {@link NodeEvent#GONE}
   * @param silentNs for how long nothing came from it
   */
  public record Change(PublicKey key, String kind, long silentNs) {}

  /** What is known of a peer that was connected at some time. */
  private static final class State {
    private boolean gone;
    private long heardNs;
    private long patienceNs;
    private long steadySinceNs;

    /** Since when it owes an answer. */
    private boolean unanswered;

    private long unansweredNs;
    private boolean failureTold;

    private State(long heardNs, long patienceNs, long nowNs) {
      this.heardNs = heardNs;
      this.patienceNs = patienceNs;
      this.steadySinceNs = nowNs;
    }

    private void heard(long atNs) {
      heardNs = Math.max(heardNs, atNs);
      if (unanswered && atNs > unansweredNs) {
        unanswered = false;
        failureTold = false;
      }
    }
  }

  private final long goneNs;
  private final Map<PublicKey, State> peers = new HashMap<>();

  /** Who was called in vain and was never connected. */
  private final Set<PublicKey> neverReached = new HashSet<>();

  /**
   * @param goneNs for how long nothing is to be heard of one that is gone
   */
  Presence(long goneNs) {
    this.goneNs = goneNs;
  }

  /** Of this process: whoever asks hears the same. */
  public static Presence usual() {
    return new Presence(goneNs());
  }

  static long goneNs() {
    Integer seconds = Integer.getInteger(GONE_SECONDS);
    return seconds == null || seconds < 1 ? GONE_NS : TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Peers as they are found; nobody is told of them. */
  void begin(List<PeerTraffic> all, long nowNs) {
    for (PeerTraffic peer : all) {
      if (peer.heardAgoNs() >= 0) {
        State state = new State(nowNs - peer.heardAgoNs(), goneNs, nowNs);
        state.gone = peer.heardAgoNs() >= goneNs;
        peers.put(peer.publicKey(), state);
      }
    }
  }

  boolean isConnected(PublicKey key) {
    State state = peers.get(key);
    return state != null && !state.gone;
  }

  /** A handshake is complete, which says that the peer was heard. {@code null} is no change. */
  @Nullable Change completed(PublicKey key, long nowNs) {
    State state = peers.get(key);
    boolean unusedReached = neverReached.remove(key);
    if (state == null) {
      peers.put(key, new State(nowNs, goneNs, nowNs));
      return new Change(key, NodeEvent.CONNECTED, 0);
    }
    long silentNs = nowNs - state.heardNs;
    state.heard(nowNs);
    state.failureTold = false;
    return state.gone ? back(key, state, silentNs, nowNs) : null;
  }

  private static Change back(PublicKey key, State state, long silentNs, long nowNs) {
    state.gone = false;
    state.steadySinceNs = nowNs;
    return new Change(key, NodeEvent.BACK, silentNs);
  }

  /**
   * The peer was called and did not answer.
   *
   * @return whether that is news
   */
  boolean unanswered(PublicKey key, long nowNs) {
    State state = peers.get(key);
    if (state == null) {
      return neverReached.add(key);
    }
    if (!state.unanswered) {
      state.unanswered = true;
      state.unansweredNs = nowNs;
    }
    boolean news = !state.failureTold;
    state.failureTold = true;
    return news;
  }

  /** Looks at all peers. */
  public List<Change> look(List<PeerTraffic> all, long nowNs) {
    List<Change> changes = new ArrayList<>();
    for (PeerTraffic peer : all) {
      if (peer.heardAgoNs() >= 0) {
        look(peer.publicKey(), nowNs - peer.heardAgoNs(), nowNs, changes);
      }
    }
    forgetAllBut(all);
    return changes;
  }

  private void look(PublicKey key, long heardNs, long nowNs, List<Change> changes) {
    State state = peers.get(key);
    long silentNs = nowNs - heardNs;
    if (state == null) {
      state = new State(heardNs, goneNs, nowNs);
      state.gone = silentNs >= goneNs;
      peers.put(key, state);
      if (!state.gone) {
        changes.add(new Change(key, NodeEvent.CONNECTED, 0));
      }
      return;
    }
    long silentBeforeNs = heardNs - state.heardNs;
    state.heard(heardNs);
    if (state.gone) {
      if (silentNs < goneNs && silentBeforeNs > 0) {
        changes.add(back(key, state, silentBeforeNs, nowNs));
      }
      return;
    }
    measurePatience(state, silentNs, nowNs);
    if (silentNs >= (state.unanswered ? goneNs : state.patienceNs)) {
      state.gone = true;
      if (!state.unanswered) {
        state.patienceNs = Math.min(2 * state.patienceNs, MOST_PATIENCE_NS);
      }
      changes.add(new Change(key, NodeEvent.GONE, silentNs));
    }
  }

  private void measurePatience(State state, long silentNs, long nowNs) {
    if (silentNs >= goneNs) {
      state.steadySinceNs = nowNs;
    } else if (nowNs - state.steadySinceNs >= STEADY_NS) {
      state.patienceNs = goneNs;
    }
  }

  /** A peer is no longer one; if it is added again it was never there. */
  public void forget(PublicKey key) {
    peers.remove(key);
    boolean unusedCalled = neverReached.remove(key);
  }

  private void forgetAllBut(List<PeerTraffic> all) {
    if (!peers.isEmpty() || !neverReached.isEmpty()) {
      Set<PublicKey> present = new HashSet<>(2 * all.size());
      all.forEach(peer -> present.add(peer.publicKey()));
      peers.keySet().retainAll(present);
      neverReached.retainAll(present);
    }
  }
}
