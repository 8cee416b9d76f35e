package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.INTERFACE;
import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PEER_B;
import static io.wgnetty.config.ConfigurationTexts.PSK;
import static io.wgnetty.config.ConfigurationTexts.accepted;
import static io.wgnetty.config.ConfigurationTexts.key;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationEditorTest {
  private static final PeerSettings ADDED =
      new PeerSettings(
          key(PEER_A),
          PresharedKey.fromBase64(PSK),
          List.of(IpPrefix.parse("10.0.0.2/32"), IpPrefix.parse("fd00::2/128")),
          new EndpointName("2001:db8::1", 51820),
          25,
          "Bob's phone");

  private static final String SECTION =
      """
      [Peer]
      # Name = Bob's phone
      PublicKey = %s
      PresharedKey = %s
      AllowedIPs = 10.0.0.2/32, fd00::2/128
      Endpoint = [2001:db8::1]:51820
      PersistentKeepalive = 25
      """
          .formatted(PEER_A, PSK);

  private static final String OTHER = "[Peer]\nPublicKey = " + PEER_B + "\n";

  @Test
  void shouldAddPeerAtTheEnd() {
    String text = INTERFACE + "\n" + OTHER;
    assertThat(ConfigurationEditor.addPeer(text, ADDED)).isEqualTo(text + "\n" + SECTION);
    assertThat(accepted(ConfigurationEditor.addPeer(text, ADDED)).peers().getLast())
        .usingRecursiveComparison()
        .isEqualTo(ADDED);
  }

  @Test
  void shouldAddPeerToEmptyFile() {
    assertThat(ConfigurationEditor.addPeer("", ADDED)).isEqualTo(SECTION);
  }

  @Test
  void shouldAddPeerInTheFilesOwnLineEnds() {
    String text = INTERFACE.replace("\n", "\r\n");
    assertThat(ConfigurationEditor.addPeer(text, ADDED))
        .isEqualTo(text + "\r\n" + SECTION.replace("\n", "\r\n"));
  }

  @Test
  void shouldNotAddWhoIsThere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfigurationEditor.addPeer(SECTION, ADDED))
        .withMessageContaining("there already");
  }

  @Test
  void shouldNotLetLabelOrHostBecomeLines() {
    var label =
        new PeerSettings(
            key(PEER_A), PresharedKey.none(), List.of(), null, 0, "a\n[Interface]\nPostUp=b");
    assertThat(ConfigurationEditor.addPeer("", label))
        .isEqualTo("[Peer]\n# Name = a[Interface]PostUp=b\nPublicKey = " + PEER_A + "\n");
    var host =
        new PeerSettings(
            key(PEER_A), PresharedKey.none(), List.of(), new EndpointName("a\nb", 1), 0, null);
    assertThatIllegalArgumentException().isThrownBy(() -> ConfigurationEditor.addPeer("", host));
  }

  @Test
  void shouldRemovePeerWithItsComments() {
    String before = "# top\n" + INTERFACE + "# of the interface\n\n# of B\n" + OTHER;
    String after = "\n# free\n\n# of C\n[Peer]\n# in C\nPublicKey = " + PSK + "\n";
    String text =
        before
            + "\n# Bob\n# his phone\n"
            + SECTION.replace("Endpoint", "\n# in the middle\nEndpoint")
            + "# at its end\n"
            + after;
    assertThat(ConfigurationEditor.removePeer(text, key(PEER_A))).isEqualTo(before + after);
  }

  @Test
  void shouldLeaveTheNextPeersCommentWhereThereIsNoEmptyLine() {
    String text = INTERFACE + SECTION + "# B\n" + OTHER;
    assertThat(ConfigurationEditor.removePeer(text, key(PEER_A)))
        .isEqualTo(INTERFACE + "# B\n" + OTHER);
    assertThat(ConfigurationEditor.removePeer(text, key(PEER_B))).isEqualTo(INTERFACE + SECTION);
  }

  @Test
  void shouldRemoveFirstPeerOfAll() {
    assertThat(ConfigurationEditor.removePeer(SECTION + "\n" + OTHER, key(PEER_A)))
        .isEqualTo(OTHER);
    assertThat(ConfigurationEditor.removePeer(SECTION, key(PEER_A))).isEmpty();
  }

  @Test
  void shouldRemoveEverySectionOfPeer() {
    assertThat(
            ConfigurationEditor.removePeer(
                INTERFACE + "\n" + SECTION + "\n" + OTHER + "\n" + SECTION, key(PEER_A)))
        .isEqualTo(INTERFACE + "\n" + OTHER);
  }

  @Test
  void shouldLeaveTextWithoutThePeerAlone() {
    assertThat(ConfigurationEditor.removePeer(INTERFACE + OTHER, key(PEER_A)))
        .isEqualTo(INTERFACE + OTHER);
  }

  @Test
  void shouldFindKeyInWhateverCaseAndSpacesItStands() {
    String text = INTERFACE + "[ peer ] # x\n public key=" + PEER_A.replace("t", " t") + "# y";
    assertThat(ConfigurationEditor.removePeer(text, key(PEER_A)))
        .isEqualTo(INTERFACE.stripTrailing());
  }

  @Test
  void shouldTakeTheLastOfTwoKeysForThePeers() {
    String text = "[Peer]\nPublicKey=" + PEER_A + "\nPublicKey=" + PEER_B + "\n";
    assertThat(ConfigurationEditor.removePeer(text, key(PEER_A))).isEqualTo(text);
    assertThat(ConfigurationEditor.removePeer(text, key(PEER_B))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n",
        "\r\n",
        "x",
        "x\r",
        "x\n\r",
        "\ufeff",
        "# a\r\nb\n",
        "# a\nb\r\n",
        "[Interface]",
        "[Interface]\n\n\n",
        "[Interface]\r\n\r\n",
        "[Interface]\n# end",
        "[Interface]\n# end\n",
        "[Peer]\n# end",
        "  "
      })
  void shouldLeaveNoTraceOfPeerAddedAndRemoved(String text) {
    String added = ConfigurationEditor.addPeer(text, ADDED);
    assertThat(ConfigurationEditor.removePeer(added, key(PEER_A))).isEqualTo(text);
  }

  @Test
  void shouldLeaveNoTraceInAnyText() {
    long seed = new Random().nextLong();
    System.out.println("editor from seed " + seed);
    var random = new Random(seed);
    List<String> pieces =
        List.of(
            "\n",
            "\n",
            "\r\n",
            "\r",
            " ",
            "# c",
            "[Peer]",
            "[Interface]",
            "MTU=1",
            "PublicKey=" + PEER_B,
            "\u00e4");
    for (int i = 0; i < 5_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      // Latin-1, which is not UTF-8: bytes stay bytes.
      byte[] before = text.toString().getBytes(ISO_8859_1);
      byte[] added = ConfigurationEditor.addPeer(before, ADDED);
      assertThat(ConfigurationEditor.removePeer(added, key(PEER_A)))
          .as(text.toString().replace("\r", "\\r").replace("\n", "\\n"))
          .isEqualTo(before);
    }
  }
}
