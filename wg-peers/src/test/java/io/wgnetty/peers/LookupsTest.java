package io.wgnetty.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.source.LookedUp;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for whom, and how many are asked for together. */
class LookupsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final FakeSource source = new FakeSource();
  private final Map<Integer, LookedUp> answers = new ConcurrentHashMap<>();
  private @Nullable Lookups<Integer> lookups;

  private Lookups<Integer> open(int maxWaiting) {
    var opened = new Lookups<Integer>(source, this::take, maxWaiting);
    lookups = opened;
    return opened;
  }

  private void take(List<Lookups.Answer<Integer>> some) {
    some.forEach(answer -> answers.put(answer.wanted(), answer.found()));
  }

  @AfterEach
  void close() {
    source.answering.countDown();
    if (lookups != null) {
      lookups.close();
    }
  }

  private static PublicKey key(int number) {
    return PublicKey.of(ByteBuffer.allocate(32).putInt(number).array());
  }

  private void awaitAnswers(int count) {
    await().atMost(LIMIT).until(() -> answers.size() == count);
    answers.forEach((number, found) -> assertThat(found.key()).isEqualTo(key(number)));
  }

  @Test
  void shouldAskForOneAtOnceAndAlone() {
    source.keysAtOnce = 100;
    Lookups<Integer> opened = open(1000);
    for (int i = 0; i < 20; i++) {
      assertThat(opened.begin(key(i), i)).isTrue();
      awaitAnswers(i + 1);
    }
    assertThat(source.together).hasSize(20).containsOnly(1);
  }

  @Test
  void shouldAskForThoseTogetherWhoComeWhileOthersAreBeingAsked() {
    source.keysAtOnce = 100;
    source.answering = new CountDownLatch(1);
    Lookups<Integer> opened = open(1000);
    for (int i = 0; i < 500; i++) {
      assertThat(opened.begin(key(i), i)).isTrue();
    }
    source.answering.countDown();
    awaitAnswers(500);
    assertThat(source.lookups).as("each once").hasValue(500);
    assertThat(source.together).allSatisfy(keys -> assertThat(keys).isBetween(1, 100));
    assertThat(source.together).hasSizeBetween(5, 40);
  }

  @Test
  void shouldNotLetASlowAnswerKeepOthersWaiting() {
    source.keysAtOnce = 100;
    source.answering = new CountDownLatch(1);
    Lookups<Integer> opened = open(1000);
    for (int i = 0; i < Lookups.AT_ONCE; i++) {
      assertThat(opened.begin(key(i), i)).isTrue();
      int begun = i + 1;
      await().atMost(LIMIT).until(() -> source.together.size() == begun);
    }
    // All threads are taken: these go together as soon as one is free.
    for (int i = 0; i < 50; i++) {
      assertThat(opened.begin(key(100 + i), 100 + i)).isTrue();
    }
    assertThat(source.together).hasSize(Lookups.AT_ONCE);
    source.answering.countDown();
    awaitAnswers(Lookups.AT_ONCE + 50);
    assertThat(source.together).hasSize(Lookups.AT_ONCE + 1).endsWith(50);
  }

  @Test
  void shouldAskOneByOneWhatTakesOneAtATime() {
    source.answering = new CountDownLatch(1);
    Lookups<Integer> opened = open(1000);
    for (int i = 0; i < 100; i++) {
      assertThat(opened.begin(key(i), i)).isTrue();
    }
    await().atMost(LIMIT).until(() -> source.together.size() == Lookups.AT_ONCE);
    source.answering.countDown();
    awaitAnswers(100);
    assertThat(source.together).hasSize(100).containsOnly(1);
  }

  @Test
  void shouldAnswerBothWhoWantTheSame() {
    source.keysAtOnce = 100;
    source.answering = new CountDownLatch(1);
    Lookups<Integer> opened = open(1000);
    for (int i = 0; i < 100; i++) {
      assertThat(opened.begin(key(7), i)).isTrue();
    }
    source.answering.countDown();
    await().atMost(LIMIT).until(() -> answers.size() == 100);
    assertThat(answers.values()).allSatisfy(one -> assertThat(one.key()).isEqualTo(key(7)));
    assertThat(source.lookups.get()).isLessThan(40);
  }

  @Test
  void shouldSayThatEachFailed() {
    source.keysAtOnce = 100;
    source.fails = true;
    Lookups<Integer> opened = open(1000);
    for (int i = 0; i < 100; i++) {
      assertThat(opened.begin(key(i), i)).isTrue();
    }
    awaitAnswers(100);
    assertThat(answers.values())
        .allSatisfy(one -> assertThat(one.failure()).hasMessage("nobody answers"));
  }

  @Test
  void shouldGoOnAfterADefectOfASource() {
    source.keysAtOnce = 2;
    source.breaks = true;
    Lookups<Integer> opened = open(1000);
    for (int i = 0; i < 100; i++) {
      assertThat(opened.begin(key(i), i)).isTrue();
    }
    awaitAnswers(100);
    assertThat(answers.values()).allSatisfy(one -> assertThat(one.failure()).isNotNull());
    source.breaks = false;
    assertThat(opened.begin(key(100), 100)).isTrue();
    await().atMost(LIMIT).until(() -> answers.containsKey(100));
    assertThat(answers.get(100)).extracting(LookedUp::failure).isNull();
  }

  @Test
  void shouldTurnAwayWhoIsTooManyOrTooLate() {
    source.answering = new CountDownLatch(1);
    Lookups<Integer> opened = open(3);
    int taken = 0;
    while (opened.begin(key(taken), taken)) {
      taken++;
      assertThat(taken).isLessThanOrEqualTo(Lookups.AT_ONCE + 3);
    }
    source.answering.countDown();
    awaitAnswers(taken);
    assertThat(opened.begin(key(taken), taken)).isTrue();
    awaitAnswers(taken + 1);
    opened.close();
    assertThat(opened.begin(key(1000), 1000)).isFalse();
  }
}
