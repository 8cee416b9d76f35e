package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.config.Configuration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class LeftoversTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder file() {
    return new ConfigurationBuilder()
        .address("10.0.0.1/24")
        .dns("10.0.0.53")
        .peer(1, "0.0.0.0/0", "::/0")
        .hooks("", "", "pre-down", "post-down");
  }

  private Leftovers.CleanUp remove(ConfigurationBuilder file, boolean wasKilled) {
    Configuration configuration = file.build();
    return Leftovers.remove(
        "wg0", configuration.settings(), world.tools(), wasKilled, new ArrayList<String>()::add);
  }

  /** What the kernel does when the process that has the interface is gone. */
  private void kill() {
    world.network.routes.removeIf(route -> route.linkIndex() == FakeNetwork.WG);
    world.network.addresses.clear();
    world.journal.clear();
  }

  private String surroundings() {
    return world.network.rules
        + ""
        + world.network.routes
        + world.tables.keySet()
        + world.commands.left;
  }

  @Test
  void shouldRemoveWhatTheFileTells() throws Exception {
    world.network.addresses.clear();
    String before = surroundings();
    world.up(file());
    kill();
    assertThat(surroundings()).isNotEqualTo(before);
    Leftovers.CleanUp result = remove(file(), false);
    assertThat(surroundings()).isEqualTo(before);
    assertThat(result.failures()).isEmpty();
    assertThat(result.done())
        .containsExactly(
            "default routes with their rules and firewall", "name servers", "PostDown was run");
    assertThat(world.journal.lines()).contains("hook post-down").doesNotContain("hook pre-down");
  }

  @Test
  void shouldDoNothingWithoutASignOfANode() {
    assertThat(remove(file(), false).done()).isEmpty();
    assertThat(world.journal.lines()).isEmpty();
    assertThat(remove(file(), true).done()).containsExactly("name servers", "PostDown was run");
  }

  @Test
  void shouldLeaveWhatIsAtWork() throws Exception {
    world.up(file());
    String before = surroundings();
    assertThat(remove(file(), false).done()).isEmpty();
    assertThat(surroundings()).isEqualTo(before);
  }

  @Test
  void shouldGoOnWhenSomethingFails() throws Exception {
    world.up(file());
    kill();
    world.journal.failingLines.add("firewall remove ip wg-quick-wg0");
    world.journal.failingLines.add("hook post-down");
    Leftovers.CleanUp result = remove(file(), true);
    assertThat(result.failures()).hasSize(2);
    assertThat(result.done())
        .containsExactly("default routes with their rules and firewall", "name servers");
    assertThat(world.tables.keySet()).containsExactly("ip wg-quick-wg0");
  }
}
