package io.wgnetty.peers.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one node decides. */
class SessionBookTest {
  private static final PublicKey KEY = PublicKey.of(new byte[PublicKey.BYTES]);

  private final List<String> done = new ArrayList<>();
  private final SessionBook book =
      new SessionBook(
          "a",
          new SessionDuties() {
            @Override
            public void write(PublicKey key, SessionEntry entry) {
              done.add("write " + entry.since());
            }

            @Override
            public void erase(PublicKey key, SessionEntry entry) {
              done.add("erase " + entry.since());
            }

            @Override
            public void arrived(PublicKey key) {
              done.add("arrived");
            }

            @Override
            public void departed(PublicKey key) {
              done.add("departed");
            }

            @Override
            public void leave(PublicKey key) {
              done.add("leave");
            }
          });

  static byte[] stamp(int number) {
    return Tai64n.whitened(number * 1_000_000_000L);
  }

  private void expect(String... words) {
    assertThat(done).containsExactly(words);
    done.clear();
  }

  private void told(String node, long since, byte @Nullable [] timestamp) {
    book.told(KEY, new SessionEntry(node, since, timestamp));
  }

  @Test
  void shouldWriteWhenAPeerAppearsAndNeverAtARekey() {
    book.established(KEY, stamp(1), 100);
    expect("write 100", "arrived");
    told("a", 100, stamp(1));
    book.established(KEY, stamp(2), 220);
    book.established(KEY, stamp(3), 340);
    expect();
    assertThat(book.isHere(KEY)).isTrue();
    assertThat(book.hereCount()).isEqualTo(1);
    assertThat(book.elsewhereCount()).isZero();
  }

  @Test
  void shouldTakeBackWhatItWroteWhenTheSessionIsOver() {
    book.established(KEY, stamp(1), 100);
    told("a", 100, stamp(1));
    expect("write 100", "arrived");
    book.ended(KEY);
    book.ended(KEY);
    expect("erase 100", "departed");
    book.gone(KEY);
    expect();
  }

  @Test
  void shouldLetGoOfAPeerThatCalledAnotherNodeLater() {
    book.established(KEY, stamp(1), 100);
    told("a", 100, stamp(1));
    done.clear();
    told("b", 150, stamp(2));
    expect("departed", "leave");
    assertThat(book.elsewhereCount()).isEqualTo(1);
    book.gone(KEY);
    expect();
    assertThat(book.elsewhereCount()).isZero();
  }

  @Test
  void shouldInsistIfThePeerCalledHereLater() {
    book.established(KEY, stamp(1), 100);
    told("a", 100, stamp(1));
    book.established(KEY, stamp(9), 220); // a rekey, of which nobody was told
    done.clear();
    told("b", 150, stamp(5));
    expect("write 100");
    assertThat(book.isHere(KEY)).isTrue();
  }

  @Test
  void shouldLetTheOrderOfChangesDecideWhereNobodyWasCalled() {
    told("b", 50, stamp(4));
    book.established(KEY, null, 100); // we called it; the timestamp that is known goes on
    expect("write 100", "arrived");
    told("b", 60, stamp(4)); // comes before ours
    expect();
    told("a", 100, stamp(4));
    told("b", 70, stamp(4)); // comes after ours
    expect("departed", "leave");
  }

  @Test
  void shouldWriteAgainWhatIsLost() {
    book.established(KEY, stamp(1), 100);
    told("a", 100, stamp(1));
    done.clear();
    book.gone(KEY); // not by us
    expect("write 100");
    book.writeAllAgain();
    expect("write 100");
    book.beginListing();
    book.endListing();
    expect("write 100");
  }

  @Test
  void shouldNotWriteTwiceWhenTheNodeBeforeTakesItsEntryBack() {
    told("b", 50, stamp(1));
    book.established(KEY, stamp(2), 100);
    expect("write 100", "arrived");
    book.gone(KEY);
    expect();
  }

  @Test
  void shouldEraseWhatARunBeforeHasLeft() {
    told("a", 50, stamp(1));
    expect("erase 50");
    book.established(KEY, stamp(2), 100);
    expect("write 100", "arrived");
  }

  @Test
  void shouldForgetWhatAListingDoesNotHave() {
    told("b", 50, stamp(1));
    book.beginListing();
    book.endListing();
    assertThat(book.elsewhereCount()).isZero();
    assertThat(book.toldOf()).isEmpty();
  }
}
