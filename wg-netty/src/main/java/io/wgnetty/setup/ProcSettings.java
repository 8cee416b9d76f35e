package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The settings below {@code /proc/sys}. */
public final class ProcSettings implements KernelSettings {
  private static final Path ROOT = Path.of("/proc/sys");

  @Override
  public boolean has(String path) {
    return Files.exists(ROOT.resolve(path));
  }

  @Override
  public String read(String path) throws IOException {
    // In one piece: of a number there, a second read would find nothing left.
    try (var reader = Files.newBufferedReader(ROOT.resolve(path))) {
      String line = reader.readLine();
      return line == null ? "" : line.strip();
    }
  }

  @Override
  public void write(String path, String value) throws IOException {
    Files.writeString(ROOT.resolve(path), value);
  }
}
