package io.wgnetty.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RescueFilesTest {
  @TempDir private Path temporary;

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void shouldTakeTheFirstFolderThatTakesIt() throws IOException {
    Path file = Files.createFile(temporary.resolve("no-folder"));
    Path made = temporary.resolve("made");
    var files = new RescueFiles(List.of(file, temporary.resolve("a/b"), made, temporary));
    Path rescued = files.write("wg0", text("[Interface]\n"));
    assertThat(rescued).isEqualTo(made.resolve("wg0.conf.rescue")).hasContent("[Interface]\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rescued)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    assertThat(files.of("wg0")).containsExactly(rescued);
    assertThat(files.of("wg1")).isEmpty();
  }

  @Test
  void shouldOverwriteNoneOfAnEarlierRun() throws IOException {
    var files = new RescueFiles(List.of(temporary));
    for (int i = 1; i <= 3; i++) {
      files.write("wg0", text("run " + i));
    }
    assertThat(files.of("wg0")).hasSize(3);
    assertThat(temporary.resolve("wg0.conf.rescue")).hasContent("run 1");
    assertThat(temporary.resolve("wg0.conf.rescue-3")).hasContent("run 3");
    for (int i = 4; i <= 20; i++) {
      files.write("wg0", text("run " + i));
    }
    assertThat(files.of("wg0")).hasSize(10);
    assertThat(temporary.resolve("wg0.conf.rescue")).hasContent("run 1");
  }

  @Test
  void shouldSayWhyNoFolderTakesIt() throws IOException {
    Path file = Files.createFile(temporary.resolve("no-folder"));
    var files = new RescueFiles(List.of(file));
    assertThatThrownBy(() -> files.write("wg0", text(""))).isInstanceOf(IOException.class);
  }

  @Test
  void shouldPreferTheServiceManagersFolder() {
    var files =
        RescueFiles.of(Map.of("STATE_DIRECTORY", "/var/lib/x:/var/lib/y"), Path.of("/run/s"));
    assertThat(files.folders()).startsWith(Path.of("/var/lib/x")).endsWith(Path.of("/run/s"));
  }
}
