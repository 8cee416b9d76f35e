package io.wgnetty.cipher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A library that brings the process down does so once. The stub is made by gcc, which it takes. */
@Timeout(120)
class LibraryMarkTest {
  private static final int CRASHED = -1;

  @TempDir private Path folder;
  private Path marks = Path.of("/");

  @BeforeEach
  void useMarksOfOurs() throws IOException {
    marks = Files.createDirectory(folder.resolve("marks"));
    System.setProperty(LibraryMark.PROPERTY, marks.toString());
  }

  @AfterEach
  void useTheUsual() {
    System.clearProperty(LibraryMark.PROPERTY);
  }

  private static String run(int status, List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    if (status == CRASHED) {
      assertThat(process.exitValue()).as(said).isNotZero();
      assertThat(said).contains("SIGSEGV");
    } else {
      assertThat(process.exitValue()).as(said).isEqualTo(status);
    }
    return said;
  }

  /** What looks like libIPSec_MB; the function of this name writes to where nothing is. */
  private Path stub(String crashing) throws Exception {
    StringBuilder text = new StringBuilder("static char manager[65536];\n");
    for (String function :
        List.of(
            "alloc_mb_mgr",
            "init_mb_mgr_auto",
            "free_mb_mgr",
            "imb_get_errno",
            "imb_quic_chacha20_poly1305")) {
      text.append("long ").append(function).append("() { ");
      text.append(function.equals(crashing) ? "*(volatile int *) 8 = 1; " : "");
      text.append("return ").append(function.equals("alloc_mb_mgr") ? "(long) manager" : "0");
      text.append("; }\n");
    }
    if (crashing.equals("loading")) {
      text.append(
          "__attribute__((constructor)) static void begin() { *(volatile int *) 8 = 1; }\n");
    }
    Path source = Files.writeString(folder.resolve("stub.c"), text.toString());
    Path library = folder.resolve("libstub.so");
    run(0, List.of("gcc", "-w", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
    return library;
  }

  private String probe(int status, Path library) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("error.log"));
    command.add("-D" + LibraryMark.PROPERTY + "=" + marks);
    command.add("-Dwgnetty.ipsecmb=" + library);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ProbeMain.class.getName());
    command.add("ipsec-mb");
    return run(status, command);
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(marks)) {
      return files.toList();
    }
  }

  @Test
  void shouldNotTryALibraryAgainThatBroughtAProcessDown() throws Exception {
    for (String function : List.of("imb_quic_chacha20_poly1305", "alloc_mb_mgr", "loading")) {
      Path library = stub(function);
      probe(CRASHED, library); // which may have been somebody who killed it
      probe(CRASHED, library);
      assertThat(left()).hasSize(2);
      for (int i = 0; i < 2; i++) {
        String said = probe(0, library);
        assertThat(said)
            .contains("cipher provider ipsec-mb is not available: it brought processes ")
            .contains(
                "down when it was tested; to try it again, remove "
                    + marks.resolve("tested-libstub.so-*"))
            .contains("begins with ");
        assertThat(left()).hasSize(2);
      }
      // Replaced, it is another library.
      Files.setLastModifiedTime(library, FileTime.fromMillis(1_000_000_000_000L));
      probe(CRASHED, library);
      assertThat(left()).hasSize(1);
      // And whoever removes the files has it tried again.
      Files.delete(left().getFirst());
      probe(CRASHED, library);
      Files.delete(left().getFirst());
    }
  }

  @Test
  void shouldLeaveNothingOfALibraryThatIsMerelyWrong() throws Exception {
    Path library = stub("");
    assertThat(probe(0, library)).contains("ipsec-mb is not available: it failed its self-test");
    assertThat(left()).isEmpty();
  }

  @Test
  void shouldNotTakeATestThatGoesOnForACrash() throws Exception {
    Path library = Files.writeString(folder.resolve("lib.so"), "some text");
    try (LibraryMark mark = LibraryMark.of(library, LibraryMark.Test.SHORT)) {
      assertThat(mark).isNotSameAs(LibraryMark.NONE);
      assertThat(left()).hasSize(1);
      assertThat(LibraryMark.crash(library)).isNull();
      // A process that had our number before us.
      Path file = left().getFirst();
      List<String> lines = Files.readAllLines(file);
      for (LibraryMark.Test test : LibraryMark.Test.values()) {
        Files.write(file, List.of(lines.get(0), lines.get(1), "12345", test.name()));
        assertThat(LibraryMark.crash(library)).isNull(); // somebody may have killed it
        Path second = Files.copy(file, marks.resolve("tested-lib.so-7-7"));
        Path third = Files.copy(file, marks.resolve("tested-lib.so-8-8"));
        assertThat(LibraryMark.crash(library)).contains("it brought processes down");
        Files.delete(third);
        if (test == LibraryMark.Test.LONG) {
          assertThat(LibraryMark.crash(library)).isNull();
        }
        Files.delete(second);
      }
      Files.write(file, List.of("rubbish"));
      assertThat(LibraryMark.crash(library)).isNull();
    }
    assertThat(left()).isEmpty();
  }

  /** Or a node that is killed now and then would be without its cipher some day. */
  @Test
  void shouldForgetWhatWasCutOffWhenATestComesToItsEnd() throws Exception {
    Path library = Files.writeString(folder.resolve("lib.so"), "some text");
    for (LibraryMark.Test test : LibraryMark.Test.values()) {
      LibraryMark present = LibraryMark.of(library, test);
      List<String> lines = Files.readAllLines(left().getFirst());
      List<String> dead = List.of(lines.get(0), lines.get(1), "12345", test.name());
      var otherTest =
          test == LibraryMark.Test.LONG ? LibraryMark.Test.SHORT : LibraryMark.Test.LONG;
      List<String> other = List.of(lines.get(0), lines.get(1), "12345", otherTest.name());
      Files.write(marks.resolve("tested-lib.so-7-7"), dead);
      Path ofTheOtherTest = Files.write(marks.resolve("tested-lib.so-8-8"), other);
      present.close();
      assertThat(left()).as("%s", test).containsExactly(ofTheOtherTest);
      Files.delete(ofTheOtherTest);
    }
  }

  @Test
  void shouldDoWithoutAFolder() throws IOException {
    System.setProperty(LibraryMark.PROPERTY, "/proc/no/such/folder");
    Path library = Files.writeString(folder.resolve("lib.so"), "some text");
    try (LibraryMark mark = LibraryMark.of(library, LibraryMark.Test.SHORT)) {
      assertThat(LibraryMark.crash(library)).isNull();
      assertThat(mark).isSameAs(LibraryMark.NONE);
    }
  }
}
