package io.wgnetty.radius;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadiusSettingsTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @ParameterizedTest
  @CsvSource({"radius, 300, has no port", "'[::1]:1813', 4, 5 to 86400", "a b:1, 300, ' '"})
  void shouldRefuseWhatCannotBe(String server, int interim, String reason) {
    assertThatThrownBy(() -> RadiusSettings.of(server, "/secret", interim))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--radius")
        .hasMessageContaining(reason);
  }

  @Test
  void shouldReadTheFirstLine() throws IOException {
    assertThat(RadiusSecret.read(file("  a word of ours \r\nmore\n")))
        .isEqualTo("a word of ours".getBytes(US_ASCII));
  }

  @Test
  void shouldRefuseASecretThatIsNone() throws IOException {
    Path empty = file(" \nword\n");
    assertThatThrownBy(() -> RadiusSecret.read(empty)).hasMessageContaining("has none");
    Path large = file("x".repeat(257));
    assertThatThrownBy(() -> RadiusSecret.read(large))
        .hasMessageContaining("has more")
        .hasMessageNotContaining("xx");
    Path open = file("word");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> RadiusSecret.read(open)).hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> RadiusSecret.read(folder.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("--radius-secret-file: cannot read");
  }
}
