package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.INTERFACE;
import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PEER_B;
import static io.wgnetty.config.ConfigurationTexts.PRIVATE;
import static io.wgnetty.config.ConfigurationTexts.PSK;
import static io.wgnetty.config.ConfigurationTexts.accepted;
import static io.wgnetty.config.ConfigurationTexts.given;
import static io.wgnetty.config.ConfigurationTexts.isPrivate;
import static io.wgnetty.config.ConfigurationTexts.key;
import static io.wgnetty.config.ConfigurationTexts.peer;
import static io.wgnetty.config.ConfigurationTexts.read;
import static io.wgnetty.config.ConfigurationTexts.settings;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader accepts, and how it understands it (protocol 7.4, 7.5). */
class ConfigurationReaderTest {
  private static final String WHOLE =
      """
      # A comment in front
      [Interface]
      PrivateKey = %s
      ListenPort = 51820
      FwMark = 0xca6c
      Address = 10.0.0.1/24, fd00::1/64
      MTU = 1420
      DNS = 1.1.1.1, 2606:4700:4700::1111, example.org
      Table = off
      PreUp = echo pre  up
      PostUp = iptables -A FORWARD -i %%i -j ACCEPT; echo a # b
      PreDown = true
      PostDown = false
      SaveConfig = true

      [Peer]
      # Name = Bob's phone
      PublicKey = %s
      PresharedKey = %s
      AllowedIPs = 10.0.0.2/32, fd00::2
      AllowedIPs = 192.0.2.0/24
      Endpoint = vpn.example.org:51820
      PersistentKeepalive = 25

      [Peer]
      PublicKey = %s
      Endpoint = [2001:db8::1]:1
      """
          .formatted(PRIVATE, PEER_A, PSK, PEER_B);

  @Test
  void shouldReadEveryKey() {
    assertIsWhole(accepted(WHOLE));
  }

  private static void assertIsWhole(Configuration configuration) {
    InterfaceSettings settings = configuration.settings();
    assertThat(isPrivate(settings.privateKey())).isTrue();
    assertThat(settings.listenPort()).isEqualTo(51820);
    assertThat(settings.fwmark()).isEqualTo(0xca6c);
    assertThat(settings.addresses())
        .map(Object::toString)
        .containsExactly("10.0.0.1/24", "fd00::1/64");
    assertThat(settings.mtu()).isEqualTo(1420);
    assertThat(settings.dnsServers()).containsExactly("1.1.1.1", "2606:4700:4700::1111");
    assertThat(settings.dnsSearchDomains()).containsExactly("example.org");
    assertThat(settings.table()).isEqualTo(RouteTable.OFF);
    assertThat(settings.hooks())
        .isEqualTo(
            new Hooks(
                List.of("echo pre  up"),
                List.of("iptables -A FORWARD -i %i -j ACCEPT; echo a # b"),
                List.of("true"),
                List.of("false")));
    assertThat(settings.saveConfig()).isTrue();
    PeerSettings first = configuration.peers().getFirst();
    assertThat(first.publicKey()).isEqualTo(key(PEER_A));
    assertThat(first.presharedKey().toBase64()).isEqualTo(PSK);
    assertThat(first.allowedIps())
        .map(IpPrefix::toString)
        .containsExactly("10.0.0.2/32", "fd00::2/128", "192.0.2.0/24");
    assertThat(first.endpoint()).isEqualTo(new EndpointName("vpn.example.org", 51820));
    assertThat(first.keepaliveSeconds()).isEqualTo(25);
    assertThat(first.label()).isEqualTo("Bob's phone");
    PeerSettings second = configuration.peers().getLast();
    assertThat(second.publicKey()).isEqualTo(key(PEER_B));
    assertThat(second.presharedKey().isNone()).isTrue();
    assertThat(second.endpoint()).isEqualTo(new EndpointName("2001:db8::1", 1));
    assertThat(second.keepaliveSeconds()).isZero();
    assertThat(second.label()).isNull();
  }

