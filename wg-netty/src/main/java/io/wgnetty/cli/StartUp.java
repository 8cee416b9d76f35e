package io.wgnetty.cli;

import io.wgnetty.observe.LastingLogging;

/**
 * What libraries would look for when they are loaded, told them before: a node has to be there half
 * a second after it was called, and searching every jar or starting a program takes too long.
 */
final class StartUp {
  private StartUp() {}

  static void prepare() {
    // Before any class makes a logger: the log goes on until the process has ended.
    System.setProperty("java.util.logging.manager", LastingLogging.class.getName());
    // SLF4J would search every jar for its providers, and say so if it does not.
    System.setProperty("slf4j.provider", "org.slf4j.jul.JULServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "WARN");
    // JNA would run ldconfig for the folders of libraries. It loads only libc, which is there.
    System.setProperty("jna.platform.library.path", "");
  }
}
