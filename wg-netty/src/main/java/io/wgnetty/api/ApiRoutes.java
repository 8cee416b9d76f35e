package io.wgnetty.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.JsonText;
import io.wgnetty.client.PeerPages;
import io.wgnetty.node.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeSet;

/** What there is under which path. */
final class ApiRoutes {
  private static final String INTERFACES = "interfaces";

  /** A part of a path that may be anything. */
  private static final String ANY = "*";

  private static final int MAX_PAGE = 1000;
  private static final int USUAL_PAGE = 100;

  /** What is done for a request. */
  @FunctionalInterface
  private interface Action {
    ApiAnswer answer(ApiRequest request) throws ApiFailure, CommandFailure;
  }

  /** One of them. */
  private record Route(String method, List<String> path, Action action) {
    boolean isAt(List<String> asked) {
      if (asked.size() != path.size()) {
        return false;
      }
      for (int i = 0; i < path.size(); i++) {
        if (!path.get(i).equals(ANY) && !path.get(i).equals(asked.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private final ControlSockets sockets;
  private final Commands commands;
  private final PeerActions peers;
  private final List<Route> routes;

  ApiRoutes(ControlSockets sockets, Commands commands) {
    this.sockets = sockets;
    this.commands = commands;
    this.peers = new PeerActions(commands);
    this.routes =
        List.of(
            route("GET", "/v1/openapi.json", request -> ApiAnswer.json(200, description())),
            route("GET", "/v1/interfaces", this::interfaces),
            route("GET", "/v1/interfaces/*", this::node),
            route("GET", "/v1/interfaces/*/peers", this::page),
            route("GET", "/v1/interfaces/*/events", this::events),
            route("POST", "/v1/interfaces/*/peers", peers::add),
            route("GET", "/v1/interfaces/*/peers/*", this::peer),
            route("PATCH", "/v1/interfaces/*/peers/*", peers::change),
            route("DELETE", "/v1/interfaces/*/peers/*", peers::remove),
            route("POST", "/v1/interfaces/*/peers/*/disable", peers::disable),
            route("POST", "/v1/interfaces/*/peers/*/enable", peers::enable));
  }

  private static Route route(String method, String path, Action action) {
    return new Route(method, List.of(path.substring(1).split("/", -1)), action);
  }

  /** Each as {@code METHOD /path}, with * for what may be anything. */
  List<String> all() {
    return routes.stream()
        .map(each -> each.method() + " /" + String.join("/", each.path()))
        .toList();
  }

  ApiAnswer answer(ApiRequest request) throws ApiFailure {
    var others = new TreeSet<String>();
    for (Route route : routes) {
      if (route.isAt(request.path())) {
        if (route.method().equals(request.method())) {
          return answer(route, request);
        }
        others.add(route.method());
      }
    }
    if (others.isEmpty()) {
      throw ApiFailure.notFound("there is nothing here; see the description of the API");
    }
    throw new ApiFailure(
        HttpResponseStatus.METHOD_NOT_ALLOWED, "here is " + String.join(", ", others));
  }

  private static ApiAnswer answer(Route route, ApiRequest request) throws ApiFailure {
    try {
      return route.action().answer(request);
    } catch (CommandFailure e) {
      throw ApiFailure.of(e);
    }
  }

  private ApiAnswer interfaces(ApiRequest request) throws CommandFailure {
    var json = new JsonText().beginObject().name(INTERFACES).beginArray();
    sockets.running().forEach(json::value);
    return ApiAnswer.json(200, json.endArray().endObject().toString());
  }

  private PeerPages pages(ApiRequest request) throws ApiFailure {
    return new PeerPages(sockets, request.interfaceName());
  }

  private ApiAnswer node(ApiRequest request) throws ApiFailure, CommandFailure {
    return ApiAnswer.json(200, pages(request).node());
  }

  private ApiAnswer page(ApiRequest request) throws ApiFailure, CommandFailure {
    String after = request.query().get("after");
    String label = request.query().getOrDefault("name", "");
    if (label.length() > 256 || label.chars().anyMatch(Character::isISOControl)) {
      throw ApiFailure.badRequest("name is a part of a peer's name");
    }
    return ApiAnswer.json(
        200,
        pages(request)
            .page(
                after == null ? null : ApiRequest.key(after),
                request.number("limit", USUAL_PAGE, MAX_PAGE),
                label));
  }

  private ApiAnswer peer(ApiRequest request) throws ApiFailure, CommandFailure {
    String document = pages(request).peer(request.peer());
    if (document == null) {
      throw ApiFailure.notFound("the running interface has no peer with this key");
    }
    return ApiAnswer.json(200, document);
  }

  private ApiAnswer events(ApiRequest request) throws ApiFailure, CommandFailure {
    String name = request.interfaceName();
    pages(request).node(); // or it is not running
    return ApiAnswer.lines(
        out -> {
          var said = new ByteArrayOutputStream();
          commands.run(
              InputStream.nullInputStream(),
              out,
              new PrintStream(said, true, UTF_8),
              "events",
              "--json",
              name);
        });
  }

  private static String description() {
    try (InputStream file = ApiRoutes.class.getResourceAsStream("/docs/openapi.json")) {
      return new String(requireNonNull(file, "openapi.json").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A failure as a document. */
  static String failure(String message) {
    return new JsonText().beginObject().name("error").value(message).endObject().toString();
  }
}
