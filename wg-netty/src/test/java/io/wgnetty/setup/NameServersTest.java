package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.config.InterfaceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With stand-in programs that write down how they were called. */
class NameServersTest {
  @TempDir Path root;

  private Path said = Path.of("/nowhere");

  @BeforeEach
  void makeFolder() throws Exception {
    said = Files.createFile(root.resolve("said"));
    Files.createDirectories(root.resolve("bin"));
  }

  private void program(String name, String more) throws IOException {
    Path file = root.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\necho \"${0##*/}\" \"$@\" >> " + said + "\n" + more);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private void orderOfDebian() throws IOException {
    Files.createDirectories(root.resolve("etc/resolvconf"));
    Files.writeString(root.resolve("etc/resolvconf/interface-order"), "lo.*\ntun*\neth*\n");
  }

  private void resolvedRuns() throws IOException {
    Files.createDirectories(root.resolve(Resolvectl.FOLDER));
  }

  private NameServers servers() {
    return new NameServers("wg0", new Placed(root.resolve("bin")), root);
  }

  private static InterfaceSettings settings() {
    return new ConfigurationBuilder()
        .dns("10.7.0.53", "fd07::53")
        .domains("a.example", "~b.example")
        .build()
        .settings();
  }

  @Test
  void shouldPutTheRecordWhereDebiansResolvconfLooksFirst() throws Exception {
    program("resolvconf", "cat >> " + said + "\n");
    orderOfDebian();
    NameServers servers = servers();
    servers.set(settings());
    servers.remove();
    assertThat(said)
        .hasContent(
            """
            resolvconf -a tun.wg0 -m 0 -x
            nameserver 10.7.0.53
            nameserver fd07::53
            search a.example ~b.example
            resolvconf -d tun.wg0 -f
            """);
  }

  @Test
  void shouldTellResolvectlByTheNameOfResolvconfTheInterfacesOwnName() throws Exception {
    program("resolvectl", "");
    Files.createSymbolicLink(root.resolve("bin/resolvconf"), Path.of("resolvectl"));
    orderOfDebian();
    NameServers servers = servers();
    servers.set(settings());
    servers.remove();
    assertThat(said).hasContent("resolvconf -a wg0 -m 0 -x\nresolvconf -d wg0 -f\n");
  }

  @Test
  void shouldTellSystemdWithoutResolvconf() throws Exception {
    program("resolvectl", "");
    resolvedRuns();
    NameServers servers = servers();
    servers.check(settings());
    servers.set(settings());
    servers.remove();
    servers.remove();
    assertThat(said)
        .hasContent(
            """
            resolvectl dns wg0 10.7.0.53 fd07::53
            resolvectl domain wg0 ~. a.example ~b.example
            resolvectl default-route wg0 true
            resolvectl revert wg0
            """);
  }

  @Test
  void shouldTakeBackWhatSystemdTookInPart() throws Exception {
    program("resolvectl", "[ $1 != domain ] || { echo no such link; exit 1; }\n");
    resolvedRuns();
    NameServers servers = servers();
    assertThatThrownBy(() -> servers.set(settings()))
        .hasMessage(
            "DNS 10.7.0.53, fd07::53: resolvectl domain wg0 ~. a.example ~b.example: no such"
                + " link");
    servers.remove();
    assertThat(Files.readAllLines(said)).last().isEqualTo("resolvectl revert wg0");
    assertThat(Files.readAllLines(said)).hasSize(3);
  }

  @Test
  void shouldSayWhatIsMissingWhereSystemdsResolverDoesNotRun() throws Exception {
    program("resolvectl", "");
    assertThatThrownBy(() -> servers().check(settings()))
        .hasMessageContaining("there is no resolvconf in PATH, and no resolvectl");
    resolvedRuns();
    Files.delete(root.resolve("bin/resolvectl"));
    assertThatThrownBy(() -> servers().check(settings()))
        .hasMessageContaining("there is no resolvconf in PATH, and no resolvectl");
    assertThat(said).isEmptyFile();
  }

  /** Programs of one folder; our own process's PATH does not matter. */
  private record Placed(Path folder) implements CommandRunner {
    @Override
    public @Nullable Path find(String program) {
      Path file = folder.resolve(program);
      return Files.isExecutable(file) ? file : null;
    }

    @Override
    public CommandResult run(List<String> words, String input)
        throws IOException, InterruptedException {
      List<String> placed = new ArrayList<>(words);
      placed.set(0, folder.resolve(words.getFirst()).toString());
      return new SystemCommands(System.getenv()).run(placed, input);
    }

    @Override
    public int show(List<String> words, Consumer<String> lines) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void killRunning() {}
  }
}
