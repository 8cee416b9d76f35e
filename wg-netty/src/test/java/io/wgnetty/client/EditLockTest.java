package io.wgnetty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class EditLockTest {
  @TempDir private Path directory;

  private Path file(String name) throws IOException {
    return Files.writeString(directory.resolve(name), "");
  }

  @Test
  void shouldKeepOthersOutUntilItIsReleased() throws Exception {
    Path file = file("wg0.conf");
    try (EditLock held = EditLock.of(file, Duration.ZERO)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> EditLock.of(file, Duration.ofMillis(50)))
          .isInstanceOf(CommandFailure.class)
          .hasMessage(file + " is being changed by another command; try again");
    }
    EditLock.of(file, Duration.ZERO).close();
  }

  @Test
  void shouldHoldThoughTheFileIsReadAndReplaced() throws Exception {
    Path file = file("wg0.conf");
    try (EditLock held = EditLock.of(file, Duration.ZERO)) {
      assertThat(held).isNotNull();
      assertThat(Files.readAllBytes(file)).isEmpty();
      Files.move(file("new"), file, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> EditLock.of(file, Duration.ZERO)).isInstanceOf(CommandFailure.class);
    }
  }

  @Test
  void shouldBeTheSameForEveryNameOfTheFile() throws Exception {
    Path file = file("wg0.conf");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("wg0.conf"), file);
    try (EditLock held = EditLock.of(link, Duration.ZERO)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> EditLock.of(file, Duration.ZERO)).isInstanceOf(CommandFailure.class);
    }
  }

  @Test
  void shouldLeaveNothingBehind() throws Exception {
    EditLock.of(file("wg0.conf"), Duration.ZERO).close();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void shouldNeedNoFile() throws Exception {
    EditLock.of(null, Duration.ZERO).close();
    assertThatThrownBy(() -> EditLock.of(directory.resolve("none.conf"), Duration.ZERO))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("none.conf");
  }
}
