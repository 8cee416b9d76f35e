package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import java.util.function.Function;
import java.util.function.Supplier;

/** A provider that hands out only instances that passed {@link AeadSelfTest}. */
final class TestedAeadProvider implements AeadProvider {
  private final String name;
  private final Supplier<String> whyMissing;
  private final Supplier<Aead> factory;
  private final Function<LibraryMark.Test, LibraryMark> mark;
  private volatile boolean probed;
  private volatile String problem = "";

  /**
   * @param whyMissing what keeps the library from being used, empty if nothing; asked before the
   *     first instance is made
   */
  TestedAeadProvider(
      String name,
      Supplier<String> whyMissing,
      Supplier<Aead> factory,
      Function<LibraryMark.Test, LibraryMark> mark) {
    this.name = name;
    this.whyMissing = whyMissing;
    this.factory = factory;
    this.mark = mark;
  }

  /** One that brings no process down. */
  TestedAeadProvider(String name, Supplier<String> whyMissing, Supplier<Aead> factory) {
    this(name, whyMissing, factory, test -> LibraryMark.NONE);
  }

  /** What is wrong with an instance of a provider at some length; empty if nothing. */
  static String lengthProblem(AeadProvider provider, Aead aead) {
    var meanwhile =
        provider instanceof TestedAeadProvider one
            ? one.mark.apply(LibraryMark.Test.LONG)
            : LibraryMark.NONE;
    try {
      return AeadLengthTest.run(aead);
    } finally {
      meanwhile.close();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isAvailable() {
    return whyUnavailable().isEmpty();
  }

  @Override
  public String whyUnavailable() {
    if (!probed) {
      // Two threads may both probe; they find the same.
      problem = probe();
      probed = true;
    }
    return problem;
  }

  @Override
  public Aead create() {
    if (!isAvailable()) {
      throw new IllegalStateException("no cipher from " + name + ": " + problem);
    }
    Aead aead = factory.get();
    String failure = AeadSelfTest.run(aead);
    if (!failure.isEmpty()) {
      aead.close();
      throw new IllegalStateException("the cipher from " + name + " " + failure);
    }
    return aead;
  }

  private String probe() {
    // A missing symbol or a refused native access comes as an error of linkage, not an exception.
    try {
      String missing = whyMissing.get();
      if (!missing.isEmpty()) {
        return missing;
      }
      LibraryMark meanwhile = mark.apply(LibraryMark.Test.SHORT);
      try (Aead aead = factory.get()) {
        String failure = AeadSelfTest.run(aead);
        return failure.isEmpty() ? "" : "it failed its self-test: it " + failure;
      } finally {
        meanwhile.close();
      }
    } catch (RuntimeException | LinkageError e) {
      return "it failed: " + e;
    }
  }
}
