package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCommandsTest {
  private static final String NOT_A_KEY =
      "wg-netty: Key is not the correct length or format" + System.lineSeparator();

  // RFC 7748 section 6.1, Alice
  private static final String PRIVATE = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";
  private static final String PUBLIC = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";

  @TempDir private Path temporary;

  @Test
  void shouldGenerateClampedPrivateKeys() {
    var first = CommandLineRun.of("", "genkey");
    assertThat(first.exitCode()).isZero();
    assertThat(first.err()).isEmpty();
    assertThat(first.out()).matches("[A-Za-z0-9+/]{43}=\n");
    byte[] key = Base64.getDecoder().decode(first.out().trim());
    assertThat(PrivateKey.of(key).copyBytes()).isEqualTo(key);
    assertThat(CommandLineRun.of("", "genkey").out()).isNotEqualTo(first.out());
  }

  @Test
  void shouldGeneratePresharedKeys() {
    var first = CommandLineRun.of("", "genpsk");
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).matches("[A-Za-z0-9+/]{43}=\n");
    assertThat(CommandLineRun.of("", "genpsk").out()).isNotEqualTo(first.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", " \t\n\n\u000b\f", "\0"})
  void shouldComputePublicKey(String trailing) {
    assertThat(CommandLineRun.of(PRIVATE + trailing, "pubkey"))
        .isEqualTo(new CommandLineRun(0, PUBLIC + "\n", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo",
        " dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=",
        "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=x",
        "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=\n=",
        "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCp=",
        "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCoA",
        "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LC==",
        "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR2-LCo=",
        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ac177fba51db92c2a"
      })
  void shouldRefuseWhatIsNoPrivateKey(String input) {
    assertThat(CommandLineRun.of(input, "pubkey")).isEqualTo(new CommandLineRun(1, "", NOT_A_KEY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"genkey", "genpsk"})
  void shouldWarnIfOthersCanOpenTheFileWrittenTo(String command) throws IOException {
    Path file = Files.createFile(temporary.resolve("key"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(runTo(file, command).err()).startsWith("Warning: writing to world accessible file.");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(runTo(file, command).err()).isEmpty();
  }

  private static CommandLineRun runTo(Path file, String command) {
    return CommandLineRun.of(
        "",
        file,
        Map.of(),
        (name, tunFd, options) -> {
          throw new IOException("no interface in this test");
        },
        Path.of("/nonexistent"),
        command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"genkey", "genpsk", "pubkey"})
  void shouldRefuseArguments(String command) {
    var run = CommandLineRun.of("", command, "more");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("wg-netty: ").contains("more").hasLineCount(1);
  }
}
