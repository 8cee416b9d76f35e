package io.wgnetty;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A file of test vectors in the test resources. */
public final class VectorFile {
  private VectorFile() {}

  /** Reads {@code vectors/<name>.json}. */
  public static JsonElement read(String name) {
    String path = "/vectors/" + name + ".json";
    try (InputStream in = VectorFile.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no such vectors: " + path);
      }
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
