package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.INTERFACE;
import static io.wgnetty.config.ConfigurationTexts.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {
  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.writeString(directory.resolve("wg0.conf"), INTERFACE);
    setMode(file, "rw-------");
    setMode(directory, "rwxr-xr-x");
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/wireguard/wg0.conf, wg0",
    "wg0.conf, wg0",
    "./a=b+c-d_e.f.conf, a=b+c-d_e.f",
    "x/123456789012345.conf, 123456789012345"
  })
  void shouldNameInterfaceAfterFile(String path, String name) {
    assertThat(ConfigurationFile.interfaceName(Path.of(path))).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wg0",
        "wg0.CONF",
        ".conf",
        "..conf",
        "...conf",
        "1234567890123456.conf",
        "a b.conf",
        "/",
        ""
      })
  void shouldRefuseFileNameThatNamesNoInterface(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfigurationFile.interfaceName(Path.of(path)))
        .withMessageContaining("NAME.conf");
  }

  @Test
  void shouldFindFileByNameOrPath() throws IOException {
    assertThat(ConfigurationFile.find("wg0")).isEqualTo(Path.of("/etc/wireguard/wg0.conf"));
    assertThat(ConfigurationFile.find("./wg0.conf")).isEqualTo(Path.of("./wg0.conf"));
    assertThat(ConfigurationFile.find("wg7.conf", directory)).isEqualTo(Path.of("wg7.conf"));
    Files.createFile(directory.resolve("wg7.conf.conf"));
    assertThat(ConfigurationFile.find("wg7.conf", directory))
        .isEqualTo(directory.resolve("wg7.conf.conf"));
    assertThat(ConfigurationFile.find("1234567890123456")).isEqualTo(Path.of("1234567890123456"));
  }

  @Test
  void shouldReadFile() throws IOException {
    ConfigurationResult result = ConfigurationFile.read(file);
    assertThat(result.findings()).isEmpty();
    assertThat(given(result).settings().addresses())
        .map(Object::toString)
        .containsExactly("192.0.2.1/24");
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r--r--, rwxr-xr-x, true",
    "rw-------, rwxr-xr-x, false",
    "rw-r-----, rwxr-xr-x, false",
    "rw-r--r--, rwx------, false",
    "rw-----w-, rwx--x--x, true"
  })
  void shouldWarnOfFileThatEverybodyCanOpen(String fileMode, String directoryMode, boolean warns)
      throws IOException {
    setMode(file, fileMode);
    setMode(directory, directoryMode);
    List<Finding> findings = ConfigurationFile.read(file).findings();
    assertThat(findings).hasSize(warns ? 1 : 0);
    assertThat(findings).allMatch(f -> f.message().contains("chmod 600"));
  }

  @Test
  void shouldSayThatThereIsNoFile() {
    assertThatThrownBy(() -> ConfigurationFile.read(directory.resolve("no.conf")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> ConfigurationFile.read(directory)).isInstanceOf(IOException.class);
  }

  @Test
  void shouldRefuseHugeFile() throws IOException {
    try (var huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(ConfigurationFile.MAX_BYTES + 1L);
    }
    assertThatThrownBy(() -> ConfigurationFile.read(file)).hasMessageContaining("256 MiB");
  }

  @Test
  void shouldReplaceFileAndKeepItsMode() throws IOException {
    setMode(file, "rw-r-----");
    FileReplacement.replace(file, "ä\n");
    assertThat(Files.readString(file)).isEqualTo("ä\n");
    assertThat(mode(file)).isEqualTo("rw-r-----");
    assertThat(namesInDirectory()).containsExactly("wg0.conf");
  }

  @Test
  void shouldMakeNewFileForItsOwnerAlone() throws IOException {
    Path made = directory.resolve("new.conf");
    FileReplacement.replace(made, INTERFACE);
    assertThat(mode(made)).isEqualTo("rw-------");
    assertThat(Files.readString(made)).isEqualTo(INTERFACE);
  }

  @Test
  void shouldReplaceWhatSymbolicLinkLeadsTo() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link.conf"), Path.of("wg0.conf"));
    FileReplacement.replace(link, "x");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readString(file)).isEqualTo("x");
  }

  @Test
  void shouldLeaveNothingBehindIfReplacingFails() throws IOException {
    Path occupied = Files.createDirectory(directory.resolve("occupied.conf"));
    Files.createFile(occupied.resolve("x"));
    assertThatThrownBy(() -> FileReplacement.replace(occupied, "y"))
        .isInstanceOf(IOException.class);
    assertThat(namesInDirectory()).containsExactlyInAnyOrder("wg0.conf", "occupied.conf");
    assertThatThrownBy(() -> FileReplacement.replace(directory.resolve("no/such.conf"), "y"))
        .isInstanceOf(IOException.class);
  }

  private List<String> namesInDirectory() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }

  @Test
  void shouldKnowTheMachinesTablesAndServices() throws IOException {
    Path etc = Files.createDirectories(directory.resolve("etc/iproute2/rt_tables.d"));
    Files.writeString(etc.resolve("my.conf"), "# x\n 0x4d\tvpn # y\n99999999999 huge\nx bad\n");
    Files.writeString(
        directory.resolve("etc/iproute2/rt_tables"), "255 local\n4294967295 last\n7\n");
    Files.writeString(
        directory.resolve("etc/services"), "a 1/tcp\na\t\t2/udp  b c # d\ne 70000/udp\n");
    var names = new SystemNames(directory);
    assertThat(names.routeTable("vpn")).hasValue(77);
    assertThat(names.routeTable("last")).hasValue(-1);
    assertThat(names.routeTable("huge")).isEmpty();
    assertThat(names.routeTable("bad")).isEmpty();
    assertThat(names.udpService("a")).hasValue(2);
    assertThat(names.udpService("c")).hasValue(2);
    assertThat(names.udpService("d")).isEmpty();
    assertThat(names.udpService("e")).isEmpty();
    assertThat(new SystemNames(directory.resolve("none")).routeTable("vpn")).isEmpty();
  }
}
