package io.wgnetty.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FormerlyAliveTest {
  private final AtomicLong nowNs = new AtomicLong(77);
  private final List<PublicKey> asked = new ArrayList<>();
  private int room = Integer.MAX_VALUE;
  private final FormerlyAlive former = new FormerlyAlive(this::ask, nowNs::get);

  private boolean ask(PublicKey key) {
    return room-- > 0 && asked.add(key);
  }

  private static List<PublicKey> keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> PublicKey.of(ByteBuffer.allocate(PublicKey.BYTES).putInt(i + 1).array()))
        .toList();
  }

  @Test
  void shouldAskForAFewAtATime() {
    List<PublicKey> keys = keys(FormerlyAlive.AT_ONCE + 1);
    former.expect(keys);
    former.look();
    assertThat(asked).hasSize(FormerlyAlive.AT_ONCE);
    former.look();
    former.look();
    assertThat(asked).isEqualTo(keys);
  }

  @Test
  void shouldComeBackToWhomThereWasNoRoomFor() {
    List<PublicKey> keys = keys(3);
    former.expect(keys);
    room = 1;
    former.look();
    assertThat(asked).hasSize(1);
    room = 3;
    former.look();
    assertThat(asked).isEqualTo(keys);
  }

  @Test
  void shouldAskOnceMoreIfThereWasNoAnswer() {
    PublicKey key = keys(1).getFirst();
    former.expect(List.of(key));
    former.look();
    former.failed(key);
    former.look();
    former.answered(key);
    former.failed(key); // of a lookup that somebody else wanted
    former.look();
    assertThat(asked).containsExactly(key, key);
  }

  @Test
  void shouldLeaveThemAloneWhenTheyHaveNoticedByThemselves() {
    former.expect(keys(1));
    nowNs.addAndGet(FormerlyAlive.PATIENCE_NS + 1);
    former.look();
    assertThat(asked).isEmpty();
  }
}
