package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.NetlinkException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SnapshotWatchTest {
  private final SnapshotWatch watch = new SnapshotWatch();
  private final AtomicInteger forgotten = new AtomicInteger();

  /** Plays these messages; then the kernel falls silent. */
  private void play(List<List<String>> messages) {
    var waiting = new ArrayDeque<>(messages);
    assertThatThrownBy(
            () ->
                watch.follow(
                    () -> {
                      if (waiting.isEmpty()) {
                        throw NetlinkException.refused(Errno.ENODEV, "no more");
                      }
                      return waiting.remove();
                    }))
        .hasMessageContaining("no more");
  }

  private static List<String> message(String... more) {
    var words = new ArrayDeque<>(List.of("change@/devices/platform/VMGENCTR:00", "ACTION=change"));
    words.addAll(List.of(more));
    return List.copyOf(words);
  }

  @Test
  void shouldHaveSessionsForgottenWhenTheMachineWasCloned() {
    watch.add(forgotten::incrementAndGet);
    play(List.of(message("NEW_VMGENID=1", "SEQNUM=7"), message("NEW_VMGENID=1", "SEQNUM=8")));
    assertThat(forgotten).hasValue(2);
  }

  @Test
  void shouldPassOverOtherEvents() {
    watch.add(forgotten::incrementAndGet);
    play(
        List.of(message("SEQNUM=7"), message("SYNTH_ARG_NEW_VMGENID=1"), message("NEW_VMGENID=0")));
    assertThat(forgotten).hasValue(0);
  }

  @Test
  void shouldGoOnWithTheOthersWhenOneFails() {
    Runnable failing =
        () -> {
          throw new IllegalStateException("for the test");
        };
    watch.add(failing);
    watch.add(forgotten::incrementAndGet);
    play(List.of(message("NEW_VMGENID=1"), message("NEW_VMGENID=1")));
    assertThat(forgotten).hasValue(2);
  }

  @Test
  void shouldHaveSessionsForgottenWhenTheMachineHasSlept() {
    watch.add(forgotten::incrementAndGet);
    watch.slept(0);
    assertThat(forgotten).hasValue(0);
    watch.slept(37_000_000_000L);
    assertThat(forgotten).hasValue(1);
  }

  @Test
  void shouldLeaveAloneWhatHasEnded() {
    Runnable action = forgotten::incrementAndGet;
    watch.add(action);
    watch.remove(action);
    play(List.of(message("NEW_VMGENID=1")));
    assertThat(forgotten).hasValue(0);
  }
}
