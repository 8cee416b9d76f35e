package io.wgnetty.peers.sessions;

import io.wgnetty.crypto.PublicKey;

/** What follows from where peers are. Called while a decision is made: each returns at once. */
public interface SessionDuties {
  /** The directory is to say this of a peer that is here. */
  void write(PublicKey key, SessionEntry entry);

  /** The directory is not to say this of a peer any more; if it says something else, that stays. */
  void erase(PublicKey key, SessionEntry entry);

  /** A peer is here. */
  void arrived(PublicKey key);

  /** A peer that was here is not any more; if it went to another node, {@link #leave} comes too. */
  void departed(PublicKey key);

  /** A peer is at another node by now: its sessions here are over. */
  void leave(PublicKey key);
}