  @Test
  void shouldReadTheSameWithLineEndsOfDos() {
    assertIsWhole(accepted(WHOLE.replace("\n", "\r\n")));
  }

  @Test
  void shouldReadTheSameBehindByteOrderMark() {
    assertIsWhole(accepted("\ufeff" + WHOLE));
  }

  @Test
  void shouldReadTheSameWithoutFinalLineEnd() {
    assertIsWhole(accepted(WHOLE.stripTrailing()));
  }

  @Test
  void shouldReadTheSameInAnyCase() {
    String text = WHOLE;
    for (String word : Keyword.NAMES) {
      text = text.replace("\n" + word + " ", "\n" + word.toUpperCase(Locale.ROOT) + " ");
    }
    assertIsWhole(accepted(text.replace("[Peer]", "[pEER]").replace("[Interface]", "[INTERFACE]")));
  }

  @Test
  void shouldReadTheSameWithTabsAndSpacesAnywhere() {
    String text =
        WHOLE
            .replace(" = ", "\t=  ")
            .replace("\n", " \t\u000b\f\n\t ")
            .replace("[Peer]", "[ P e\ter ]")
            .replace("ListenPort", "Listen Port")
            .replace("AllowedIPs", "Allowed IPs")
            .replace(PSK, PSK.replace("O", " O "))
            .replace("192.0.2.0/24", "192.0. 2.0 / 24")
            .replace("0xca6c", "0x ca6c");
    assertIsWhole(accepted(text));
  }

  @Test
  void shouldReadTheSameWithCommentsBehindEverythingButCommands() {
    String text =
        WHOLE
            .lines()
            .map(line -> line.matches("P(re|ost)(Up|Down).*") ? line : line + "#=[Peer] x")
            .reduce("", (a, b) -> a + "\n" + b);
    assertIsWhole(accepted(text.replace("phone#=[Peer] x", "phone")));
  }

