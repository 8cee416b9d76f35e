package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class StatusTest {
  @TempDir private Path directory;

  @Test
  void shouldSayInALineHowEachInterfaceIs() throws IOException {
    try (var wg0 =
            ClientNode.start(
                directory,
                "wg0",
                Map.of(
                    "status",
                    (arguments, out) -> {
                      out.line("state", "up");
                      out.line("file", "/etc/wireguard/wg0.conf");
                      out.line("pid", 7);
                    }));
        var wg1 = ClientNode.start(directory, "wg1", Map.of())) {
      wg0.device.setListenPort(51820);
      CommandLineRun run = wg1.call("status");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out().lines().toList())
          .satisfiesExactly(
              first ->
                  assertThat(first)
                      .startsWith("wg0: running for ")
                      .contains("port 51820, 0 peers", ", cipher ")
                      .endsWith("/etc/wireguard/wg0.conf, process 7"),
              second -> assertThat(second).startsWith("wg1: running").contains("no port"));
      assertThat(wg1.call("status", "wg1").out()).hasLineCount(1);
      JsonObject told =
          JsonParser.parseString(wg1.call("status", "--json", "wg0").out())
              .getAsJsonObject()
              .getAsJsonArray("interfaces")
              .get(0)
              .getAsJsonObject();
      assertThat(told.get("name").getAsString()).isEqualTo("wg0");
      assertThat(told.get("listen_port").getAsInt()).isEqualTo(51820);
      assertThat(told.get("file").getAsString()).isEqualTo("/etc/wireguard/wg0.conf");
      assertThat(told.get("uptime_seconds").isJsonNull()).isFalse();
      assertThat(wg1.call("status", "wg9").exitCode()).isEqualTo(3);
    }
    CommandLineRun nothing = ClientNode.call(directory, Map.of(), "status", "--json");
    assertThat(nothing.exitCode()).isEqualTo(3);
    assertThat(nothing.err()).contains("no interface is running");
    assertThat(JsonParser.parseString(nothing.out()).getAsJsonObject().getAsJsonArray("interfaces"))
        .isEmpty();
  }
}
