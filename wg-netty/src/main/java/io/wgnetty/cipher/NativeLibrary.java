package io.wgnetty.cipher;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shared library of this machine, or the reason why there is none. Finding it never throws; a
 * function of a library that was not found throws when it is called.
 *
 * <p>Each library keeps its symbols to itself (the JDK opens it with RTLD_LOCAL): BoringSSL and
 * OpenSSL export the same names with other meanings and live side by side in one process.
 */
final class NativeLibrary {
  private static final String MULTIARCH =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> "x86_64-linux-gnu";
        case "riscv64" -> "riscv64-linux-gnu";
        default -> "aarch64-linux-gnu";
      };

  /** Where distributions keep libraries that the loader may not search. */
  private static final List<String> FOLDERS =
      List.of("/usr/lib/" + MULTIARCH, "/usr/lib64", "/usr/lib", "/lib64", "/usr/local/lib");

  /** System property: a folder of libraries that came with this program. */
  private static final String OWN_FOLDER = "wgnetty.libraries";

  private final @Nullable SymbolLookup symbols;
  private final String description;
  private final @Nullable Path file;

  private NativeLibrary(@Nullable SymbolLookup symbols, String description, @Nullable Path file) {
    this.symbols = symbols;
    this.description = description;
    this.file = file;
  }

  /**
   * Looks for the first library that exports all of the symbols.
   *
   * @param property the system property that names the library's path, and then alone decides
   * @param names sonames, or paths below the usual folders
   */
  static NativeLibrary find(String property, List<String> names, List<String> symbols) {
    String chosen = System.getProperty(property, "");
    String problem = "";
    for (String candidate : chosen.isEmpty() ? candidates(names) : List.of(chosen)) {
      Path file = file(candidate);
      String crash = file == null ? null : LibraryMark.crash(file);
      if (crash != null) {
        problem = crash;
        continue;
      }
      LibraryMark meanwhile = LibraryMark.of(file, LibraryMark.Test.LOADING);
      try {
        SymbolLookup lookup = open(candidate);
        List<String> missing =
            symbols.stream().filter(symbol -> lookup.find(symbol).isEmpty()).toList();
        if (missing.isEmpty()) {
          return new NativeLibrary(lookup, candidate, file);
        }
        problem = candidate + " lacks " + String.join(", ", missing);
      } catch (IllegalArgumentException e) {
        // Not there, or not a library for this machine: the next one may be.
        if (problem.isEmpty() && !chosen.isEmpty()) {
          problem = "cannot load " + chosen;
        }
      } catch (RuntimeException | LinkageError e) {
        // Native access is denied as a whole: the others would fail alike.
        return new NativeLibrary(null, "cannot load native libraries: " + e.getMessage(), null);
      } finally {
        meanwhile.close();
      }
    }
    return new NativeLibrary(
        null,
        (problem.isEmpty() ? "found no " + String.join(" or ", names) : problem)
            + " (the system property "
            + property
            + " may name one)",
        null);
  }

  /**
   * The file that the loader will probably take; {@code null} if it is not where they mostly are.
   */
  private static @Nullable Path file(String candidate) {
    if (candidate.indexOf(File.separatorChar) >= 0) {
      Path path = Path.of(candidate);
      return Files.isRegularFile(path) ? path : null;
    }
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, candidate))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(null);
  }

  /** It is tested from now on, until the mark is closed. */
  LibraryMark mark(LibraryMark.Test test) {
    return LibraryMark.of(file, test);
  }

  /** Why there is no library; empty if there is one. */
  String whyMissing() {
    return symbols == null ? description : "";
  }

  /** A function called in the ordinary way: it may wait and may take its time. */
  MethodHandle function(String symbol, FunctionDescriptor descriptor) {
    return bind(symbol, descriptor);
  }

  /** {@link #function} of up to six integers or pointers, see {@link NativeShape}. */
  MethodHandle function(String symbol) {
    return bind(symbol, NativeShape.SIX);
  }

  /** {@link #shortFunction} of up to six integers or pointers, see {@link NativeShape}. */
  MethodHandle shortFunction(String symbol) {
    return shortFunction(symbol, NativeShape.SIX);
  }

  /**
   * A function that returns within microseconds and never waits: called without the change of
   * thread state that would let a safepoint proceed meanwhile.
   */
  MethodHandle shortFunction(String symbol, FunctionDescriptor descriptor) {
    return bind(symbol, descriptor, Linker.Option.critical(false));
  }

  @SuppressWarnings("restricted") // the caller states the function's true signature
  private MethodHandle bind(
      String symbol, FunctionDescriptor descriptor, Linker.Option... options) {
    if (symbols == null) {
      return missing(symbol, descriptor.toMethodType());
    }
    MemorySegment address = symbols.findOrThrow(symbol);
    return Linker.nativeLinker().downcallHandle(address, descriptor, options);
  }

  private MethodHandle missing(String symbol, MethodType type) {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError(symbol + ": " + description);
    MethodHandle thrower =
        MethodHandles.throwException(type.returnType(), UnsatisfiedLinkError.class).bindTo(error);
    return MethodHandles.dropArguments(thrower, 0, type.parameterList());
  }

  @SuppressWarnings("restricted") // libraries are opened for the life of the process
  private static SymbolLookup open(String candidate) {
    return candidate.indexOf(File.separatorChar) >= 0
        ? SymbolLookup.libraryLookup(Path.of(candidate), Arena.global())
        : SymbolLookup.libraryLookup(candidate, Arena.global());
  }

  private static List<String> candidates(List<String> names) {
    List<String> candidates = new ArrayList<>();
    String own = System.getProperty(OWN_FOLDER, "");
    for (String name : names) {
      if (name.indexOf(File.separatorChar) < 0) {
        candidates.add(name);
      }
      for (String folder : FOLDERS) {
        candidates.add(folder + File.separatorChar + name);
      }
    }
    if (!own.isEmpty()) {
      // Last: those of the system are updated by it.
      names.forEach(name -> candidates.add(own + File.separatorChar + name));
    }
    return candidates;
  }
}
