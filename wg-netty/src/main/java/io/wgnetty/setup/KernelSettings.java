package io.wgnetty.setup;

import java.io.IOException;

/** The kernel's settings, by their paths below {@code /proc/sys}. */
public interface KernelSettings {
  /** Whether there is such a setting, or folder of settings. */
  boolean has(String path);

  String read(String path) throws IOException;

  void write(String path, String value) throws IOException;
}
