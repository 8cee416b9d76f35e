package io.wgnetty.peers.sessions;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which peers have a session with this node, and what the directory says of all.
 *
 * <p>A peer is at the node that it called last. Its own timestamps say which call that was: each is
 * greater than the one before, whichever node it reaches. Only where they are equal, because a node
 * called the peer, the order of changes in the directory decides. Every node decides by the same
 * changes in the same order, so in the end a peer is at one.
 */
public final class SessionBook {
  /** A peer that is here. */
  private static final class Here {
    SessionEntry written;

    /** The greatest timestamp of all, also of sessions that followed. */
    byte @Nullable [] timestamp;

    /** Whether the directory has told us of what was written. */
    boolean seen;

    Here(SessionEntry written) {
      this.written = written;
      this.timestamp = written.timestamp();
    }
  }

  private final String node;
  private final SessionDuties duties;
  private final Map<PublicKey, Here> here = new HashMap<>();
  private final Map<PublicKey, SessionEntry> told = new HashMap<>();
  private @Nullable Set<PublicKey> listed;
  private int elsewhere;

  /** No peers yet. */
  public SessionBook(String node, SessionDuties duties) {
    this.node = node;
    this.duties = duties;
  }

  /**
   * A peer and this node have a session: the first, or one that follows, which is nobody's business
   * but ours.
   *
   * @param timestamp the greatest with which it called us; {@code null} if it never did
   * @param now seconds since 1970
   */
  public void established(PublicKey key, byte @Nullable [] timestamp, long now) {
    Here known = here.get(key);
    if (known != null) {
      known.timestamp = greater(known.timestamp, timestamp);
      return;
    }
    SessionEntry before = told.get(key);
    byte[] greatest = greater(timestamp, before == null ? null : before.timestamp());
    here.put(key, write(key, greatest, now));
    duties.arrived(key);
  }

  private static byte @Nullable [] greater(byte @Nullable [] a, byte @Nullable [] b) {
    return SessionEntry.compare(a, b) >= 0 ? a : b;
  }

  private Here write(PublicKey key, byte @Nullable [] timestamp, long since) {
    var entry = new SessionEntry(node, since, timestamp);
    duties.write(key, entry);
    return new Here(entry);
  }

  /** The peer's session with this node is over, or the peer is removed. */
  public void ended(PublicKey key) {
    Here gone = here.remove(key);
    if (gone != null) {
      duties.erase(key, gone.written);
      duties.departed(key);
    }
  }

  /** All that the directory says follows; what does not is not there any more. */
  public void beginListing() {
    listed = new HashSet<>();
  }

  /** That was all. */
  public void endListing() {
    Set<PublicKey> all = listed;
    listed = null;
    if (all != null) {
      List<PublicKey> missing = new ArrayList<>(told.keySet());
      missing.addAll(here.keySet());
      missing.removeIf(all::contains);
      missing.forEach(this::gone);
    }
  }

  /** The directory says this of a peer now. */
  public void told(PublicKey key, SessionEntry entry) {
    if (listed != null) {
      listed.add(key);
    }
    SessionEntry before = told.put(key, entry);
    elsewhere += isElsewhere(entry) - isElsewhere(before);
    Here mine = here.get(key);
    if (entry.node().equals(node)) {
      toldOfUs(key, entry, mine);
    } else if (mine != null) {
      toldOfAnother(key, entry, mine);
    }
  }

  private int isElsewhere(@Nullable SessionEntry entry) {
    return entry == null || entry.node().equals(node) ? 0 : 1;
  }

  private void toldOfUs(PublicKey key, SessionEntry entry, @Nullable Here mine) {
    if (mine == null) {
      duties.erase(key, entry); // of a run of this node before, or overtaken
    } else if (mine.written.equals(entry)) {
      mine.seen = true;
    }
  }

  private void toldOfAnother(PublicKey key, SessionEntry entry, Here mine) {
    int compared = SessionEntry.compare(mine.timestamp, entry.timestamp());
    if (compared > 0) {
      // It called us after that; the other node will see so.
      here.put(key, write(key, mine.timestamp, mine.written.since()));
    } else if (compared < 0 || mine.seen) {
      here.remove(key);
      duties.departed(key);
      duties.leave(key);
    } // else what we wrote comes later, and stands then
  }

  /** The directory says nothing of a peer any more. */
  public void gone(PublicKey key) {
    SessionEntry before = told.remove(key);
    elsewhere -= isElsewhere(before);
    Here mine = here.get(key);
    if (mine != null && (mine.seen || before == null)) {
      here.put(key, write(key, mine.timestamp, mine.written.since()));
    }
  }

  /** Everything that was written is lost. */
  public void writeAllAgain() {
    here.replaceAll((key, mine) -> write(key, mine.timestamp, mine.written.since()));
  }

  /** Whether a peer has a session with this node. */
  public boolean isHere(PublicKey key) {
    return here.containsKey(key);
  }

  /** The peers that have one. */
  public List<PublicKey> present() {
    return List.copyOf(here.keySet());
  }

  /** How many have. */
  public int hereCount() {
    return here.size();
  }

  /** How many are at other nodes. */
  public int elsewhereCount() {
    return elsewhere;
  }

  /** What the directory says of all. */
  public Map<PublicKey, SessionEntry> toldOf() {
    return Map.copyOf(told);
  }
}
