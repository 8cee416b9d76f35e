package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatchTest {
  private static final long PATIENCE_SECONDS = 20;

  /** A script: what is found at each look, and nothing more to come at its end. */
  private static final class Script implements FileEvents {
    private final Deque<Integer> versions = new ArrayDeque<>();
    private final List<String> waits = new ArrayList<>();

    Script(int... all) {
      for (int version : all) {
        versions.add(version);
      }
    }

    /** 0 is no file. */
    @Nullable FileStamp look() {
      Integer version = versions.peek();
      return version == null || version == 0
          ? null
          : new FileStamp(FileTime.fromMillis(version), version, "");
    }

    private void next() throws InterruptedException {
      versions.poll();
      if (versions.isEmpty()) {
        throw new InterruptedException("the script is over");
      }
    }

    @Override
    public boolean await(long timeoutMs) throws InterruptedException {
      waits.add("await " + timeoutMs);
      next();
      return true;
    }

    @Override
    public void rest(long ms) throws InterruptedException {
      waits.add("rest " + ms);
      next();
    }

    @Override
    public void close() {}
  }

  private static List<Integer> calls(Script script) {
    List<Integer> calls = new ArrayList<>();
    ConfigurationWatch.follow(script::look, script, () -> calls.add((int) lengthOf(script.look())));
    return calls;
  }

  private static long lengthOf(@Nullable FileStamp stamp) {
    return stamp == null ? 0 : stamp.sizeBytes();
  }

  @Test
  void shouldCallOnceForSeveralWrites() {
    var script = new Script(1, 2, 3, 4, 4, 4, 4);
    assertThat(calls(script)).containsExactly(4);
    assertThat(script.waits)
        .startsWith("await 2000", "rest 300", "rest 300", "rest 300", "await 2000");
  }

  @Test
  void shouldNotCallForEventsOfOtherFiles() {
    assertThat(calls(new Script(1, 1, 1, 1))).isEmpty();
  }

  @Test
  void shouldNotCallWhileTheFileIsAway() {
    assertThat(calls(new Script(1, 0, 0, 0, 2, 2, 2))).containsExactly(2);
  }

  @Test
  void shouldNotCallWhenTheSameFileComesBack() {
    assertThat(calls(new Script(1, 0, 0, 1, 1, 1))).isEmpty();
  }

  @Test
  void shouldNotCallWhenTheFileVanishesWhileItSettles() {
    assertThat(calls(new Script(1, 2, 0, 0, 0, 3, 3, 3))).containsExactly(3);
  }

  @Test
  void shouldTakeAFileThatNeverComesToRestAsItIs() {
    int[] busy = new int[ConfigurationWatch.MAX_WAITS + 5];
    for (int i = 0; i < busy.length; i++) {
      busy[i] = i + 1;
    }
    assertThat(calls(new Script(busy))).hasSize(1);
  }

  @Test
  void shouldSeeAFileThatComesLater() {
    assertThat(calls(new Script(0, 5, 5, 5))).containsExactly(5);
  }

  @Test
  void shouldFollowARealFileThroughRenamesAndItsFolderThroughAbsence(@TempDir Path parent)
      throws Exception {
    Path folder = Files.createDirectory(parent.resolve("wireguard"));
    Path file = folder.resolve("wg0.conf");
    Files.writeString(file, "one");
    var called = new Semaphore(0);
    try (var watch = ConfigurationWatch.start(file, called::release)) {
      assertThat(watch).isNotNull();
      Files.writeString(file, "the second");
      assertThat(called.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

      Path beside = Files.writeString(folder.resolve("new"), "the third one");
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      assertThat(called.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

      Files.delete(file);
      Files.delete(folder.resolve("new").getParent());
      Files.createDirectory(folder);
      Files.writeString(file, "after the folder was away");
      assertThat(called.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }
}
