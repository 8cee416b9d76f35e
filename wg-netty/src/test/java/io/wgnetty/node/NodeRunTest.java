package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NodeRunTest {
  @TempDir private Path temporary;

  private FakeNode node() {
    return new FakeNode("wg0", temporary.resolve("closed"));
  }

  private NodeRun start(FakeNode node) throws IOException {
    return NodeRun.start(
        (name, tunFd, options) -> node,
        "wg0",
        null,
        null,
        NodeOptions.DEFAULT,
        temporary,
        (operations, device) -> operations);
  }

  @Test
  void shouldEndWhenInterfaceIsGone() throws Exception {
    FakeNode node = node();
    try (NodeRun run = start(node)) {
      node.gone.complete(null);
      assertThat(run.awaitEnd()).contains("interface was removed");
    }
    assertThat(node.closed).isEqualTo(1);
    assertThat(temporary.resolve("wg0.sock")).doesNotExist();
  }

  @Test
  void shouldEndWhenSocketFileIsRemoved() throws Exception {
    FakeNode node = node();
    try (NodeRun run = start(node)) {
      Files.delete(temporary.resolve("wg0.sock"));
      assertThat(run.awaitEnd()).contains("socket file was removed");
    }
    assertThat(node.closed).isEqualTo(1);
  }

  @Test
  void shouldCloseOnceOnly() throws IOException {
    FakeNode node = node();
    NodeRun run = start(node);
    run.close();
    run.close();
    assertThat(node.closed).isEqualTo(1);
  }

  @Test
  void shouldLeaveNothingBehindIfTheSocketIsTaken() throws IOException {
    NodeRun first = start(node());
    try {
      FakeNode second = node();
      assertThatThrownBy(() -> start(second)).hasMessageContaining("running program");
      assertThat(second.closed).isEqualTo(1);
      assertThat(temporary.resolve("wg0.sock")).exists();
    } finally {
      first.close();
    }
  }

  @Test
  void shouldEndCommandWithZeroAndSayReadyBefore() throws Exception {
    FakeNode node = node();
    Path answers = Files.createFile(temporary.resolve("answers"));
    try (var descriptor = ReadyDescriptor.open(answers)) {
      var environment = java.util.Map.of("WG_NETTY_READY_FD", Integer.toString(descriptor.fd()));
      var command =
          CompletableFuture.supplyAsync(
              () ->
                  CommandLineRun.of(
                      "",
                      Path.of("/dev/null"),
                      environment,
                      (name, tunFd, options) -> node,
                      temporary,
                      "wg0"));
      org.awaitility.Awaitility.await().until(descriptor::isClosed);
      assertThat(answers).hasContent("ready\n");
      assertThat(temporary.resolve("wg0.sock")).exists();
      node.gone.complete(null);
      assertThat(command.get(10, TimeUnit.SECONDS)).isEqualTo(new CommandLineRun(0, "", ""));
    }
  }

  @Test
  void shouldEndCommandWithOneWhenTheInterfaceDoesNotWorkAnyMore() throws Exception {
    FakeNode node = node();
    var command =
        CompletableFuture.supplyAsync(
            () ->
                CommandLineRun.of(
                    "",
                    Path.of("/dev/null"),
                    java.util.Map.of(),
                    (name, tunFd, options) -> node,
                    temporary,
                    "wg0"));
    org.awaitility.Awaitility.await().until(() -> Files.exists(temporary.resolve("wg0.sock")));
    node.gone.completeExceptionally(new IOException("a loop has ended"));
    CommandLineRun run = command.get(10, TimeUnit.SECONDS);
    assertThat(run.exitCode()).as("a service manager starts it again").isEqualTo(1);
    assertThat(run.err()).isEqualTo("wg-netty: wg0: a loop has ended\n");
    assertThat(node.closed).isEqualTo(1);
    assertThat(temporary.resolve("wg0.sock")).doesNotExist();
  }
}
