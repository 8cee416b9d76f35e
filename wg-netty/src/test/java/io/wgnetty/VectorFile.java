package io.wgnetty;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Reads the test vectors of {@code vectors/*.json}. */
public final class VectorFile {
  private VectorFile() {}

  public static JsonObject object(String name) {
    return read(name).getAsJsonObject();
  }

  public static List<JsonObject> array(String name) {
    return objects(read(name).getAsJsonArray());
  }

  public static List<JsonObject> objects(JsonObject parent, String key) {
    return objects(parent.getAsJsonArray(key));
  }

  public static byte[] hex(JsonObject object, String key) {
    return HexFormat.of().parseHex(text(object, key));
  }

  public static String text(JsonObject object, String key) {
    return object.get(key).getAsString();
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  public static JsonElement read(String name) {
    String path = "/vectors/" + name + ".json";
    try (InputStream in =
        Objects.requireNonNull(VectorFile.class.getResourceAsStream(path), path)) {
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
