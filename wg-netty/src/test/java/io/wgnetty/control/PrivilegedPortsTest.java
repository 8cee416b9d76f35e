package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegedPortsTest {
  private static final String ALL = "000001ffffffffff";
  private static final String NET_ADMIN = "0000000000001000";
  private static final String NET_ADMIN_AND_BIND = "0000000000001400";

  @TempDir private Path proc;

  private PrivilegedPorts ports(String firstFree, String effective) throws IOException {
    Files.createDirectories(proc.resolve("sys/net/ipv4"));
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("sys/net/ipv4/ip_unprivileged_port_start"), firstFree + "\n");
    Files.writeString(
        proc.resolve("self/status"),
        "Name:\tjava\nCapPrm:\t" + ALL + "\nCapEff:\t" + effective + "\nCapBnd:\t" + ALL + "\n");
    return PrivilegedPorts.of(proc);
  }

  @Test
  void shouldRefusePortsBelowLimitWithoutCapability() throws IOException {
    PrivilegedPorts ports = ports("1024", NET_ADMIN);
    assertThat(ports.refuses(53)).isTrue();
    assertThat(ports.refuses(1023)).isTrue();
    assertThat(ports.refuses(1024)).isFalse();
    assertThat(ports.refuses(51820)).isFalse();
  }

  @Test
  void shouldNotRefuseRandomPort() throws IOException {
    assertThat(ports("1024", NET_ADMIN).refuses(0)).isFalse();
  }

  @Test
  void shouldRefuseNothingWithCapability() throws IOException {
    assertThat(ports("1024", NET_ADMIN_AND_BIND).refuses(53)).isFalse();
    assertThat(ports("1024", ALL).refuses(1)).isFalse();
  }

  @Test
  void shouldTakeLimitFromSystem() throws IOException {
    PrivilegedPorts ports = ports("80", NET_ADMIN);
    assertThat(ports.refuses(79)).isTrue();
    assertThat(ports.refuses(80)).isFalse();
    assertThat(ports("0", NET_ADMIN).refuses(1)).isFalse();
  }

  @Test
  void shouldRefuseNothingIfSystemDoesNotSay() {
    assertThat(PrivilegedPorts.of(proc).refuses(53)).isFalse();
  }

  @Test
  void shouldReadSystemsLimitWhole() throws Exception {
    Process cat =
        new ProcessBuilder("cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start").start();
    int limit = Integer.parseInt(new String(cat.getInputStream().readAllBytes(), UTF_8).strip());
    assertThat(PrivilegedPorts.ofProcess().firstFree()).isEqualTo(limit);
  }
}
