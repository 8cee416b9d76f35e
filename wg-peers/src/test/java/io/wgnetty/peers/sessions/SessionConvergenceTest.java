package io.wgnetty.peers.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several nodes and a directory whose changes reach each of them late, but in one order: whatever
 * peers did, in the end each is at the node that it called last, and the directory says so.
 */
class SessionConvergenceTest {
  private static final int PEERS = 5;

  /** A change of the directory; the entry is {@code null} if the key is gone. */
  private record Change(PublicKey key, @Nullable SessionEntry entry) {}

  private final Map<PublicKey, SessionEntry> directory = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private final class Node implements SessionDuties {
    final String name;
    final SessionBook book;
    final Deque<Change> unheard = new ArrayDeque<>();
    final Map<PublicKey, Change> unwritten = new HashMap<>();

    Node(String name) {
      this.name = name;
      this.book = new SessionBook(name, this);
    }

    @Override
    public void write(PublicKey key, SessionEntry entry) {
      unwritten.put(key, new Change(key, entry));
    }

    @Override
    public void erase(PublicKey key, SessionEntry entry) {
      unwritten.put(key, new Change(key, null));
    }

    @Override
    public void arrived(PublicKey key) {}

    @Override
    public void departed(PublicKey key) {}

    @Override
    public void leave(PublicKey key) {
      assertThat(book.isHere(key)).isFalse();
    }

    void writeOne(SplittableRandom random) {
      List<PublicKey> keys = new ArrayList<>(unwritten.keySet());
      if (!keys.isEmpty()) {
        Change change =
            Objects.requireNonNull(unwritten.remove(keys.get(random.nextInt(keys.size()))));
        SessionEntry present = directory.get(change.key());
        boolean erases = change.entry() == null;
        if (!erases || (present != null && present.node().equals(name))) {
          apply(change);
        }
      }
    }

    void hearOne() {
      if (unheard.isEmpty()) {
        return;
      }
      Change change = unheard.remove();
      SessionEntry entry = change.entry();
      if (entry == null) {
        book.gone(change.key());
      } else {
        book.told(change.key(), entry);
      }
    }
  }

  private void apply(Change change) {
    SessionEntry entry = change.entry();
    if (entry == null) {
      directory.remove(change.key());
    } else {
      directory.put(change.key(), entry);
    }
    nodes.forEach(node -> node.unheard.add(change));
  }

  private static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    return PublicKey.of(bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void shouldAgreeInTheEnd(long seed) {
    var random = new SplittableRandom(seed);
    for (String name : List.of("a", "b", "c")) {
      nodes.add(new Node(name));
    }
    Map<PublicKey, Node> at = new HashMap<>();
    for (int round = 0; round < 5000; round++) {
      Node node = nodes.get(random.nextInt(nodes.size()));
      PublicKey key = key(random.nextInt(PEERS));
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          node.book.established(key, SessionBookTest.stamp(round + 1), round);
          at.put(key, node);
        }
        case 2 -> {
          // A session lasts longer than it takes to write that there is one, and to hear of others.
          boolean isSettled =
              !node.unwritten.containsKey(key)
                  && node.unheard.stream().noneMatch(change -> change.key().equals(key));
          if (isSettled) {
            node.book.ended(key);
            at.remove(key, node);
          }
        }
        case 3 -> { // a lease is over
          for (int i = 0; i < PEERS; i++) {
            SessionEntry entry = directory.get(key(i));
            if (entry != null && entry.node().equals(node.name)) {
              apply(new Change(key(i), null));
            }
          }
          node.book.writeAllAgain();
        }
        case 4, 5, 6, 7 -> node.writeOne(random);
        default -> node.hearOne();
      }
    }
    while (nodes.stream().anyMatch(node -> !node.unheard.isEmpty() || !node.unwritten.isEmpty())) {
      Node node = nodes.get(random.nextInt(nodes.size()));
      node.writeOne(random);
      node.hearOne();
    }
    for (int i = 0; i < PEERS; i++) {
      PublicKey key = key(i);
      Node last = at.get(key);
      for (Node node : nodes) {
        assertThat(node.book.isHere(key))
            .as("%s, seed %d", node.name, seed)
            .isEqualTo(node == last);
      }
      SessionEntry entry = directory.get(key);
      assertThat(entry == null ? null : entry.node()).isEqualTo(last == null ? null : last.name);
    }
  }
}
