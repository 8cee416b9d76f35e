package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
  private static final String PROPERTY = "wgnetty.test.library";

  @AfterEach
  void clearProperty() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void shouldSayWhatItLookedForAndHowToNameIt() {
    NativeLibrary library =
        NativeLibrary.find(PROPERTY, List.of("libnosuch.so.7"), List.of("function"));
    assertThat(library.whyMissing()).contains("libnosuch.so.7").contains(PROPERTY);
  }

  @Test
  void shouldFindALibraryThroughTheLoader() throws Throwable {
    NativeLibrary library = NativeLibrary.find(PROPERTY, List.of("libc.so.6"), List.of("getpid"));
    assertThat(library.whyMissing()).isEmpty();
    MethodHandle getpid = library.function("getpid", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    assertThat((int) getpid.invokeExact()).isEqualTo((int) ProcessHandle.current().pid());
  }

  @Test
  void shouldRefuseALibraryThatLacksASymbol() {
    NativeLibrary library =
        NativeLibrary.find(PROPERTY, List.of("libc.so.6"), List.of("getpid", "no_such_symbol"));
    assertThat(library.whyMissing()).contains("lacks no_such_symbol");
  }

  @Test
  void shouldUseOnlyTheLibraryThatThePropertyNames() {
    System.setProperty(PROPERTY, "/nonexistent/library.so");
    NativeLibrary library = NativeLibrary.find(PROPERTY, List.of("libc.so.6"), List.of("getpid"));
    assertThat(library.whyMissing()).contains("/nonexistent/library.so");
  }

  @Test
  void shouldLookIntoTheProgramsOwnFolderLast(@TempDir Path folder) throws Exception {
    String loaded =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(line -> line.endsWith("/libc.so.6"))
            .map(line -> line.substring(line.indexOf('/')))
            .findFirst()
            .orElseThrow();
    Files.createSymbolicLink(folder.resolve("libours.so.7"), Path.of(loaded));
    System.setProperty("wgnetty.libraries", folder.toString());
    try {
      List<String> names = List.of("libours.so.7");
      assertThat(NativeLibrary.find(PROPERTY, names, List.of("getpid")).whyMissing()).isEmpty();
    } finally {
      System.clearProperty("wgnetty.libraries");
    }
    assertThat(
            NativeLibrary.find(PROPERTY, List.of("libours.so.7"), List.of("getpid")).whyMissing())
        .contains("libours.so.7");
  }

  @Test
  void shouldRefuseAFileThatIsNoLibrary(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("library.so"), "not one");
    System.setProperty(PROPERTY, file.toString());
    NativeLibrary library = NativeLibrary.find(PROPERTY, List.of(), List.of("getpid"));
    assertThat(library.whyMissing()).contains(file.toString());
  }

  @Test
  void shouldThrowOnlyWhenAMissingFunctionIsCalled() {
    NativeLibrary library = NativeLibrary.find(PROPERTY, List.of("libnosuch.so"), List.of("f"));
    MethodHandle handle =
        library.shortFunction(
            "f", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    assertThatThrownBy(
            () -> {
              int result = (int) handle.invokeExact(1L);
              assertThat(result).isNull();
            })
        .isInstanceOf(UnsatisfiedLinkError.class)
        .hasMessageContaining("libnosuch.so");
  }
}
