package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The settings below {@code /proc/sys}. */
public final class ProcSettings implements KernelSettings {
  private static final Path ROOT = Path.of("/proc/sys");

  @Override
  public String read(String path) throws IOException {
    return Files.readString(ROOT.resolve(path)).strip();
  }

  @Override
  public void write(String path, String value) throws IOException {
    Files.writeString(ROOT.resolve(path), value);
  }
}
