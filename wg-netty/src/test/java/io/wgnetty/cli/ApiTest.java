package io.wgnetty.cli;

import static io.wgnetty.cli.ServedNode.WORD;
import static io.wgnetty.cli.ServedNode.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.wgnetty.api.ApiAccess;
import io.wgnetty.api.ApiServer;
import io.wgnetty.api.Commands;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.observe.MetricsAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiTest {
  private static final Path DESCRIPTION = Path.of("../docs/openapi.json");
  private static final InetSocketAddress ANY_PORT = MetricsAddress.parse("0");

  @TempDir private Path directory;
  private @Nullable ServedNode served;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws Exception {
    served = ServedNode.start(directory, true);
  }

  @AfterEach
  void stop() {
    if (served != null) {
      served.close();
    }
  }

  private ServedNode served() {
    return requireNonNull(served);
  }

  private ClientNode node() {
    return served().node;
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + served().port() + path);
  }

  private HttpResponse<String> ask(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + WORD)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private JsonObject get(String path) throws Exception {
    HttpResponse<String> response = ask("GET", path, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private static String urlSafe(PublicKey key) {
    return key.toBase64().replace('+', '-').replace('/', '_').replace("=", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Bearer", "Bearer wrong", "Basic " + WORD, WORD, "Bearer " + WORD + "x"})
  void shouldAnswerNobodyWithoutTheToken(String authorization) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("/v1/interfaces"));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(response.body()).doesNotContain("wg0");
  }

  @Test
  void shouldTellWhatRuns() throws Exception {
    served().addPeers(3);
    assertThat(get("/v1/interfaces").get("interfaces").getAsJsonArray()).hasSize(1);
    JsonObject told = get("/v1/interfaces/wg0");
    assertThat(told.get("peers").getAsInt()).isEqualTo(3);
    assertMatches("Interface", told);
  }

  @Test
  void shouldGiveAllPeersInPages() throws Exception {
    served().addPeers(250);
    Set<String> seen = new TreeSet<>();
    String after = "";
    int pages = 0;
    while (true) {
      JsonObject page = get("/v1/interfaces/wg0/peers?limit=100" + after);
      assertMatches("PeerPage", page);
      assertThat(page.get("total").getAsInt()).isEqualTo(250);
      for (JsonElement peer : page.get("peers").getAsJsonArray()) {
        assertMatches("Peer", peer.getAsJsonObject());
        String key = peer.getAsJsonObject().get("public_key").getAsString();
        assertThat(seen.add(key)).as("once: %s", key).isTrue();
      }
      pages++;
      if (page.get("next").isJsonNull()) {
        break;
      }
      String next = page.get("next").getAsString();
      after = "&after=" + next.replace("+", "%2B").replace("/", "%2F");
    }
    assertThat(seen).hasSize(250);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void shouldFindPeersByTheirNames() throws Exception {
    served().addPeers(20);
    node().device.setLabel(key(7), "Ada's phone");
    node().device.setLabel(key(9), "phone of Ben");
    JsonObject page = get("/v1/interfaces/wg0/peers?name=PHONE");
    assertThat(page.get("peers").getAsJsonArray()).hasSize(2);
    assertThat(get("/v1/interfaces/wg0/peers?name=nobody").get("peers").getAsJsonArray()).isEmpty();
  }

  @Test
  void shouldTellOfOnePeerHoweverItsKeyIsWritten() throws Exception {
    served().addPeers(2);
    String base64 = key(2).toBase64();
    for (String form :
        List.of(
            base64.replace("/", "%2F"),
            urlSafe(key(2)),
            HexFormat.of().formatHex(key(2).toBytes()))) {
      JsonObject peer = get("/v1/interfaces/wg0/peers/" + form);
      assertThat(peer.get("public_key").getAsString()).isEqualTo(base64);
      assertThat(peer.get("allowed_ips").getAsJsonArray().get(0).getAsString())
          .isEqualTo("10.0.0.2/32");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /, 404",
    "GET, /index.html, 404",
    "GET, /../etc/passwd, 404",
    "GET, /v1, 404",
    "GET, /v1/interfaces/, 404",
    "GET, /v1/interfaces/wg9, 404",
    "GET, /v1/interfaces/..%2F..%2Fetc, 404",
    "GET, /v1/interfaces/-x, 404",
    "GET, /v1/interfaces/wg0.conf/peers, 404",
    "DELETE, /v1/interfaces, 405",
    "GET, /v1/interfaces/wg0/peers/short, 400",
    "GET, /v1/interfaces/wg0/peers/%, 400",
    "GET, /v1/interfaces/wg0/peers/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, 404",
    "GET, /v1/interfaces/wg0/peers?limit=0, 400",
    "GET, /v1/interfaces/wg0/peers?limit=1001, 400",
    "GET, /v1/interfaces/wg0/peers?limit=ten, 400",
    "GET, /v1/interfaces/wg0/peers?after=x, 400",
    "GET, /v1/interfaces/wg9/events, 404",
    "POST, /v1/interfaces/wg0/peers, 400",
    "PATCH, /v1/interfaces/wg0/peers/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, 400",
  })
  void shouldSayWhatIsWrong(String method, String path, int status) throws Exception {
    HttpResponse<String> response;
    try {
      response = ask(method, path, "");
    } catch (IllegalArgumentException e) { // the client's own objection to a path
      response = null;
    }
    if (response != null) {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
      assertThat(error(response)).isNotBlank();
    }
  }

  private static String error(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject().get("error").getAsString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | no JSON",
        "[] | a JSON object",
        "{\"nam\": \"x\"} | no member nam",
        "{\"name\": 7} | name is to be a text",
        "{\"name\": null} | name is to be a text",
        "{\"sites\": \"10.0.0.0/8\"} | sites is to be an array",
        "{\"sites\": [\"10.0.0.0/8,::/0\"]} | without commas",
        "{\"public_key\": \"x\"} | ",
        "{\"name\": \"@/etc/passwd\\n\"} | ",
      })
  void shouldRefuseABodyThatSaysSomethingElse(String body, @Nullable String reason)
      throws Exception {
    HttpResponse<String> response = ask("POST", "/v1/interfaces/wg0/peers", body);
    assertThat(response.statusCode()).as(response.body()).isIn(400, 409);
    if (reason != null) {
      assertThat(error(response)).contains(reason);
    }
    assertThat(node().device.peerKeys()).isEmpty();
  }

  @Test
  void shouldAddAndRemoveAPeerAndTouchNoOther() throws Exception {
    served().addPeers(5);
    node().device.setPrivateKey(PrivateKey.fromHex("e8".repeat(32)));
    HttpResponse<String> added =
        ask(
            "POST",
            "/v1/interfaces/wg0/peers",
            "{\"name\": \"-phone\", \"public_key\": \"%s\", \"addresses\": [\"10.9.0.7\"], \"server_endpoint\": \"vpn.example.org:1\"}"
                .formatted(key(77).toBase64()));
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    JsonObject answer = JsonParser.parseString(added.body()).getAsJsonObject();
    assertMatches("Added", answer);
    assertThat(answer.get("client_configuration").getAsString())
        .contains("[Interface]", "Endpoint = vpn.example.org:1");
    assertThat(get("/v1/interfaces/wg0/peers/" + urlSafe(key(77))).get("name").getAsString())
        .isEqualTo("-phone");

    HttpResponse<String> again = ask("DELETE", "/v1/interfaces/wg0/peers/" + urlSafe(key(77)), "");
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertMatches("Report", JsonParser.parseString(again.body()).getAsJsonObject());
    assertThat(node().device.peerKeys()).hasSize(5);
    HttpResponse<String> gone = ask("DELETE", "/v1/interfaces/wg0/peers/" + urlSafe(key(77)), "");
    assertThat(gone.statusCode()).isEqualTo(404);
  }

  @Test
  void shouldTakeNoBodyWithoutEnd() throws Exception {
    HttpResponse<String> response =
        ask("POST", "/v1/interfaces/wg0/peers", "{\"name\":\"" + "x".repeat(2 << 20) + "\"}");
    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void shouldAnswerWhatIsNoHttpOnceAndHangUp() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), served().port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("EHLO nobody\r\n\r\n".getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 4");
    }
  }

  @Test
  void shouldNotMixWhatIsAskedBehindAStreamIntoIt() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), served().port())) {
      socket.setSoTimeout(3000);
      String request =
          "GET /v1/%s HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + WORD + "\r\n\r\n";
      String both = request.formatted("interfaces/wg0/events") + request.formatted("interfaces");
      socket.getOutputStream().write(both.getBytes(UTF_8));
      var answer = new StringBuilder();
      try {
        for (int next = socket.getInputStream().read();
            next >= 0;
            next = socket.getInputStream().read()) {
          answer.append((char) next);
        }
      } catch (java.net.SocketTimeoutException e) {
        assertThat(answer.toString()).contains("200 OK"); // nothing happens to peers here
      }
      assertThat(answer.toString().split("HTTP/1.1", -1)).as("one answer").hasSize(2);
    }
  }

  /** What is served is described, and the other way round. */
  @Test
  void shouldBeWhatItsDescriptionSays() throws Exception {
    JsonObject described = get("/v1/openapi.json");
    assertThat(described).isEqualTo(description());
    Set<String> operations = new TreeSet<>();
    described
        .getAsJsonObject("paths")
        .entrySet()
        .forEach(
            path ->
                path.getValue().getAsJsonObject().keySet().stream()
                    .filter(word -> !word.equals("parameters"))
                    .forEach(
                        method ->
                            operations.add(
                                method.toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.getKey().replaceAll("\\{[a-z]+}", "*"))));
    assertThat(new TreeSet<>(ApiServer.paths())).isEqualTo(operations);
  }

  private static JsonObject description() throws IOException {
    return JsonParser.parseString(Files.readString(DESCRIPTION)).getAsJsonObject();
  }

  /**
   * Its required members are there, and those that are described have the types that they should.
   */
  private static void assertMatches(String schema, JsonObject document) throws IOException {
    JsonObject wanted =
        description()
            .getAsJsonObject("components")
            .getAsJsonObject("schemas")
            .getAsJsonObject(schema);
    for (JsonElement required : wanted.getAsJsonArray("required")) {
      assertThat(document.has(required.getAsString())).as("%s", required).isTrue();
    }
    JsonObject properties = wanted.getAsJsonObject("properties");
    for (Map.Entry<String, JsonElement> member : document.entrySet()) {
      JsonObject described = properties.getAsJsonObject(member.getKey());
      if (described == null) {
        assertThat(wanted.has("additionalProperties")).as(member.getKey()).isTrue();
      } else {
        assertThat(types(described)).as(member.getKey()).contains(type(member.getValue()));
      }
    }
  }

  private static List<String> types(JsonObject schema) {
    JsonElement type = schema.get("type");
    if (type instanceof JsonArray several) {
      return several.asList().stream().map(JsonElement::getAsString).toList();
    }
    return List.of(type == null ? "object" : type.getAsString());
  }

  private static String type(JsonElement value) {
    if (value.isJsonNull()) {
      return "null";
    }
    if (value.isJsonArray()) {
      return "array";
    }
    if (value.isJsonObject()) {
      return "object";
    }
    var primitive = value.getAsJsonPrimitive();
    return primitive.isBoolean() ? "boolean" : primitive.isNumber() ? "integer" : "string";
  }

  @Test
  void shouldRefuseToBeOpenToEverybody() throws Exception {
    Path token = served().token;
    var elsewhere = MetricsAddress.parse("0.0.0.0:0");
    assertRefused(ANY_PORT, new ApiAccess(null, null, null, null), "who may ask?");
    assertRefused(elsewhere, new ApiAccess(token, null, null, null), "--cert and --key");
    assertRefused(ANY_PORT, new ApiAccess(token, token, null, null), "go together");
    assertRefused(ANY_PORT, new ApiAccess(null, null, null, token), "--client-ca needs");
    assertRefused(ANY_PORT, new ApiAccess(token, token, token, null), "no certificate and key");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    assertRefused(ANY_PORT, new ApiAccess(token, null, null, null), "chmod 600");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(token, "short\n");
    assertRefused(ANY_PORT, new ApiAccess(token, null, null, null), "at least 16");
    Files.delete(token);
    assertRefused(ANY_PORT, new ApiAccess(token, null, null, null), "no file with a token");
  }

  private void assertRefused(InetSocketAddress address, ApiAccess access, String reason) {
    assertThatThrownBy(
            () ->
                ApiServer.open(
                    address,
                    access,
                    false,
                    new ControlSockets(directory),
                    (in, out, err, words) -> new Commands.Outcome(0, false)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(reason);
  }

  /** It needs no token, since there is nothing in it; and nothing comes from elsewhere. */
  @Test
  void shouldServeAPageThatLoadsNothingFromElsewhere() throws Exception {
    for (String path : List.of("/", "/app.js", "/style.css")) {
      HttpResponse<String> page =
          http.send(
              HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.headers().firstValue("content-security-policy").orElse(""))
          .contains("default-src 'self'", "frame-ancestors 'none'");
      assertThat(page.body()).doesNotContain("http://", "https://", "innerHTML", "eval(");
    }
  }

  @Test
  void shouldGiveANewPeersFileAsAnImageOnRequest() throws Exception {
    node().device.setPrivateKey(PrivateKey.fromHex("e8".repeat(32)));
    String body =
        "{\"name\": \"%s\", \"addresses\": [\"10.9.0.%d\"], \"server_endpoint\": \"h:1\"}";
    JsonObject without =
        JsonParser.parseString(
                ask("POST", "/v1/interfaces/wg0/peers", body.formatted("one", 7)).body())
            .getAsJsonObject();
    assertThat(without.get("client_qr").isJsonNull()).isTrue();
    JsonObject with =
        JsonParser.parseString(
                ask("POST", "/v1/interfaces/wg0/peers?qr=true", body.formatted("two", 8)).body())
            .getAsJsonObject();
    assertMatches("Added", with);
    assertThat(with.get("client_qr").getAsString()).startsWith("<svg").endsWith("</svg>");
  }
}
