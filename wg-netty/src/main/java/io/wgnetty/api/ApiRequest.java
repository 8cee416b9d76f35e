package io.wgnetty.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.InterfaceName;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a client asks for.
 *
 * @param path its parts, without the percent signs
 * @param query the last value of each parameter
 * @param body JSON, or nothing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ApiRequest(String method, List<String> path, Map<String, String> query, byte[] body) {
  private static final int BASE64_CHARACTERS = 44;

  /** Where in paths an interface's name is, and a peer's key. */
  private static final int NAME = 2;

  private static final int PEER = 4;

  static ApiRequest of(String method, String uri, byte[] body) throws ApiFailure {
    try {
      var decoder = new QueryStringDecoder(uri);
      List<String> path =
          Stream.of(decoder.rawPath().split("/", -1)).skip(1).map(ApiRequest::decoded).toList();
      Map<String, String> query =
          decoder.parameters().entrySet().stream()
              .collect(
                  Collectors.toUnmodifiableMap(
                      Map.Entry::getKey, each -> each.getValue().getLast()));
      return new ApiRequest(method, path, query, body);
    } catch (IllegalArgumentException e) {
      throw ApiFailure.badRequest("this path cannot be decoded");
    }
  }

  /** Unlike in a form, + is itself in a path: keys have it. */
  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
  }

  /** The part of the path that is an interface's name. */
  String interfaceName() throws ApiFailure {
    String name = path.get(NAME);
    try {
      InterfaceName.check(name);
    } catch (CommandFailure e) {
      throw ApiFailure.notFound(String.valueOf(e.getMessage()));
    }
    if (name.startsWith("-")) {
      throw ApiFailure.notFound(name + " is not the name of an interface");
    }
    return name;
  }

  /** The part of the path that is a peer's public key. */
  PublicKey peer() throws ApiFailure {
    return key(path.get(PEER));
  }

  /** A key in base64, in the base64 of URLs, or in hexadecimal. */
  static PublicKey key(String text) throws ApiFailure {
    try {
      if (text.length() == 2 * PublicKey.BYTES) {
        return PublicKey.of(HexFormat.of().parseHex(text));
      }
      String standard = text.replace('-', '+').replace('_', '/');
      if (standard.length() == BASE64_CHARACTERS - 1) {
        standard += "=";
      }
      byte[] bytes = Base64.getDecoder().decode(standard);
      return PublicKey.of(bytes);
    } catch (IllegalArgumentException e) {
      throw ApiFailure.badRequest("a public key is 32 bytes in base64 or hexadecimal");
    }
  }

  /** A parameter that is a number. */
  int number(String name, int otherwise, int most) throws ApiFailure {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,7}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > most) {
      throw ApiFailure.badRequest(name + " is a number from 1 to " + most);
    }
    return Integer.parseInt(text);
  }
}
