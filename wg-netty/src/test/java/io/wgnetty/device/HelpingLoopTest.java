package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.Aead;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is called, and who comes. What is then done is the matter of {@code HelpedChainTest}. */
class HelpingLoopTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Aead aead = AeadProviders.named("jdk").create();
  private final EmbeddedChannel[] channels = {
    new EmbeddedChannel(), new EmbeddedChannel(), new EmbeddedChannel()
  };
  private long nowNs;

  @AfterEach
  void close() {
    aead.close();
  }

  private HelpingLoop loop(HelpingLoops all, int number) {
    return new HelpingLoop(
        all,
        channels[number].eventLoop(),
        () -> nowNs += MS, // patience ends at the first look
        aead,
        () -> 1420,
        UnpooledByteBufAllocator.DEFAULT);
  }

  private List<HelpingLoop> three(HelpMode mode) {
    HelpingLoops all = new HelpingLoops(mode, 3);
    List<HelpingLoop> loops = List.of(loop(all, 0), loop(all, 1), loop(all, 2));
    all.connect(loops);
    return loops;
  }

  /** This thread's processor time since the last look is all the time there was, or none of it. */
  private static void makeBusy(HelpingLoop loop, boolean busy) {
    loop.look(1);
    long beganNs = BootClock.threadCpuNs();
    while (BootClock.threadCpuNs() - beganNs < 2 * MS) {
      Thread.onSpinWait();
    }
    loop.look(1 + (busy ? MS : 3_600_000 * MS));
  }

  @Test
  void shouldWantHelpWhenItIsBehindOnly() {
    HelpingLoop loop = three(HelpMode.AUTO).getFirst();
    assertThat(loop.isWanted()).isFalse();
    makeBusy(loop, true);
    assertThat(loop.isWanted()).isTrue();
    makeBusy(loop, false);
    assertThat(loop.isWanted()).isFalse();
  }

  @Test
  void shouldNeverWantHelpWhenItIsSwitchedOff() {
    HelpingLoop loop = three(HelpMode.OFF).getFirst();
    makeBusy(loop, true);
    assertThat(loop.isWanted()).isFalse();
  }

  @Test
  void shouldCallEachOnceWhileItHelps() {
    List<HelpingLoop> loops = three(HelpMode.AUTO);
    for (int i = 0; i < 5; i++) {
      loops.getFirst().call();
    }
    assertThat(loops.get(1).helpIfIdle()).as("it helps already").isFalse();
    assertThat(loops.get(2).helpIfIdle()).isFalse();
    channels[1].runPendingTasks(); // it finds nothing
    assertThat(loops.get(1).helpIfIdle()).isTrue();
    assertThat(loops.get(1).counts()).isEqualTo(HelpCounts.NONE);
  }

  @Test
  void shouldNotHelpWhileItIsBehindItself() {
    HelpingLoop loop = three(HelpMode.AUTO).getLast();
    makeBusy(loop, true);
    assertThat(loop.helpIfIdle()).isFalse();
    makeBusy(loop, false);
    assertThat(loop.helpIfIdle()).isTrue();
  }

  @Test
  void shouldComeToNothingOnceItIsClosed() {
    HelpingLoop loop = three(HelpMode.AUTO).getLast();
    loop.close();
    loop.helpIfIdle();
    channels[2].runPendingTasks();
    assertThat(loop.counts()).isEqualTo(HelpCounts.NONE);
  }
}
