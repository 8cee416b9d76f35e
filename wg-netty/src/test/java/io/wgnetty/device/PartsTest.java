package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loops write down and take in while another thread sends and receives. */
@Timeout(60)
class PartsTest {
  private final EventExecutor one = new DefaultEventExecutor();
  private final EventExecutor other = new DefaultEventExecutor();
  private final List<Integer> sent = new ArrayList<>();

  @AfterEach
  void end() {
    var unusedOne = one.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var unusedOther = other.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static int first(StateWriter part) {
    return new StateReader(part.written()).int32();
  }

  private void send(StateWriter part) {
    sent.add(first(part));
    part.clear();
  }

  /** Counts from a number on. */
  private static PartsTold counting(EventExecutor loop, int from, int parts) {
    AtomicInteger next = new AtomicInteger(from);
    return new PartsTold(
        loop,
        out -> {
          assertThat(loop.inEventLoop()).isTrue();
          assertThat(out.size()).isZero();
          out.int32(next.getAndIncrement());
          return next.get() < from + parts;
        });
  }

  @Test
  void shouldSendAllPartsOfAllLoopsInTheOrderOfEach() throws IOException {
    PartsTold.send(List.of(counting(one, 100, 3), counting(other, 200, 5)), this::send);
    assertThat(sent).containsExactly(100, 200, 101, 201, 102, 202, 203, 204);
  }

  @Test
  void shouldWriteTheNextWhileOneIsSent() throws IOException {
    CountDownLatch second = new CountDownLatch(2);
    PartsTold told =
        new PartsTold(
            one,
            out -> {
              out.int32(1);
              second.countDown();
              return second.getCount() > 0;
            });
    PartsTold.send(
        List.of(told),
        part -> {
          await(second); // would never come if it was written afterwards
          send(part);
        });
    assertThat(sent).containsExactly(1, 1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldLeaveNothingBehindIfOneCannotWriteOrBeSent() {
    List<StateWriter> used = Collections.synchronizedList(new ArrayList<>());
    PartsTold writes =
        new PartsTold(
            one,
            out -> {
              used.add(out);
              out.int32(7);
              return true;
            });
    PartsTold fails =
        new PartsTold(
            other,
            out -> {
              used.add(out);
              out.int32(7);
              throw new OutOfMemoryError("for a test");
            });
    assertThatThrownBy(() -> PartsTold.send(List.of(writes, fails), this::send))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(used).hasSizeGreaterThan(1).allMatch(out -> out.size() == 0);
    assertThatThrownBy(
            () ->
                PartsTold.send(
                    List.of(counting(one, 1, 5)),
                    part -> {
                      used.add(part);
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(used).allMatch(out -> out.size() == 0);
  }

  private static StateReader numbered(int number) {
    return new StateReader(ByteBuffer.allocate(64).putInt(0, number));
  }

  @Test
  void shouldTakeInAllPartsOfALoopInTheirOrder() {
    List<Integer> taken = Collections.synchronizedList(new ArrayList<>());
    try (PartsTaken parts = new PartsTaken()) {
      for (int i = 0; i < 100; i++) {
        StateReader in = numbered(i);
        parts.take(in, one, part -> taken.add(part.int32()));
        assertThat(in.hasMore()).as("the copy is another's").isFalse();
      }
      parts.await();
      assertThat(taken).hasSize(100).isSorted();
    }
  }

  @Test
  void shouldReceiveAFewWhileOneIsTakenIn() {
    CountDownLatch received = new CountDownLatch(3);
    try (PartsTaken parts = new PartsTaken()) {
      for (int i = 0; i < 3; i++) {
        parts.take(numbered(i), one, part -> await(received));
        received.countDown();
      }
    }
  }

  @Test
  void shouldFailAsOneOfThemDid() {
    try (PartsTaken parts = new PartsTaken()) {
      parts.take(numbered(1), one, part -> {});
      parts.take(
          numbered(2),
          other,
          part -> {
            throw new MalformedStateException("a part is damaged");
          });
      assertThatThrownBy(parts::await)
          .isInstanceOf(MalformedStateException.class)
          .hasMessageContaining("damaged");
    }
  }

  @Test
  void shouldOverwriteWhatItHeld() {
    List<StateReader> held = new ArrayList<>();
    try (PartsTaken parts = new PartsTaken()) {
      parts.take(
          new StateReader(ByteBuffer.allocate(8).putInt(0, 77).putInt(4, 77)), one, held::add);
      parts.await();
      assertThat(held.getFirst().int32()).isEqualTo(77);
    }
    assertThat(held.getFirst().int32()).isZero();
  }
}
