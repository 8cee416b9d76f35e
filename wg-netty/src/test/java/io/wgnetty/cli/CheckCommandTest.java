package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  // RFC 7748 section 6.1, Alice
  private static final String GOOD =
      """
      [Interface]
      PrivateKey=dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=
      Address=192.0.2.1/24
      [Peer]
      PublicKey=3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=
      AllowedIPs=192.0.2.2
      """;

  @TempDir private Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(directory.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void shouldFindNothingWrongWithGoodFile() throws IOException {
    Path file = file("wg0.conf", GOOD);
    assertThat(CommandLineRun.of("", "check", file.toString()))
        .isEqualTo(new CommandLineRun(0, file + ": no errors, no warnings; 1 peer\n", ""));
  }

  @Test
  void shouldSayEverythingThatIsWrongWithEveryFile() throws IOException {
    Path good = file("wg0.conf", GOOD);
    Path bad = file("wg1.conf", GOOD + "AllowedIP = 1\nEndpoint = x\n");
    assertThat(CommandLineRun.of("", "check", good.toString(), bad.toString()))
        .isEqualTo(
            new CommandLineRun(
                1,
                (good + ": no errors, no warnings; 1 peer\n")
                    + (bad + ":7:1: error: AllowedIP: no such key; did you mean AllowedIPs?\n")
                    + (bad + ":8:13: error: Endpoint: 'x' has no port; an endpoint is HOST:PORT or")
                    + (" [IPV6-ADDRESS]:PORT\n" + bad + ": 2 errors, no warnings\n"),
                ""));
  }

  @Test
  void shouldLetWarningsPassUnlessTheyAreToBeErrors() throws IOException {
    String file = file("wg0.conf", GOOD + "PersistentKeepalive = 25\n").toString();
    CommandLineRun run = CommandLineRun.of("", "check", file);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains(":7:23: warning: PersistentKeepalive").contains("1 warning;");
    assertThat(CommandLineRun.of("", "check", "--strict", file).exitCode()).isEqualTo(1);
  }

  @Test
  void shouldWarnOfNameThatNoInterfaceCanHave() throws IOException {
    Path file = file("much-too-long-for-an-interface.conf", GOOD);
    CommandLineRun run = CommandLineRun.of("", "check", file.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith(file + ":1:1: warning: ").contains("NAME.conf");
  }

  @Test
  void shouldCheckTheOthersIfOneFileIsMissing() throws IOException {
    Path good = file("wg0.conf", GOOD);
    Path missing = directory.resolve("wg9.conf");
    CommandLineRun run = CommandLineRun.of("", "check", missing.toString(), good.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEqualTo(good + ": no errors, no warnings; 1 peer\n");
    assertThat(run.err()).isEqualTo("wg-netty: there is no file " + missing + "\n");
  }

  @Test
  void shouldSayWhyFileCannotBeRead() {
    CommandLineRun run = CommandLineRun.of("", "check", directory.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("wg-netty: cannot read " + directory + ": ").hasLineCount(1);
  }

  @Test
  void shouldAskForFile() {
    CommandLineRun run = CommandLineRun.of("", "check");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("wg-netty: ").contains("FILE").hasLineCount(1);
  }
}