  @Test
  void shouldReadTheSameFromSeveralInterfaceSections() {
    String text = WHOLE.replace("MTU", "[Interface]\nMTU").replace("SaveConfig = true\n", "");
    assertIsWhole(accepted(text + "[Interface]\nSaveConfig = true"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "\r\n\r\n", "# nothing\n", "\ufeff", "[Interface]", "[Interface]\n"})
  void shouldReadFileThatSaysNothing(String text) {
    Configuration configuration = accepted(text);
    assertThat(configuration.peers()).isEmpty();
    assertThat(configuration.settings())
        .isEqualTo(
            new InterfaceSettings(
                null,
                0,
                0,
                List.of(),
                null,
                List.of(),
                List.of(),
                RouteTable.AUTO,
                Hooks.NONE,
                false));
  }

  @Test
  void shouldLetTheLastOfSingleValuesCount() {
    InterfaceSettings settings =
        settings("MTU=1300\nMTU=1400\nListenPort=1\nListenPort=2\nTable=1\nTable=");
    assertThat(settings.mtu()).isEqualTo(1400);
    assertThat(settings.listenPort()).isEqualTo(2);
    assertThat(settings.table()).isEqualTo(RouteTable.AUTO);
    assertThat(peer("Endpoint=a:1\nEndpoint=b:2").endpoint()).isEqualTo(new EndpointName("b", 2));
    assertThat(
            accepted(INTERFACE + "[Peer]\nPublicKey=" + PEER_A + "\nPublicKey=" + PEER_B).peers())
        .map(PeerSettings::publicKey)
        .containsExactly(key(PEER_B));
  }

  @Test
  void shouldCollectListsAndCommands() {
    InterfaceSettings settings =
        settings(
            "Address=10.0.0.1\nAddress=10.0.0.2/8\nDNS=9.9.9.9\nDNS=a b\nPostUp=1\nPostUp=2\nPostUp=");
    assertThat(settings.addresses())
        .map(Object::toString)
        .containsExactly("10.0.0.1/32", "10.0.0.2/8");
    assertThat(settings.dnsServers()).containsExactly("9.9.9.9");
    assertThat(settings.dnsSearchDomains()).containsExactly("a", "b");
    assertThat(settings.hooks().postUp()).containsExactly("1", "2");
  }

  @Test
  void shouldCutAddressesAtSpacesAsTheShellDoes() {
    assertThat(settings("Address = 10.0.0.1/24 fd00::1/64,,\t10.0.0.3 ,").addresses())
        .map(Object::toString)
        .containsExactly("10.0.0.1/24", "fd00::1/64", "10.0.0.3/32");
  }

  @ParameterizedTest
  @CsvSource({
    "off, 0",
    "OFF, 0",
    "0, 0",
    "51820, 51820",
    "0xCA6C, 51820",
    "4294967295, -1",
    "0xffffffff, -1"
  })
  void shouldReadMarks(String text, int mark) {
    assertThat(settings("FwMark=" + text).fwmark()).isEqualTo(mark);
  }

  @ParameterizedTest
  @CsvSource({"off, 0", "Off, 0", "0, 0", "25, 25", "65535, 65535"})
  void shouldReadKeepaliveIntervals(String text, int seconds) {
    assertThat(peer("Endpoint=a:1\nPersistentKeepalive=" + text).keepaliveSeconds())
        .isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({
    "main, 254",
    "default, 253",
    "local, 255",
    "0, 0",
    "51820, 51820",
    "0x10, 16",
    "4294967295, -1"
  })
  void shouldReadTables(String text, int number) {
    assertThat(settings("Table=" + text).table()).isEqualTo(RouteTable.numbered(number));
  }

  @Test
  void shouldAskForNamesOfTablesAndServices() {
    var surroundings =
        new Surroundings() {
          @Override
          public OptionalInt routeTable(String name) {
            return name.equals("vpn") ? OptionalInt.of(77) : OptionalInt.empty();
          }

          @Override
          public OptionalInt udpService(String name) {
            return name.equals("openvpn") ? OptionalInt.of(1194) : OptionalInt.empty();
          }
        };
    String text =
        "[Interface]\nTable=vpn\nListenPort=openvpn\n[Peer]\nEndpoint=a:openvpn\nPublicKey="
            + PEER_A;
    Configuration configuration =
        given(ConfigurationReader.read(text.getBytes(UTF_8), surroundings));
    assertThat(configuration.settings().table()).isEqualTo(RouteTable.numbered(77));
    assertThat(configuration.settings().listenPort()).isEqualTo(1194);
    assertThat(configuration.peers().getFirst().endpoint()).isEqualTo(new EndpointName("a", 1194));
    assertThat(read(text).configuration()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1:51820, 192.0.2.1, 51820",
    "host_1.example-2.org:1, host_1.example-2.org, 1",
    "[2001:db8::1]:65535, 2001:db8::1, 65535",
    "[fe80::1%eth0]:5, fe80::1%eth0, 5",
    "[192.0.2.1]:5, 192.0.2.1, 5",
    "2001:db8::1:51820, 2001:db8::1, 51820"
  })
  void shouldReadEndpoints(String text, String host, int port) {
    assertThat(peer("Endpoint=" + text).endpoint()).isEqualTo(new EndpointName(host, port));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1 | 10.0.0.1/32",
        "fd00::1 | fd00::1/128",
        "10.1.2.3/8 | 10.0.0.0/8",
        "0.0.0.0/0,::/0 | 0.0.0.0/0 ::/0",
        "10.0.0.0/08 | 10.0.0.0/8",
        "10.0.0.0/8,10.0.0.0/8 | 10.0.0.0/8",
        "+10.0.0.0/8,+10.0.0.1 | 10.0.0.0/8 10.0.0.1/32",
        "+10.0.0.0/8,-10.0.0.0/8,+10.0.0.1 | 10.0.0.1/32",
        "-10.0.0.0/8 | ''",
        "::ffff:10.0.0.1 | ::ffff:a00:1/128"
      })
  void shouldReadAllowedIps(String text, String expected) {
    assertThat(peer("AllowedIPs=" + text).allowedIps())
        .map(IpPrefix::toString)
        .containsExactlyElementsOf(
            expected.isEmpty() ? List.of() : Arrays.asList(expected.split(" ")));
  }

  @Test
  void shouldMergeSectionsOfOnePeerAsTheyAreAppliedOneAfterTheOther() {
    String head = "[Peer]\nPublicKey=" + PEER_A + "\n";
    String first = head + "Endpoint=a:1\nPresharedKey=" + PSK + "\nAllowedIPs=10.0.0.1,10.0.0.2\n";
    List<PeerSettings> replaced =
        accepted(INTERFACE + first + head + "PersistentKeepalive=5\nAllowedIPs=10.0.0.3").peers();
    assertThat(replaced).hasSize(1);
    assertThat(replaced.getFirst().allowedIps())
        .map(IpPrefix::toString)
        .containsExactly("10.0.0.3/32");
    assertThat(replaced.getFirst().keepaliveSeconds()).isEqualTo(5);
    assertThat(replaced.getFirst().endpoint()).isEqualTo(new EndpointName("a", 1));
    assertThat(replaced.getFirst().presharedKey().toBase64()).isEqualTo(PSK);
    assertThat(accepted(INTERFACE + first + head + "AllowedIPs=-10.0.0.1,+10.0.0.4").peers())
        .flatExtracting(PeerSettings::allowedIps)
        .map(Object::toString)
        .containsExactly("10.0.0.2/32", "10.0.0.4/32");
  }

  @Test
  void shouldGiveSharedPrefixToTheLaterPeer() {
    List<PeerSettings> peers =
        accepted(
                INTERFACE
                    + ("[Peer]\nPublicKey=" + PEER_A + "\nAllowedIPs=10.0.0.0/8,10.0.0.1\n")
                    + ("[Peer]\nPublicKey=" + PEER_B + "\nAllowedIPs=10.0.0.1\n"))
            .peers();
    assertThat(peers.getFirst().allowedIps()).map(IpPrefix::toString).containsExactly("10.0.0.0/8");
    assertThat(peers.getLast().allowedIps()).map(IpPrefix::toString).containsExactly("10.0.0.1/32");
  }

  @Test
  void shouldTakeKeyOfZerosForNone() {
    String zeros = "A".repeat(43) + "=";
    assertThat(settings("PrivateKey=" + zeros).privateKey()).isNull();
    assertThat(peer("PresharedKey=" + PSK + "\nPresharedKey=" + zeros).presharedKey().isNone())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Name = Röchen\n[Peer]\nPublicKey=KEY",
        "# something\n#friendly_name=Röchen\n# else\n[Peer]\nPublicKey=KEY",
        "[Peer] # Name = Röchen\nPublicKey=KEY",
        "[Peer]\n## NAME =  Röchen\t\r\nPublicKey=KEY",
        "[Peer]\nPublicKey=KEY # name=Röchen",
        "[Peer]\nPublicKey=KEY\n# Friendly_Name = Röchen",
        "[Peer]\nPublicKey=KEY\n# Name = Röchen\n\n# Name = Other\n",
        "[Peer]\nPublicKey=KEY\n# Name = R\u0007öch\u202een",
        "[Peer]\nPublicKey=KEY\n# Name = Röchen\n[Interface]",
        "# Client: Röchen (b4a7f3a0-1b0e-4c35-8c0f-2f0a5a3d9d11)\n[Peer]\nPublicKey=KEY",
        "# Client: Röchen (12)\n[Peer]\nPublicKey=KEY",
        "# Client: Röchen\n[Peer]\nPublicKey=KEY",
        "### begin Röchen ###\n[Peer]\nPublicKey=KEY\n### end Röchen ###\n"
      })
  void shouldTakeLabelFromComment(String text) {
    assertThat(accepted(text.replace("KEY", PEER_A)).peers())
        .map(PeerSettings::label)
        .containsExactly("Röchen");
  }

