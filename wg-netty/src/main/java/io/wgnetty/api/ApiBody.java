package io.wgnetty.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.TypeAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose members become options of a command. Members that nobody knows are refused: a
 * misspelt one would otherwise be passed over.
 */
final class ApiBody {
  /** What a member is. */
  enum Kind {
    TEXT,
    /** An array of texts; joined by commas. */
    LIST,
    NUMBER
  }

  /** How one member is said on a command line. */
  record Member(String option, Kind kind) {}

  /** Goes in by standard input, never among the words, which others can see. */
  static final String PRESHARED_KEY = "preshared_key";

  private static final TypeAdapter<JsonElement> JSON = new Gson().getAdapter(JsonElement.class);

  private final JsonObject object;

  private ApiBody(JsonObject object) {
    this.object = object;
  }

  static ApiBody of(byte[] bytes) throws ApiFailure {
    try {
      JsonElement element = JSON.fromJson(new String(bytes, UTF_8));
      if (element != null && element.isJsonObject()) {
        return new ApiBody(element.getAsJsonObject());
      }
    } catch (JsonParseException | IOException | StackOverflowError e) {
      throw ApiFailure.badRequest("the body is no JSON");
    }
    throw ApiFailure.badRequest("the body is to be a JSON object");
  }

  /**
   * The options that stand for its members.
   *
   * @param known by the members' names
   */
  List<String> options(Map<String, Member> known) throws ApiFailure {
    List<String> options = new ArrayList<>();
    for (String name : object.keySet()) {
      if (name.equals(PRESHARED_KEY)) {
        options.addAll(presharedKey() == null ? List.of("--no-psk") : List.of("--psk", "-"));
        continue;
      }
      Member member = known.get(name);
      if (member == null) {
        throw ApiFailure.badRequest(
            "there is no member "
                + name
                + "; there are "
                + String.join(", ", known.keySet().stream().sorted().toList())
                + " and "
                + PRESHARED_KEY);
      }
      options.add(member.option() + "=" + text(name, object.get(name), member.kind()));
    }
    return options;
  }

  boolean isEmpty() {
    return object.isEmpty();
  }

  /** Takes a member out; {@code null} if there is none. */
  @Nullable String take(String name) throws ApiFailure {
    JsonElement element = object.remove(name);
    return element == null ? null : text(name, element, Kind.TEXT);
  }

  /** The pre-shared key, if one is given. */
  @Nullable String presharedKey() throws ApiFailure {
    JsonElement element = object.get(PRESHARED_KEY);
    return element == null || element.isJsonNull() ? null : text(PRESHARED_KEY, element, Kind.TEXT);
  }

  private static String text(String name, JsonElement element, Kind kind) throws ApiFailure {
    return switch (kind) {
      case TEXT -> {
        if (element instanceof JsonPrimitive text && text.isString()) {
          yield text.getAsString();
        }
        throw ApiFailure.badRequest(name + " is to be a text");
      }
      case NUMBER -> {
        if (element instanceof JsonPrimitive number
            && number.isNumber()
            && number.getAsString().matches("[0-9]{1,9}")) {
          yield number.getAsString();
        }
        throw ApiFailure.badRequest(name + " is to be a whole number");
      }
      case LIST -> list(name, element);
    };
  }

  private static String list(String name, JsonElement element) throws ApiFailure {
    List<String> values = new ArrayList<>();
    if (!element.isJsonArray()) {
      throw ApiFailure.badRequest(name + " is to be an array of texts");
    }
    for (JsonElement each : element.getAsJsonArray()) {
      String text = text(name, each, Kind.TEXT);
      if (text.indexOf(',') >= 0) {
        throw ApiFailure.badRequest(name + ": one value each, without commas");
      }
      values.add(text);
    }
    return String.join(",", values);
  }
}
