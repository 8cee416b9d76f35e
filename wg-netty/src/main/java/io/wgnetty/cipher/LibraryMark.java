package io.wgnetty.cipher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file that is there while a library is tested: if the library brings the process down, the file
 * stays, and the next process knows better than to test it again. A library that was replaced since
 * is another one. Where no such file can be written there is none.
 *
 * <p>Whoever kills a process leaves the same file. So a test has to be cut off more than once in a
 * row: those that are over in a moment, twice; the long one, which goes on while the node works
 * already, three times. One that comes to its end clears its library of what was before.
 */
final class LibraryMark implements AutoCloseable {
  /** Nothing is marked. */
  static final LibraryMark NONE = new LibraryMark(null, null, Test.SHORT);

  /** System property: the folder of such files. */
  static final String PROPERTY = "wgnetty.marks";

  /** The second is a service's, which may not write to /run, and outlives the machine's start. */
  private static final List<Path> FOLDERS =
      List.of(Path.of("/run/wg-netty"), Path.of("/var/lib/wg-netty"));

  private static final String PREFIX = "tested-";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final @Nullable Path file;
  private final @Nullable Path library;
  private final Test test;

  private LibraryMark(@Nullable Path file, @Nullable Path library, Test test) {
    this.file = file;
    this.library = library;
    this.test = test;
  }

  private static List<Path> folders() {
    String chosen = System.getProperty(PROPERTY, "");
    return chosen.isEmpty() ? FOLDERS : List.of(Path.of(chosen));
  }

  /** What is tested. */
  enum Test {
    /** The library is loaded. */
    LOADING(2),
    /** A key agreement. */
    AGREEMENT(2),
    /** Some packets. */
    SHORT(2),
    /** Packets of all lengths. */
    LONG(3);

    /** So many in a row that came to no end are the library's fault. */
    private final int enough;

    Test(int enough) {
      this.enough = enough;
    }
  }

  /** From now on, until this is closed, the library is tested. */
  static LibraryMark of(@Nullable Path library, Test test) {
    if (library == null) {
      return NONE;
    }
    ProcessHandle self = ProcessHandle.current();
    for (Path folder : folders()) {
      try {
        if (!Files.isDirectory(folder)) {
          var owner = PosixFilePermissions.fromString("rwx------");
          Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(owner));
        }
        Path file =
            folder.resolve(
                PREFIX + library.getFileName() + "-" + self.pid() + "-" + NUMBER.incrementAndGet());
        String text =
            identity(library) + "\n" + self.pid() + "\n" + start(self) + "\n" + test + "\n";
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE_NEW);
        return new LibraryMark(file, library, test);
      } catch (IOException | UnsupportedOperationException e) {
        // Not ours to write; the next folder may be.
      }
    }
    return NONE;
  }

  /** The file as it is now, in one line. */
  private static String identity(Path library) throws IOException {
    Path real = library.toRealPath();
    return real + " " + Files.size(real) + " " + Files.getLastModifiedTime(real).toMillis();
  }

  private static long start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** What is to be said of a library that brought a process down; {@code null} of all others. */
  static @Nullable String crash(Path library) {
    for (Path folder : folders()) {
      try (DirectoryStream<Path> marks =
          Files.newDirectoryStream(folder, PREFIX + library.getFileName() + "-*")) {
        Map<Test, Integer> found = new EnumMap<>(Test.class);
        for (Path mark : marks) {
          Test cut = read(mark, library);
          if (cut != null && found.merge(cut, 1, Integer::sum) >= cut.enough) {
            return "it brought processes down when it was tested; to try it again, remove "
                + folder.resolve(PREFIX + library.getFileName() + "-*");
          }
        }
      } catch (IOException | RuntimeException e) {
        // There is no such folder, or it is none of our business.
      }
    }
    return null;
  }

  /** Which test was cut off; {@code null} if none of this library was. */
  private static @Nullable Test read(Path mark, Path library) throws IOException {
    List<String> lines = Files.readAllLines(mark);
    if (lines.size() < 4 || lives(Long.parseLong(lines.get(1)), Long.parseLong(lines.get(2)))) {
      return null;
    }
    if (!lines.getFirst().equals(identity(library))) {
      Files.deleteIfExists(mark); // it was replaced since
      return null;
    }
    return Test.valueOf(lines.get(3));
  }

  /** A number is given to another process sooner or later, in a container at once. */
  private static boolean lives(long pid, long startMs) {
    return ProcessHandle.of(pid).map(process -> start(process) == startMs).orElse(false);
  }

  /** The test has come to its end: whoever cut those before off, it was not the library. */
  @Override
  public void close() {
    if (file == null || library == null) {
      return;
    }
    try (DirectoryStream<Path> marks =
        Files.newDirectoryStream(file.resolveSibling("."), PREFIX + library.getFileName() + "-*")) {
      Files.deleteIfExists(file);
      for (Path mark : marks) {
        if (read(mark, library) == test) {
          Files.deleteIfExists(mark);
        }
      }
    } catch (IOException | RuntimeException e) {
      return; // it says only what was; a process that lives is no crash
    }
  }
}
