package io.wgnetty.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryFileTest {
  private static final PublicKey OWN = PublicKey.of(new byte[PublicKey.BYTES]);

  @TempDir private Path temporary;

  private static PeerRecords records(long epochNs) {
    return new PeerRecords(OWN, epochNs, List.of());
  }

  @Test
  void shouldKeepItForItsOwnerAlone() throws IOException {
    Path folder = temporary.resolve("made");
    var file = new MemoryFile("wg0", List.of(folder));
    assertThat(file.read()).isEmpty();

    long bytes = file.write(records(7));

    Path written = folder.resolve("wg0.peers");
    assertThat(written).hasSize(bytes);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(file.read()).contains(records(7));
    assertThat(new MemoryFile("wg1", List.of(folder)).read()).isEmpty();
    try (var left = Files.list(folder)) {
      assertThat(left).as("no temporary file").containsExactly(written);
    }
  }

  @Test
  void shouldTakeTheFirstFolderThatTakesItAndReadTheNewest() throws IOException {
    Path noFolder = Files.createFile(temporary.resolve("file"));
    Path first = Files.createDirectory(temporary.resolve("first"));
    Path second = Files.createDirectory(temporary.resolve("second"));
    var file = new MemoryFile("wg0", List.of(noFolder, first, second));
    file.write(records(2));
    new MemoryFile("wg0", List.of(second)).write(records(1));
    Files.setLastModifiedTime(second.resolve("wg0.peers"), FileTime.fromMillis(1));
    assertThat(file.read()).contains(records(2));
    Files.setLastModifiedTime(first.resolve("wg0.peers"), FileTime.fromMillis(0));
    assertThat(file.read()).contains(records(1));
  }

  @Test
  void shouldSayWhyNoFolderTakesIt() throws IOException {
    Path noFolder = Files.createFile(temporary.resolve("file"));
    var file = new MemoryFile("wg0", List.of(noFolder));
    assertThatThrownBy(() -> file.write(records(1))).isInstanceOf(IOException.class);
  }

  @Test
  void shouldTrustNothingThatOthersMayWrite() throws IOException {
    var file = new MemoryFile("wg0", List.of(temporary));
    file.write(records(1));
    Path written = temporary.resolve("wg0.peers");
    for (String mode : List.of("rw-rw----", "rw----rw-")) {
      Files.setPosixFilePermissions(written, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(file::read).hasMessage(written + ": others than its owner may write it");
    }
  }

  @Test
  void shouldFollowNoLink() throws IOException {
    Path elsewhere = temporary.resolve("elsewhere");
    new MemoryFile("wg0", List.of(elsewhere)).write(records(1));
    Path link = temporary.resolve("wg0.peers");
    Files.createSymbolicLink(link, elsewhere.resolve("wg0.peers"));
    assertThatThrownBy(() -> new MemoryFile("wg0", List.of(temporary)).read())
        .hasMessage(link + ": it is not a regular file");
  }

  @Test
  void shouldReportDamage() throws IOException {
    Path written = Files.writeString(temporary.resolve("wg0.peers"), "nonsense\n");
    Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> new MemoryFile("wg0", List.of(temporary)).read())
        .hasMessage(written + ": it is no list of peers");
  }
}
