package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.INTERFACE;
import static io.wgnetty.config.ConfigurationTexts.OWN_PUBLIC;
import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PEER_B;
import static io.wgnetty.config.ConfigurationTexts.PRIVATE;
import static io.wgnetty.config.ConfigurationTexts.PSK;
import static io.wgnetty.config.ConfigurationTexts.findings;
import static io.wgnetty.config.ConfigurationTexts.read;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about files, and about which character of them. */
class ConfigurationFindingsTest {
  private static final String IN = "[Interface]\n";
  private static final String PRIVATE_LINE = "PrivateKey=" + PRIVATE + "\n";
  private static final String PEER = "[Peer]\nPublicKey=" + PEER_A + "\nAllowedIPs=10.0.0.2\n";

  /** A text behind {@link #IN} or, if it begins so, a whole one; its only error. */
  static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of("MTU = 1", "2:7 ERROR MTU: '1' is no MTU: a number of bytes from 68 to 65475"),
        Arguments.of("MTU = 65476", "2:7 ERROR MTU: '65476' is no MTU"),
        Arguments.of("MTU = 65536", "2:7 ERROR MTU: '65536' is no MTU"),
        Arguments.of("\tmtu=x", "2:6 ERROR MTU: 'x' is no MTU"),
        Arguments.of("ListenPort = 65536", "2:14 ERROR ListenPort: '65536' is no UDP port, which"),
        Arguments.of("ListenPort = -1", "2:14 ERROR ListenPort: '-1' is no UDP port"),
        Arguments.of("ListenPort =", "2:13 ERROR ListenPort: the value is missing"),
        Arguments.of("PrivateKey = # x", "2:13 ERROR PrivateKey: the value is missing"),
        Arguments.of("FwMark = 0xg", "2:10 ERROR FwMark: '0xg' is no mark"),
        Arguments.of("FwMark = 4294967296", "2:10 ERROR FwMark: '4294967296' is no mark"),
        Arguments.of("Table = nix", "2:9 ERROR Table: 'nix' is no routing table"),
        Arguments.of("SaveConfig = 1", "2:14 ERROR SaveConfig: '1' is neither true nor false"),
        Arguments.of("SaveConfig =", "2:13 ERROR SaveConfig: the value is missing"),
        Arguments.of("Address = 10.0.0.1/33", "2:20 ERROR Address: '33' is no prefix length"),
        Arguments.of("Address = 10.0.0.1, 10.0.0", "2:21 ERROR Address: '10.0.0' is no IP address"),
        Arguments.of(
            "Address = 10.0.0.1/255.255.255.0",
            "2:20 ERROR Address: '255.255.255.0' is no prefix length: a number from 0 to 32; this"
                + " mask is /24"),
        Arguments.of(
            "Address = 10.0.0.010/8",
            "2:11 ERROR Address: '10.0.0.010' is no IP address: its numbers"),
        Arguments.of("DNS = 1.1.1.1, 1.1.1.", "2:16 ERROR DNS: '1.1.1.' is no address of a name"),
        Arguments.of("DNS = a!", "2:7 ERROR DNS: 'a!' is neither an address of a name server nor"),
        Arguments.of("nonsense", "2:1 ERROR : there is no '=' in this line"),
        Arguments.of("MTU 1420", "2:5 ERROR MTU: '=' is missing"),
        Arguments.of("MTU : 1420", "2:5 ERROR MTU: '=' is missing"),
        Arguments.of("Adress = 1", "2:1 ERROR Adress: no such key; did you mean Address?"),
        Arguments.of(
            "  listen_port=1", "2:3 ERROR listen_port: no such key; did you mean ListenPort?"),
        Arguments.of("Psk = 1", "2:1 ERROR Psk: no such key; did you mean PresharedKey?"),
        Arguments.of("Jd = 4", "2:1 ERROR Jd: no such key; [Interface] has KEY = VALUE"),
        Arguments.of("= 4", "2:1 ERROR : no such key; [Interface] has KEY = VALUE"),
        Arguments.of(
            "Endpoint = a:1", "2:1 ERROR Endpoint: belongs into [Peer], not into [Interface]"),
        Arguments.of(PEER + "MTU = 9", "5:1 ERROR MTU: belongs into [Interface], not into [Peer]"),
        Arguments.of("[Peer]\nEndpoint=a:1", "2:1 ERROR Peer: this peer has no PublicKey"),
        Arguments.of(
            PEER.replace("Peer]", "Peers]"),
            "2:1 ERROR Peers: no such section; did you mean [Peer]?"),
        Arguments.of(
            "[Xyz]\nx", "2:1 ERROR Xyz: no such section; there are [Interface] and [Peer]"),
        Arguments.of(PEER.replace("]", ""), "2:6 ERROR : the section's ']' is missing"),
        Arguments.of("[Interface] x", "2:13 ERROR Interface: a section's name stands alone"),
        Arguments.of(PEER + "Endpoint = a", "5:13 ERROR Endpoint: 'a' has no port"),
        Arguments.of(PEER + "Endpoint = a:", "5:14 ERROR Endpoint: the port behind ':' is missing"),
        Arguments.of(PEER + "Endpoint = :1", "5:12 ERROR Endpoint: the host in front of the port"),
        Arguments.of(PEER + "Endpoint = a:70000", "5:14 ERROR Endpoint: '70000' is no UDP port"),
        Arguments.of(PEER + "Endpoint = [::1:1", "5:12 ERROR Endpoint: the ']' is missing"),
        Arguments.of(PEER + "Endpoint = [::1]", "5:17 ERROR Endpoint: ':' and a port are missing"),
        Arguments.of(PEER + "Endpoint = [::g]:1", "5:13 ERROR Endpoint: '::g' is no IPv6 address"),
        Arguments.of(
            PEER + "Endpoint = fe80::1", "5:12 ERROR Endpoint: this IPv6 address has no port"),
        Arguments.of(
            PEER + "Endpoint = 1.2.3:1", "5:12 ERROR Endpoint: '1.2.3' is no IPv4 address"),
        Arguments.of(
            PEER + "Endpoint = a/b:1", "5:13 ERROR Endpoint: '/' cannot be in a host's name"),
        Arguments.of(
            PEER + "PersistentKeepalive = 65536",
            "5:23 ERROR PersistentKeepalive: '65536' is no interval"),
        Arguments.of(PEER + "AllowedIPs = ", "5:13 ERROR AllowedIPs: the value is missing"),
        Arguments.of(
            PEER + "AllowedIPs = 10.0.0.3,", "5:23 ERROR AllowedIPs: an address is missing"),
        Arguments.of(
            PEER + "AllowedIPs = 10.0.0.3/32 10.0.0.4/32",
            "5:23 ERROR AllowedIPs: '3210.0.0.4/32' is no prefix length: a number from 0 to 32; is a"
                + " comma missing?"),
        Arguments.of(PEER + "AllowedIPs = fd00::/129", "5:21 ERROR AllowedIPs: '129' is no prefix"),
        Arguments.of(
            PEER + "PresharedKey = abc", "5:16 ERROR PresharedKey: has 3 characters; a key"),
        Arguments.of(
            "MTU\u00a0= 1420", "2:4 ERROR : the character U+00A0 NO-BREAK SPACE has no place"),
        Arguments.of("ä# ß\n", "2:1 ERROR : the character U+00E4"),
        Arguments.of("# ä\n/*ß*/ # MTU", "3:3 ERROR : the character U+00DF"),
        Arguments.of("DNS = \0", "2:7 ERROR : a NUL byte (is this a text file?)"),
        Arguments.of("PostUp = a\0b", "2:11 ERROR : a NUL byte"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("errors")
  void shouldSayWhatIsWrongAndWhere(String text, String expected) {
    ConfigurationResult result = read(IN + text);
    assertThat(result.configuration()).isNull();
    assertThat(result.findings())
        .filteredOn(f -> f.severity() == Finding.Severity.ERROR)
        .map(ConfigurationTexts::line)
        .singleElement()
        .asString()
        .startsWith(expected);
  }

  @Test
  void shouldSayOnceThatAFileIsForAnotherProtocol() {
    String text =
        IN + PRIVATE_LINE + "Address=10.0.0.1\nJc = 4\nJmin = 40\nJmax = 70\nS1 = 0\nH4 = 4\n";
    assertThat(findings(text))
        .hasSize(1)
        .allMatch(line -> line.startsWith("4:1 ERROR Jc: a key of AmneziaWG, "));
    assertThat(findings(INTERFACE + PEER.replace("AllowedIPs", "S1")))
        .anyMatch(line -> line.contains("ERROR S1: no such key"));
  }

  @Test
  void shouldNotSayThatAKeyIsMissingWhoseLineCannotBeRead() {
    assertThat(findings(IN + PRIVATE_LINE + "Address\u00a0= 10.0.0.1\n")).hasSize(1);
    assertThat(findings(IN + "Address = 10.0.0.1\nPrivateKey =\u00a0" + PRIVATE)).hasSize(1);
    assertThat(findings(INTERFACE + PEER.replace("AllowedIPs=", "AllowedIPs=\u00a0"))).hasSize(1);
    assertThat(findings(INTERFACE + PEER.replace("10.0.0.2", "10.0.0.300"))).hasSize(1);
    assertThat(findings(INTERFACE + "[Peer]\nPublicKey\u00a0=" + PEER_A + "\nAllowedIPs=::1\n"))
        .hasSize(1);
  }

  @Test
  void shouldSayAllAtOnceInTheOrderOfLines() {
    List<String> all =
        findings(
            "MTU=1420\n[Interface]\nMTU=x\nDNS=1.1.1,2.2.2\n[Peer]\nFoo=1\n[Peer]\nEndpoint=x\n");
    assertThat(all.stream().filter(f -> f.contains("ERROR")).map(f -> f.replaceAll(" .*", "")))
        .containsExactly("1:1", "3:5", "4:5", "4:11", "5:1", "6:1", "7:1", "8:11");
  }

  @Test
  void shouldCountColumnsInCharacters() {
    assertThat(findings("\ufeff# äöü\n[Interface] # ä\nPostUp = ä\n \tMTU = 1 # ß\n"))
        .anyMatch(f -> f.startsWith("4:9 ERROR MTU"));
  }

  /** A text behind {@link ConfigurationTexts#INTERFACE}; all that is to be said about it. */
  static Stream<Arguments> warnings() {
    return Stream.of(
        Arguments.of(PEER, ""),
        Arguments.of("MTU = 1420", ""),
        Arguments.of("MTU = 68", "4:7 WARNING MTU: 68 is very small"),
        Arguments.of("MTU = 1279", ""),
        Arguments.of("MTU = 1279\nAddress=fd00::1", "4:7 WARNING MTU: 1279 is too small for IPv6"),
        Arguments.of(
            "MTU = 1421", "4:7 WARNING MTU: packets of 1421 bytes become datagrams of up to 1501"),
        Arguments.of("MTU = 1400\nMTU = 1400", "5:1 WARNING MTU: stands in line 4 already"),
        Arguments.of(
            "Address = 192.0.2.1/32", "4:11 WARNING Address: 192.0.2.1/32 is there already"),
        Arguments.of(
            "Address = 10.0.0.0/8", "4:11 WARNING Address: 10.0.0.0/8 is the network's own"),
        Arguments.of("Address = 10.0.0.0/31, fd00::/64", ""),
        Arguments.of(
            "[Peer]\nPublicKey = " + PEER_A,
            "4:1 WARNING Peer: no AllowedIPs: no packet goes to or comes from this peer"),
        Arguments.of(
            PEER + "PersistentKeepalive = 5",
            "7:23 WARNING PersistentKeepalive: this peer has no Endpoint"),
        Arguments.of(PEER + "Endpoint = ::1:5", "7:12 WARNING Endpoint: read as [::1]:5"),
        Arguments.of(PEER + "Endpoint = a:0", "7:14 WARNING Endpoint: nobody listens on port 0"),
        Arguments.of(
            PEER + "AllowedIPs = fd00::2, 10.1.2.3/16",
            "7:23 WARNING AllowedIPs: 10.1.2.3 has bits set behind its /16; 10.1.0.0/16 is used"),
        Arguments.of(
            PEER.replace(PEER_A, OWN_PUBLIC),
            "5:11 WARNING PublicKey: this is the interface's own key"),
        Arguments.of(
            PEER + PEER,
            "8:11 WARNING PublicKey: the peer in line 4 has the same key; they are taken for one"),
        Arguments.of(
            PEER + PEER.replace(PEER_A, PEER_B),
            "9:12 WARNING AllowedIPs: 10.0.0.2/32 is also of the peer in line 4, which loses it;"
                + " 4:1 WARNING Peer: no AllowedIPs"),
        Arguments.of(PEER + "AllowedIPs=10.0.0.0/30, 10.0.0.1", ""),
        Arguments.of(
            PEER.replace("10.0.0.2", "10.0.0.0/30")
                + "[Peer]\nPublicKey="
                + PEER_B
                + "\nAllowedIPs=10.0.0.4,10.0.0.2,10.0.0.1,10.0.0.0/29",
            "6:12 WARNING AllowedIPs: 10.0.0.0/30 overlaps with other peers' 10.0.0.2/32 (line 9) and"
                + " 1 more: packets go to the peer with the longer prefix;"
                + " 9:39 WARNING AllowedIPs: 10.0.0.0/29 overlaps with other peers' 10.0.0.0/30 (line"
                + " 6): packets"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("warnings")
  void shouldWarnOfWhatIsHardlyMeant(String text, String expected) {
    ConfigurationResult result = read(INTERFACE + text);
    assertThat(result.configuration()).isNotNull();
    List<String> found = result.findings().stream().map(ConfigurationTexts::line).toList();
    List<String> wanted = expected.isEmpty() ? List.of() : List.of(expected.split("; (?=[0-9]+:)"));
    assertThat(found).hasSameSizeAs(wanted);
    assertThat(wanted).allMatch(w -> found.stream().anyMatch(f -> f.startsWith(w)), "in " + found);
  }

  @Test
  void shouldWarnOfMissingKeyAndAddress() {
    assertThat(findings("\n[Interface]\n"))
        .containsExactly(
            "2:1 WARNING Interface: no PrivateKey: nobody can be talked to",
            "2:1 WARNING Interface: no Address: the interface will have none of its own");
    assertThat(findings("")).hasSize(2).allMatch(f -> f.startsWith("1:1 WARNING"));
  }

  @Test
  void shouldWarnOfMtuThatTheMachinesInterfacesCannotCarry() {
    var pppoe =
        new Surroundings() {
          @Override
          public OptionalInt largestMtu() {
            return OptionalInt.of(1492);
          }
        };
    assertThat(ConfigurationReader.read((INTERFACE + "MTU=1412").getBytes(UTF_8), pppoe).findings())
        .isEmpty();
    assertThat(ConfigurationReader.read((INTERFACE + "MTU=1413").getBytes(UTF_8), pppoe).findings())
        .map(ConfigurationTexts::line)
        .singleElement()
        .asString()
        .startsWith("4:5 WARNING MTU: packets of 1413 bytes become datagrams of up to 1493")
        .endsWith("1412 fits");
  }

  /** Whatever is wrong about a key, or wherever it stands by mistake, no piece of it is shown. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "KEY",
        "KEY=",
        "PrivateKeyKEY",
        "PrivateKey KEY",
        "PrivateKey: KEY",
        "PrivateKy = KEY",
        "PrivateKey = KEYKEY",
        "PrivateKey = xKEY",
        "PrivateKey = *KEY",
        "PrivateKey = (KEY",
        "Address = KEY",
        "Address = 1.2.3.4/KEY",
        "DNS = KEY!",
        "MTU = KEY",
        "Table = KEY",
        "ListenPort = KEY",
        "FwMark = KEY",
        "SaveConfig = KEY",
        "KEY = KEY",
        "[KEY]",
        "[Interface] KEY",
        "PrivateKey = dwdt\nCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=",
        "PrivateKey = dwdtCnMYpX08FsFyUbJmRd9ML4frwJ\nkqsXf7pR25LCo=",
        "PrivateKey = dwdtCnMYpX08FsFyUbJmRd9ML4f rwJkqsXf7pR25LCp=",
        "[Peer]\nPublicKey = KEY*",
        "[Peer]\nEndpoint = KEY",
        "[Peer]\nEndpoint = KEY:1",
        "[Peer]\nEndpoint = [KEY]:1",
        "[Peer]\nAllowedIPs = KEY",
        "[Peer]\nPersistentKeepalive = KEY"
      })
  void shouldNeverShowKeys(String text) {
    ConfigurationResult result = read("[Interface]\n" + text.replace("KEY", PRIVATE));
    assertThat(result.configuration()).isNull();
    String all =
        String.join("\n", result.findings().stream().map(ConfigurationTexts::line).toList());
    int piece = 6;
    for (int i = 0; i + piece <= PRIVATE.length(); i++) {
      assertThat(all).doesNotContain(PRIVATE.substring(i, i + piece));
    }
  }

  @Test
  void shouldSayThatTextIsUtf16() {
    assertThat(ConfigurationReader.read(INTERFACE.getBytes(UTF_16)).findings())
        .map(ConfigurationTexts::line)
        .containsExactly("1:1 ERROR : the file is in UTF-16; save it as UTF-8 or ASCII");
  }

  @Test
  void shouldSayWhichBytesAreNoUtf8() {
    byte[] text = "[Interface]\nMTU=?\nPostUp=?".getBytes(UTF_8);
    text[text.length - 1] = (byte) 0xff;
    text[16] = (byte) 0xe4;
    assertThat(ConfigurationReader.read(text).findings())
        .map(ConfigurationTexts::line)
        .contains(
            "2:5 ERROR : the byte 0xE4, which is not UTF-8, has no place here",
            "3:8 ERROR PostUp: the command is not in UTF-8");
  }

  @Test
  void shouldShowNoMoreThanAnybodyReadsAndSayHowManyThereAre() {
    String rubbish = "[Interface]\n" + "x\n".repeat(5000) + "MTU=1400\n".repeat(5000);
    List<String> all = findings(rubbish);
    assertThat(all).hasSize(2 * Findings.MAX_SHOWN + 2);
    assertThat(all)
        .endsWith(
            "10001:1 WARNING : 4001 more warnings are not shown",
            "10001:1 ERROR : 4000 more errors are not shown");
  }

  @Test
  void shouldGiveUpOnWhatIsNoConfigurationFile() {
    assertThat(findings("x\n".repeat(50_000)))
        .hasSize(Findings.MAX_SHOWN + 3) // and that there is no key and no address
        .last()
        .isEqualTo(
            "10000:1 ERROR : 9000 more errors are not shown; the rest of the file was not looked at");
  }

  @Test
  void shouldRefuseLinesThatWouldFillTheMemory() {
    byte[] text = new byte[LineCursor.MAX_LINE_BYTES + 100];
    assertThat(ConfigurationReader.read(text).findings())
        .map(ConfigurationTexts::line)
        .contains("1:1 ERROR : the line is longer than 16 MiB");
  }

  @Test
  void shouldReadAnyRubbish() {
    long seed = new Random().nextLong();
    System.out.println("rubbish from seed " + seed);
    var random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] text = new byte[random.nextInt(400)];
      random.nextBytes(text);
      ConfigurationResult result = ConfigurationReader.read(text);
      assertThat(result.findings()).isNotEmpty();
    }
  }

  @Test
  void shouldReadAnyChangedFile() {
    long seed = new Random().nextLong();
    System.out.println("changed from seed " + seed);
    var random = new Random(seed);
    String whole = INTERFACE + PEER + "PresharedKey=" + PSK + "\nEndpoint=[::1]:5\n# Name = x\n";
    for (int i = 0; i < 5000; i++) {
      byte[] text = whole.getBytes(UTF_8);
      for (int change : IntStream.range(0, 1 + random.nextInt(4)).toArray()) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(change == 0 ? 128 : 256);
      }
      ConfigurationResult result = ConfigurationReader.read(text);
      boolean hasErrors =
          result.findings().stream().anyMatch(f -> f.severity() == Finding.Severity.ERROR);
      assertThat(result.configuration() == null).isEqualTo(hasErrors);
      int lines = new String(text, UTF_8).split("\n", -1).length;
      assertThat(result.findings())
          .allMatch(f -> f.line() >= 1 && f.line() <= lines && f.column() >= 1);
    }
  }

  @Test
  void shouldHaveTheFormThatEditorsUnderstand() {
    var error = new Finding(Finding.Severity.ERROR, 3, 7, "MTU", "is wrong");
    assertThat(error.in(Path.of("/a/wg0.conf"))).isEqualTo("/a/wg0.conf:3:7: error: MTU: is wrong");
    var warning = new Finding(Finding.Severity.WARNING, 1, 1, "", "is odd");
    assertThat(warning.in(Path.of("wg0.conf"))).isEqualTo("wg0.conf:1:1: warning: is odd");
  }
}