  @Test
  void shouldTakeLabelOfInstallers() {
    String text = "### Client my-phone_2\n[Peer]\nPublicKey=" + PEER_A;
    assertThat(accepted(text).peers()).map(PeerSettings::label).containsExactly("my-phone_2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Client of ours",
        "### Client of ours",
        "### end x ###",
        "# Client:",
        "## begin x"
      })
  void shouldNotTakeOtherCommentsForLabels(String comment) {
    assertThat(peer(comment).label()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Limit = 20M\n[Peer]\nPublicKey=KEY",
        "# Name = a\n# Limit = 20M\n[Peer]\nPublicKey=KEY",
        "[Peer] # limit=20000k\nPublicKey=KEY",
        "[Peer]\nPublicKey=KEY # Limit = 20M\n",
        "[Peer]\nPublicKey=KEY\n#Limit = in 20M, out 20M\n\n# Limit = 5M\n",
      })
  void shouldTakeLimitFromComment(String text) {
    assertThat(accepted(text.replace("KEY", PEER_A)).peers())
        .map(peer -> peer.limit().toString())
        .containsExactly("20M");
  }

  @Test
  void shouldGiveNobodyAnothersLimit() {
    String text =
        """
        # Limit = 1M

        [Peer]
        PublicKey = %s
        # Limit = 2M
        [Peer]
        PublicKey = %s
        """
            .formatted(PEER_A, PEER_B);
    assertThat(accepted(text).peers())
        .map(peer -> peer.limit().toString())
        .containsExactly("off", "2M");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "", "1", "2T", "20M, 5M", "-1M", "0", "in", "20M;"})
  void shouldWarnOfLimitThatIsNone(String text) {
    ConfigurationResult result =
        ConfigurationReader.read(
            ("[Peer]\nPublicKey=" + PEER_A + "\n# Limit = " + text).getBytes(UTF_8));
    assertThat(result.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.line()).isEqualTo(3);
              assertThat(finding.message()).contains("limits nothing: ").contains("a second");
            });
    assertThat(requireNonNull(result.configuration()).peers().getFirst().limit().isNone()).isTrue();
  }

  @Test
  void shouldTellWhosePeersLabelIs() {
    String text =
        """
        # Name = Nobody
        [Interface]
        # Name = Nobody
        MTU=1400
        # Name=A
        [Peer]
        PublicKey=KEYA
        # Name = B
        [Peer]
        PublicKey=KEYB
        """;
    assertThat(accepted(text.replace("KEYA", PEER_A).replace("KEYB", PEER_B)).peers())
        .map(PeerSettings::label)
        .containsExactly("A", "B");
  }

  @Test
  void shouldShortenLabels() {
    assertThat(peer("#Name=" + "x".repeat(1000)).label()).isEqualTo("x".repeat(64));
  }

  @Test
  void shouldReadCommentsInAnyEncoding() {
    byte[] text = ("# Grüße\n" + WHOLE + "# äöü\n").getBytes(ISO_8859_1);
    assertIsWhole(given(ConfigurationReader.read(text)));
  }

  @Test
  void shouldKeepCommandsAsTheyAre() {
    assertThat(settings("PostUp =\t a\t \"b = c\"  # ä %i \t\r\nPOSTUP=x").hooks().postUp())
        .containsExactly("a\t \"b = c\"  # ä %i", "x");
  }

  @Test
  void shouldNotDependOnTheTextAfterwards() {
    byte[] text = WHOLE.getBytes(UTF_8);
    ConfigurationResult result = ConfigurationReader.read(text);
    Arrays.fill(text, (byte) 0);
    assertIsWhole(given(result));
  }

  @Test
  void shouldWipeAllSecrets() {
    Configuration configuration = accepted(WHOLE);
    configuration.wipe();
    assertThat(configuration.settings().privateKey()).isNotNull();
    assertThat(isWiped(configuration)).isTrue();
  }

  private static boolean isWiped(Configuration configuration) {
    return !configuration.peers().getFirst().presharedKey().copyTo(new byte[32]);
  }
}
