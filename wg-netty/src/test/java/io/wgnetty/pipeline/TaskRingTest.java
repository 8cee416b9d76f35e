package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.Aead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskRingTest {
  /** A task that notes who did it. */
  private static final class NotedTask extends SharedTask {
    int number;
    boolean fails;
    boolean isFinished;
    @Nullable LoopCipher doneWith;
    CountDownLatch mayEnd = new CountDownLatch(0);

    @Override
    void work(LoopCipher cipher) {
      doneWith = cipher;
      try {
        assertThat(mayEnd.await(50, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (fails) {
        throw new IllegalArgumentException("task " + number);
      }
    }

    @Override
    void finish() {
      isFinished = true;
    }
  }

  private final Aead aead = AeadProviders.named("jdk").create();
  private final LoopCipher owner = new LoopCipher(aead, () -> 1420);
  private final LoopCipher friend = new LoopCipher(aead, () -> 1420);
  private final TaskRing<NotedTask> ring = new TaskRing<>(NotedTask::new);
  private int offered;

  @AfterEach
  void close() {
    aead.close();
  }

  private NotedTask offer() {
    NotedTask task = ring.vacant();
    task.number = offered++;
    task.isFinished = false;
    ring.offer();
    return task;
  }

  private List<Integer> takeUpAll() {
    List<Integer> numbers = new ArrayList<>();
    while (!ring.isEmpty()) {
      ring.takeUp(
          owner,
          task -> {
            assertThat(task.isFinished).isFalse();
            numbers.add(task.number);
          });
    }
    return numbers;
  }

  @Test
  void shouldTakeTasksUpInTheirOrderWhoeverDidThemAndWhenever() {
    offer();
    offer();
    offer();
    NotedTask first = requireNonNull(ring.claim());
    NotedTask second = requireNonNull(ring.claim());
    assertThat(first.number).as("the oldest first").isZero();
    second.perform(friend);
    first.perform(friend);
    assertThat(ring.unclaimed()).isEqualTo(1);
    assertThat(takeUpAll()).containsExactly(0, 1, 2);
    assertThat(first.doneWith).isSameAs(friend);
    assertThat(ring.claim()).as("nothing is left").isNull();
  }

  @Test
  void shouldGiveATaskToOneOnly() {
    NotedTask task = offer();
    assertThat(ring.claim()).isSameAs(task);
    assertThat(ring.claim()).isNull();
    assertThat(task.claim()).isFalse();
    task.perform(friend);
    assertThat(takeUpAll()).containsExactly(0);
    assertThat(task.isFinished).isTrue();
  }

  @Test
  void shouldHoldSoManyTasksAndGoRoundForEver() {
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < TaskRing.CAPACITY; i++) {
        assertThat(ring.isFull()).isFalse();
        offer();
      }
      assertThat(ring.isFull()).isTrue();
      assertThat(takeUpAll()).hasSize(TaskRing.CAPACITY).isSorted();
    }
  }

  @Test
  void shouldDoWhatIsBehindWhileSomebodyIsAtTheFirst() throws Exception {
    NotedTask first = offer();
    NotedTask second = offer();
    first.mayEnd = new CountDownLatch(1);
    NotedTask claimed = requireNonNull(ring.claim());
    Thread thread = new Thread(() -> claimed.perform(friend));
    thread.start();
    second.mayEnd = new CountDownLatch(0);
    Thread releaser =
        new Thread(
            () -> {
              while (!second.isDone()) {
                Thread.onSpinWait();
              }
              first.mayEnd.countDown();
            });
    releaser.start();
    assertThat(takeUpAll()).as("waiting alone would last for ever").containsExactly(0, 1);
    assertThat(second.doneWith).isSameAs(owner);
    thread.join();
    releaser.join();
  }

  @Test
  void shouldTellWhyATaskFailedAndGoOn() {
    offer().fails = true;
    offer().fails = false;
    NotedTask failing = requireNonNull(ring.claim());
    failing.perform(friend);
    List<Throwable> failures = new ArrayList<>();
    while (!ring.isEmpty()) {
      ring.takeUp(owner, task -> failures.add(task.failure()));
    }
    assertThat(failures).hasSize(2);
    assertThat(failures.get(0)).hasMessage("task 0");
    assertThat(failures.get(1)).isNull();
    failing.fails = false;
    for (int i = 0; i < TaskRing.CAPACITY; i++) {
      offer();
    }
    while (!ring.isEmpty()) {
      ring.takeUp(owner, task -> assertThat(task.failure()).as("of another life").isNull());
    }
  }

  @Test
  void shouldFinishATaskWhoseResultNobodyCouldUse() {
    NotedTask task = offer();
    assertThatThrownBy(
            () ->
                ring.takeUp(
                    owner,
                    done -> {
                      throw new IllegalStateException("no use");
                    }))
        .hasMessage("no use");
    assertThat(task.isFinished).isTrue();
    assertThat(ring.isEmpty()).isTrue();
  }

  @Test
  void shouldNeverTakeATaskUpTwice() {
    offer();
    ring.takeUp(
        owner,
        task -> assertThatThrownBy(this::takeUpAll).isInstanceOf(IllegalStateException.class));
    assertThat(ring.isEmpty()).isTrue();
  }
}
