package io.wgnetty.crypto;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The known answers of one file under {@code vectors}. */
public record CryptoVectors(JsonObject root) {
  public static CryptoVectors load(String file) {
    String path = "/vectors/" + file;
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(CryptoVectors.class.getResourceAsStream(path), path),
            StandardCharsets.UTF_8)) {
      return new CryptoVectors(JsonParser.parseReader(reader).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JsonObject object(String name) {
    return root.getAsJsonObject(name);
  }

  public JsonArray array(String name) {
    return root.getAsJsonArray(name);
  }

  public List<JsonObject> objects(String name) {
    return array(name).asList().stream().map(e -> e.getAsJsonObject()).toList();
  }

  public static byte[] bytes(JsonObject vector, String name) {
    return HexFormat.of().parseHex(vector.get(name).getAsString());
  }

  /** A 64-bit counter, unsigned in the file. */
  public static long counter(JsonObject vector) {
    return vector.get("counter").getAsBigInteger().longValue();
  }
}
