package io.wgnetty.cipher;

import io.wgnetty.crypto.X25519;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An {@link X25519} that may or may not be on this machine: probed and tested once, when asked. */
final class X25519Candidate {
  private final String name;
  private final Supplier<String> whyMissing;
  private final Supplier<X25519> factory;
  private final Function<LibraryMark.Test, LibraryMark> mark;
  private @Nullable X25519 x25519;
  private String problem = "";
  private boolean probed;

  X25519Candidate(
      String name,
      Supplier<String> whyMissing,
      Supplier<X25519> factory,
      Function<LibraryMark.Test, LibraryMark> mark) {
    this.name = name;
    this.whyMissing = whyMissing;
    this.factory = factory;
    this.mark = mark;
  }

  /** One that brings no process down. */
  X25519Candidate(String name, Supplier<String> whyMissing, Supplier<X25519> factory) {
    this(name, whyMissing, factory, test -> LibraryMark.NONE);
  }

  String name() {
    return name;
  }

  /** Null if it is not available. */
  synchronized @Nullable X25519 get() {
    if (!probed) {
      probed = true;
      probe();
    }
    return x25519;
  }

  /** Empty if it is available. */
  synchronized String whyUnavailable() {
    return get() == null ? problem : "";
  }

  private void test(X25519 made) {
    String failure = X25519SelfTest.run(made);
    if (failure.isEmpty()) {
      x25519 = made;
    } else {
      problem = "it failed its self-test: it " + failure;
    }
  }

  private void probe() {
    // A missing symbol or a refused native access comes as an error of linkage, not an exception.
    try {
      problem = whyMissing.get();
      if (!problem.isEmpty()) {
        return;
      }
      LibraryMark meanwhile = mark.apply(LibraryMark.Test.AGREEMENT);
      try {
        test(factory.get());
      } finally {
        meanwhile.close();
      }
    } catch (RuntimeException | LinkageError e) {
      problem = "it failed: " + e;
    }
  }
}
