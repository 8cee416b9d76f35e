package io.wgnetty.setup;

import static io.wgnetty.netlink.OwnNamespace.exec;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceOptions;
import io.wgnetty.netlink.OwnNamespace;
import io.wgnetty.tun.TunDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What wg-quick makes of a file and what we make of it, each in a namespace of its own: addresses,
 * MTU, routes, rules, firewall, mark.
 */
@Tag("namespace")
@EnabledIf("hasWgQuick")
class WgQuickComparisonNamespaceTest {
  private static final String NAME = "wq" + ProcessHandle.current().pid() % 100_000_000;

  private static final String PRIVATE_KEY = "eCtXsJZ27+4PbhDkHnB923tkUn2Gj59wZw5wFA75MnU=";
  private static final String FIRST = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
  private static final String SECOND = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=";

  @TempDir Path folder;

  static boolean hasWgQuick() {
    var commands = new SystemCommands(System.getenv());
    return commands.has("wg-quick") && commands.has("wireguard-go");
  }

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "Address = 10.7.0.1/24, fd07::1/64; Address = 10.8.0.1"
            + " | 10.7.0.2/32, 192.168.5.0/24, fd07::2/128, fd55::/48, 10.7.0.0/16"
            + " | 10.99.0.0/16, 2001:db8::5, 10.8.0.1/32",
        "Address = 10.7.0.1/24; Table = off; MTU = 1333 | 0.0.0.0/0, 10.66.0.0/16 | ::/0",
        "Address = 10.7.0.1/24, fd07::1/64; Table = 123"
            + " | 0.0.0.0/0, ::/0, 10.66.0.0/16, 10.7.0.2/32, fd99::/16 | 10.5.0.0/16",
        "Address = 10.7.0.1/24, fd07::1/64; Table = 70000 | 0.0.0.0/0, ::/0 | 10.5.0.0/16",
        "Address = 10.7.0.1/24, fd07::1/64 | 0.0.0.0/0, ::/0 | 10.99.0.0/16, 10.7.0.9/32",
        "Address = 10.7.0.1/24 | 0.0.0.0/0 | 10.1.0.0/16",
        "Address = 10.7.0.1/24, fd07::1/64 | ::/0 | 10.1.0.0/16",
        "Address = 10.7.0.1/24; FwMark = 0x1234 | 0.0.0.0/0 | 10.1.0.0/16",
        "Address = 10.7.0.1/24; FwMark = 200 | 0.0.0.0/0 | 10.1.0.0/16",
        "Address = 10.7.0.1/24; FwMark = 0x1234 | 10.50.0.0/16 | 10.1.0.0/16",
        "Address = 10.7.0.1/24, fd07::1/64 | 0.0.0.0/1, 128.0.0.0/1, ::/1, 8000::/1 | 10.1.0.0/16",
        "Address = 10.7.0.1/31, 10.9.0.5/30, 10.10.0.1/0, 10.7.0.9/24, 127.0.0.9/32"
            + " | 10.50.0.0/24 | 10.7.0.8/32",
        "Address = 169.254.3.3/16, fe80::77/64 | 169.254.9.9/32, fe80::1/128 | 10.1.0.0/16",
        "ListenPort = 45872 | 10.50.0.0/24, fd01::/64 | 0.0.0.0/0",
        "Address = 10.7.0.1/24; MTU = 1280; Table = auto | 10.50.0.0/24 | 10.7.0.0/24",
        "Address = 10.7.0.1/24; PostUp = ip route add 10.44.0.0/16 dev %i metric 7"
            + " | 10.50.0.0/24 | 10.7.0.0/25",
        "Address = 10.7.0.1/24; PostUp = ip rule add fwmark 8 table 77; PostDown = ip rule del table 77"
            + " | 0.0.0.0/0 | 10.7.0.0/25",
        "Address = 10.7.0.1/24; PreUp = ip rule add fwmark 7 table 77 | 0.0.0.0/0 | 10.7.0.0/25",
      })
  void shouldMakeOfAFileWhatWgQuickMakesOfIt(String settings, String first, String second)
      throws Exception {
    String text =
        "[Interface]\nPrivateKey = %s\n%s\n".formatted(PRIVATE_KEY, settings.replace("; ", "\n"))
            + "[Peer]\nPublicKey = %s\nAllowedIPs = %s\nEndpoint = 192.0.2.9:1234\n"
                .formatted(FIRST, first)
            + "[Peer]\nPublicKey = %s\nAllowedIPs = %s\n".formatted(SECOND, second);
    Path file = Files.writeString(folder.resolve(NAME + ".conf"), text);
    Files.setPosixFilePermissions(file, Set.of(PosixFilePermission.OWNER_READ));
    var theirs = new AtomicReference<States>();
    OwnNamespace.run(() -> theirs.set(withWgQuick(file)));
    var ours = new AtomicReference<States>();
    OwnNamespace.run(() -> ours.set(withOurs(text)));
    assertThat(ours.get()).isNotNull().isEqualTo(theirs.get());
  }

  /** How a namespace looks while the interface is up, and after it went down. */
  private record States(String up, String down) {}

  private static States withWgQuick(Path file) throws IOException {
    Surroundings.make();
    String unusedUp =
        exec("env", "WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go", "wg-quick", "up", "" + file);
    String up = Surroundings.state(NAME) + exec("wg", "show", NAME, "fwmark");
    String unusedDown = exec("wg-quick", "down", "" + file);
    return new States(up, Surroundings.withoutInterface());
  }

  /**
   * The one thing that is more on purpose: behind each default route of ours stands one that
   * refuses.
   */
  private static String withoutRefusals(String state) {
    List<String> lines = state.lines().toList();
    var refusal = Pattern.compile("unreachable default (dev lo )?table \\d+ .*metric \\d{10}.*");
    assertThat(lines.stream().filter(line -> refusal.matcher(line).matches()).count())
        .isEqualTo(lines.stream().filter(line -> line.contains("not from all fwmark")).count());
    return lines.stream()
        .filter(line -> !refusal.matcher(line).matches())
        .collect(Collectors.joining("\n"));
  }

  private static States withOurs(String text) throws Exception {
    Surroundings.make();
    ConfigurationResult read = ConfigurationReader.read(text.getBytes(StandardCharsets.UTF_8));
    Configuration configuration =
        Objects.requireNonNull(read.configuration(), () -> read.findings().toString());
    TunDevice tun = TunDevice.open(NAME);
    ConfiguredInterface running;
    String up;
    try (Device device = Device.open(DeviceOptions.of(tun).withLoops(1))) {
      running = InterfaceSetup.up(device, NAME, configuration, SetupTools.ofThisSystem(), c -> {});
      int mark = device.settings().fwmark();
      // wg-quick takes longer than the kernel needs to make an address valid.
      Awaitility.await().until(() -> !exec("ip", "addr").contains("tentative"));
      up =
          withoutRefusals(Surroundings.state(NAME))
              + (mark == 0 ? "off" : "0x" + Integer.toHexString(mark))
              + "\n";
      assertThat(running.down()).isEmpty();
    }
    assertThat(running.afterDown()).isEmpty();
    return new States(up, Surroundings.withoutInterface());
  }
}
