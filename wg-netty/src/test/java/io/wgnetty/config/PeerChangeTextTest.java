package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PEER_B;
import static io.wgnetty.config.ConfigurationTexts.PSK;
import static io.wgnetty.config.ConfigurationTexts.accepted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lines of one peer are changed, and nothing else of the file. */
class PeerChangeTextTest {
  private static final String FILE =
      """
      [Interface]
      Address = 10.0.0.1/24

      # Name = phone
      # Limit = 5M
      [Peer]
      PublicKey = %s
      AllowedIPs = 10.0.0.2/32 # its address

      # Name = laptop
      [Peer] # second
      PublicKey = %s # Expires = 2031-01-01
      PresharedKey = %s
      AllowedIPs = 10.0.0.3/32
      """
          .formatted(PEER_A, PEER_B, PSK);

  private static String change(String text, int peer, UnaryOperator<PeerSettings> change) {
    PeerSettings before = accepted(text).peers().get(peer);
    byte[] changed =
        ConfigurationEditor.changePeer(text.getBytes(UTF_8), before, change.apply(before));
    return new String(changed, UTF_8);
  }

  private static PeerSettings with(
      PeerSettings peer, @Nullable String label, @Nullable PeerLimit limit, long notAfter) {
    return new PeerSettings(
        peer.publicKey(),
        peer.presharedKey(),
        peer.allowedIps(),
        peer.endpoint(),
        peer.keepaliveSeconds(),
        label,
        limit == null ? peer.limit() : limit,
        notAfter);
  }

  private static PeerSettings renamed(PeerSettings peer, String label) {
    return with(peer, label, null, peer.notAfter());
  }

  @Test
  void shouldRenameWhereTheNameStands() {
    assertThat(change(FILE, 0, peer -> renamed(peer, "tablet")))
        .isEqualTo(FILE.replace("# Name = phone", "# Name = tablet"));
    assertThat(change(FILE, 1, peer -> renamed(peer, "box")))
        .isEqualTo(FILE.replace("# Name = laptop", "# Name = box"));
    String behind = FILE.replace("# Name = phone\n", "").replace("# its address", "# Name = phone");
    assertThat(change(behind, 0, peer -> renamed(peer, "tablet")))
        .isEqualTo(behind.replace("# Name = phone", "# Name = tablet"));
    String none = FILE.replace("# Name = laptop\n", "");
    assertThat(change(none, 1, peer -> renamed(peer, "box")))
        .isEqualTo(none.replace("[Peer] # second\n", "[Peer] # second\n# Name = box\n"));
    String friendly = FILE.replace("# Name = laptop", "#friendly_name=laptop");
    assertThat(accepted(change(friendly, 1, peer -> renamed(peer, "box"))).peers().get(1).label())
        .isEqualTo("box");
  }

  @Test
  void shouldChangeAndTakeAwayComments() {
    assertThat(change(FILE, 0, peer -> with(peer, peer.label(), LimitText.parse("9M"), 99)))
        .isEqualTo(
            FILE.replace(
                "# Limit = 5M\n[Peer]\n",
                "# Limit = 9M\n[Peer]\n# Expires = 1970-01-01T00:01:39Z\n"));
    assertThat(
            change(
                FILE, 0, peer -> with(peer, peer.label(), PeerLimit.NONE, PeerSettings.FOR_EVER)))
        .isEqualTo(FILE.replace("# Limit = 5M\n", ""));
    assertThat(
            change(
                FILE, 1, peer -> with(peer, peer.label(), null, PeerFields.expiry("2032-02-29"))))
        .isEqualTo(FILE.replace("2031-01-01", "2032-02-29"));
    assertThat(change(FILE, 1, peer -> with(peer, peer.label(), null, PeerSettings.FOR_EVER)))
        .isEqualTo(FILE.replace(" # Expires = 2031-01-01", ""));
  }

  @Test
  void shouldChangeLinesAndTheirCommentsTogether() {
    String text =
        change(
            FILE,
            1,
            peer ->
                new PeerSettings(
                    peer.publicKey(),
                    PresharedKey.none(),
                    List.of(IpPrefix.parse("10.0.0.3/32"), IpPrefix.parse("10.7.0.0/16")),
                    new EndpointName("vpn.example.org", 4711),
                    25,
                    "box",
                    LimitText.parse("20M"),
                    peer.notAfter()));
    assertThat(text)
        .isEqualTo(
            FILE.replace("# Name = laptop", "# Name = box")
                .replace("[Peer] # second\n", "[Peer] # second\n# Limit = 20M\n")
                .replace("PresharedKey = " + PSK + "\n", "")
                .replace(
                    "AllowedIPs = 10.0.0.3/32\n",
                    """
                    AllowedIPs = 10.0.0.3/32, 10.7.0.0/16
                    Endpoint = vpn.example.org:4711
                    PersistentKeepalive = 25
                    """));
    String dos = FILE.replace("\n", "\r\n");
    String noEnd = dos.substring(0, dos.length() - 2);
    assertThat(change(noEnd, 1, peer -> renamed(peer, "box")))
        .isEqualTo(noEnd.replace("laptop", "box"));
  }

  @Test
  void shouldChangeAPeerThatIsDisabledAndLeaveItSo() {
    byte[] disabled =
        ConfigurationEditor.disablePeer(FILE.getBytes(UTF_8), ConfigurationTexts.key(PEER_A));
    PeerSettings before = accepted(new String(disabled, UTF_8)).barred().getFirst();
    byte[] changed = ConfigurationEditor.changePeer(disabled, before, renamed(before, "tablet"));
    assertThat(new String(changed, UTF_8))
        .isEqualTo(
            new String(disabled, UTF_8)
                .replace("# disabled: # Name = phone", "# disabled: # Name = tablet"));
  }

  @Test
  void shouldReadWhenAPeerEnds() {
    PeerSettings laptop = accepted(FILE).peers().get(1);
    assertThat(laptop.isOver(PeerFields.expiry("2031-01-01T23:59:59Z"))).isFalse();
    assertThat(laptop.isOver(PeerFields.expiry("2031-01-02T01:00:00+01:00"))).isTrue();
    assertThat(accepted(FILE).at(laptop.notAfter()).peers()).hasSize(2);
    Configuration later = accepted(FILE).at(laptop.notAfter() + 1);
    assertThat(later.peers()).map(PeerSettings::label).containsExactly("phone");
    assertThat(later.barred()).map(PeerSettings::label).containsExactly("laptop");
  }

  @Test
  void shouldRefuseAnEndThatIsNone() {
    for (String wrong :
        List.of("", "tomorrow", "2031-02-30", "2031-01-01T00:00:00", "31.12.2031")) {
      assertThat(ConfigurationTexts.findings(FILE.replace("2031-01-01", wrong)))
          .anyMatch(line -> line.contains("ERROR") && line.contains("Expires"));
    }
    assertThat(accepted(FILE.replace("2031-01-01", "never")).peers().get(1).notAfter())
        .isEqualTo(PeerSettings.FOR_EVER);
  }
}
