package io.wgnetty.peers.source;

import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Somewhere that records come from. */
public interface PeerSource extends AutoCloseable {
  /**
   * Tells of all records, then of every change, until it is closed. A source that is away is tried
   * again and again.
   */
  void follow(SourceListener listener) throws InterruptedException;

  /** All records at one moment. */
  void list(Consumer<StoredRecord> taker) throws IOException, InterruptedException;

  /** The record of a key; {@code null} if there is none. Any thread, several at a time. */
  @Nullable StoredRecord lookUp(PublicKey key) throws IOException, InterruptedException;

  /** How many keys are best asked for together, if so many wait. Any thread. */
  default int keysAtOnce() {
    return 1;
  }

  /**
   * The records of several keys: what came of each, in their order. Any thread, several at a time.
   *
   * @param keys different ones, {@link #keysAtOnce} at most
   */
  default List<LookedUp> lookUp(List<PublicKey> keys) throws InterruptedException {
    List<LookedUp> all = new ArrayList<>();
    for (PublicKey key : keys) {
      try {
        all.add(LookedUp.known(key, lookUp(key)));
      } catch (IOException | RuntimeException e) {
        all.add(LookedUp.failed(key, e));
      }
    }
    return all;
  }

  /** For which key a record of this name is; {@code null} if names say nothing of that. */
  @Nullable PublicKey keyOf(String name);

  /**
   * Puts records in, each in the place of its key's record before. If that fails, some may be in.
   *
   * @param records as JSON, by their keys
   */
  void put(Map<PublicKey, String> records) throws IOException, InterruptedException;

  /** Something that lies beside the records: a secret. {@code null} if it is not there. */
  byte @Nullable [] beside(String name) throws IOException, InterruptedException;

  /** Whether it can tell of changes by itself; if not, what is in use is asked for again. */
  default boolean tells() {
    return true;
  }

  @Override
  void close();
}
