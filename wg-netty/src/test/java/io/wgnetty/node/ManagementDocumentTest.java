package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.control.FakeDevice;
import io.wgnetty.control.OperationsInspection;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.observe.EventFeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/management.md lists what a node can be asked, and nothing else. */
class ManagementDocumentTest {
  @Test
  void shouldListEveryRequest() throws IOException {
    String page = Files.readString(Path.of("../docs/management.md"));
    int begin = page.indexOf("| request | arguments | does |");
    Set<String> documented =
        page.substring(begin, page.indexOf("\n\n", begin))
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .collect(Collectors.toSet());
    var device = new FakeDevice();
    var operations =
        new FileOperations(Path.of("/wg0.conf"), new DirectoryRun())
            .addTo(
                NodeOperations.of(device, new EventFeed("wg0", new PeerLabels()), () -> null),
                device);
    NodeStarter starter =
        (name, tunFd, options) -> {
          throw new IOException("nothing is started here");
        };
    operations = new Upgrade(Map.of(), starter, () -> {}).addTo(operations);
    assertThat(documented).isEqualTo(OperationsInspection.words(operations));
  }
}
