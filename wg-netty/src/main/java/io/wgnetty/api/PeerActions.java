package io.wgnetty.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.client.JsonText;
import io.wgnetty.client.QrSvg;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes of peers: each is a command, with its words for what was done or why not. */
final class PeerActions {
  private static final String PREFIX = "wg-netty: ";

  private static final Map<String, ApiBody.Member> OF_A_NEW_PEER =
      Map.ofEntries(
          Map.entry("name", text("--name")),
          Map.entry("public_key", text("--public-key")),
          Map.entry("addresses", list("--address")),
          Map.entry("allowed_ips", list("--allowed-ips")),
          Map.entry("sites", list("--site")),
          Map.entry("client_allowed_ips", list("--client-allowed-ips")),
          Map.entry("server_endpoint", text("--endpoint")),
          Map.entry("dns", list("--dns")),
          Map.entry("limit", text("--limit")),
          Map.entry("quota", text("--quota")),
          Map.entry("group", text("--group")),
          Map.entry("expires", text("--expires")));

  private static final Map<String, ApiBody.Member> OF_A_PEER =
      Map.of(
          "allowed_ips", list("--allowed-ips"),
          "sites", list("--site"),
          "endpoint", text("--endpoint"),
          "persistent_keepalive_seconds", new ApiBody.Member("--keepalive", ApiBody.Kind.NUMBER),
          "limit", text("--limit"),
          "quota", text("--quota"),
          "group", text("--group"),
          "expires", text("--expires"));

  private final Commands commands;

  PeerActions(Commands commands) {
    this.commands = commands;
  }

  private static ApiBody.Member text(String option) {
    return new ApiBody.Member(option, ApiBody.Kind.TEXT);
  }

  private static ApiBody.Member list(String option) {
    return new ApiBody.Member(option, ApiBody.Kind.LIST);
  }

  /** The client's file comes back in the answer, and is kept nowhere. */
  ApiAnswer add(ApiRequest request) throws ApiFailure {
    ApiBody body = ApiBody.of(request.body());
    List<String> words = words("add-peer", request);
    words.addAll(body.options(OF_A_NEW_PEER));
    words.addAll(List.of("--out", "-"));
    Done done = run(body.presharedKey(), words);
    return ApiAnswer.json(
        201,
        new JsonText()
            .beginObject()
            .name("report")
            .value(done.report())
            .name("client_configuration")
            .value(done.output())
            .name("client_qr")
            .valueOrNothing(
                "true".equals(request.query().get("qr")) ? QrSvg.of(done.output()) : null)
            .endObject()
            .toString());
  }

  ApiAnswer change(ApiRequest request) throws ApiFailure {
    ApiBody body = ApiBody.of(request.body());
    if (body.isEmpty()) {
      throw ApiFailure.badRequest("what is to change?");
    }
    String name = body.take("name");
    List<String> reports = new ArrayList<>();
    List<String> options = body.options(OF_A_PEER); // before anything is done
    if (name != null) {
      List<String> words = wordsOfOne("rename-peer", request);
      words.add("--");
      words.add(name);
      reports.add(run(null, words).report());
    }
    if (!options.isEmpty()) {
      List<String> words = wordsOfOne("change-peer", request);
      words.addAll(options);
      reports.add(run(body.presharedKey(), words).report());
    }
    return report(String.join("\n", reports));
  }

  ApiAnswer remove(ApiRequest request) throws ApiFailure {
    return report(run(null, wordsOfOne("remove-peer", request)).report());
  }

  ApiAnswer disable(ApiRequest request) throws ApiFailure {
    return report(run(null, wordsOfOne("disable-peer", request)).report());
  }

  ApiAnswer enable(ApiRequest request) throws ApiFailure {
    return report(run(null, wordsOfOne("enable-peer", request)).report());
  }

  private static List<String> words(String command, ApiRequest request) throws ApiFailure {
    return new ArrayList<>(List.of(command, request.interfaceName()));
  }

  private static List<String> wordsOfOne(String command, ApiRequest request) throws ApiFailure {
    List<String> words = words(command, request);
    words.add(request.peer().toBase64());
    return words;
  }

  private static ApiAnswer report(String report) {
    return ApiAnswer.json(
        200, new JsonText().beginObject().name("report").value(report).endObject().toString());
  }

  /** What a command has written. */
  private record Done(String output, String report) {}

  private Done run(@Nullable String input, List<String> words) throws ApiFailure {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Commands.Outcome outcome;
    try (var output = new PrintStream(out, true, UTF_8);
        var report = new PrintStream(err, true, UTF_8)) {
      byte[] in = (input == null ? "" : input + "\n").getBytes(UTF_8);
      outcome =
          commands.run(new ByteArrayInputStream(in), output, report, words.toArray(String[]::new));
    }
    String said = withoutPrefix(err.toString(UTF_8));
    if (outcome.status() != 0) {
      // Commands have one exit status for all failures, HTTP another one for what is not there.
      throw outcome.noSuchPeer()
          ? ApiFailure.notFound(said)
          : ApiFailure.of(outcome.status(), said);
    }
    return new Done(out.toString(UTF_8), said);
  }

  private static String withoutPrefix(String text) {
    return String.join(
        "\n",
        text.lines()
            .map(line -> line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line)
            .toList());
  }
}
