package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PEER_B;
import static io.wgnetty.config.ConfigurationTexts.PRIVATE;
import static io.wgnetty.config.ConfigurationTexts.PSK;
import static io.wgnetty.config.ConfigurationTexts.accepted;
import static io.wgnetty.config.ConfigurationTexts.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.wgnetty.crypto.PresharedKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisabledPeersTest {
  private static final String HEAD =
      "[Interface]\nPrivateKey = " + PRIVATE + "\nAddress = 10.0.0.1/24\n";

  private static final String A =
      """
      # bought in 2024
      [Peer] # the first
      # Name = phone
        publickey=%s

      PresharedKey = %s
      AllowedIPs = 10.0.0.2/32 # its address
      # Expires = 2099-01-01
      # the end of it
      """
          .formatted(PEER_A, PSK);

  private static final String B =
      """
      # Name = laptop
      [Peer]
      PublicKey = %s
      AllowedIPs = 10.0.0.3/32
      """
          .formatted(PEER_B);

  private static String disable(String text, String peer) {
    return new String(ConfigurationEditor.disablePeer(text.getBytes(UTF_8), key(peer)), UTF_8);
  }

  private static String enable(String text, String peer) {
    return new String(ConfigurationEditor.enablePeer(text.getBytes(UTF_8), key(peer)), UTF_8);
  }

  private static String remove(String text, String peer) {
    return ConfigurationEditor.removePeer(text, key(peer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", ""})
  void shouldDisableAndEnableToTheSameBytes(String between) {
    for (String text :
        List.of(HEAD + between + A + between + B, HEAD + between + B + between + A)) {
      for (String form :
          List.of(text, text.replace("\n", "\r\n"), text.substring(0, text.length() - 1))) {
        for (String marked : List.of(form, "\ufeff" + form)) {
          for (String peer : List.of(PEER_A, PEER_B)) {
            String disabled = disable(marked, peer);
            Configuration read = accepted(disabled);
            assertThat(read.peers()).map(PeerSettings::publicKey).doesNotContain(key(peer));
            assertThat(read.peers()).hasSize(1);
            assertThat(read.barred()).map(PeerSettings::publicKey).containsExactly(key(peer));
            assertThat(enable(disabled, peer)).isEqualTo(marked);
            String both = disable(disabled, peer.equals(PEER_A) ? PEER_B : PEER_A);
            assertThat(accepted(both).peers()).isEmpty();
            assertThat(accepted(both).barred()).hasSize(2);
            assertThat(enable(enable(both, PEER_B), PEER_A)).isEqualTo(marked);
            assertThat(enable(enable(both, PEER_A), PEER_B)).isEqualTo(marked);
          }
        }
      }
    }
  }

  @Test
  void shouldDisableFileThatBeginsWithThePeer() {
    String bare = A.substring(A.indexOf("[Peer]"));
    for (String text : List.of(bare, "\ufeff" + bare, bare + "\n" + HEAD)) {
      assertThat(enable(disable(text, PEER_A), PEER_A)).isEqualTo(text);
      assertThat(accepted(disable(text, PEER_A)).barred()).hasSize(1);
    }
  }

  @Test
  void shouldKeepAllThatIsSaidOfThePeer() {
    PeerSettings phone = accepted(disable(HEAD + "\n" + A + "\n" + B, PEER_A)).barred().getFirst();
    assertThat(phone.label()).isEqualTo("phone");
    assertThat(phone.allowedIps()).hasToString("[10.0.0.2/32]");
    assertThat(phone.presharedKey().sameAs(PresharedKey.fromBase64(PSK))).isTrue();
    assertThat(PeerFields.expiry(phone.notAfter())).isEqualTo("2099-01-01");
  }

  @Test
  void shouldBeNothingForOtherReaders() {
    String disabled = disable(HEAD + "\n" + A + "\n" + B, PEER_A);
    String rest = disabled.replaceAll("(?m)#.*$", "").replaceAll("\\n+", "\n");
    assertThat(rest).isEqualTo((HEAD + B).replaceAll("(?m)#.*$", "").replaceAll("\\n+", "\n"));
    assertThat(accepted(disabled).peers().getFirst().label()).isEqualTo("laptop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", ""})
  void shouldRemoveOneAndLeaveTheOther(String between) {
    String text = HEAD + "\n" + A + between + B;
    String disabled = disable(text, PEER_A);
    assertThat(accepted(remove(disabled, PEER_A)).barred()).isEmpty();
    assertThat(remove(disabled, PEER_A)).contains(B).doesNotContain("disabled");
    Configuration left = accepted(remove(disabled, PEER_B));
    assertThat(left.peers()).isEmpty();
    assertThat(left.barred()).map(PeerSettings::label).containsExactly("phone");
  }

  @Test
  void shouldTakeSectionsOfOnePeerTogether() {
    String more = "[Peer]\nPublicKey = " + PEER_A + "\nAllowedIPs = +10.0.0.9/32\n";
    String text = HEAD + "\n" + A + "\n" + B + "\n" + more;
    String disabled = disable(text, PEER_A);
    assertThat(accepted(disabled).peers()).hasSize(1);
    assertThat(accepted(disabled).barred()).hasSize(1);
    assertThat(enable(disabled, PEER_A)).isEqualTo(text);
  }

  @Test
  void shouldRefuseWhatIsNotThere() {
    String text = HEAD + "\n" + A;
    assertThatIllegalArgumentException().isThrownBy(() -> disable(text, PEER_B));
    assertThatIllegalArgumentException().isThrownBy(() -> enable(text, PEER_A));
    String twice = disable(text, PEER_A) + "\n" + A;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> enable(twice, PEER_A))
        .withMessageContaining("is there already");
  }

  @Test
  void shouldPassOverSectionsThatAreDamaged() {
    String broken = HEAD + "\n# disabled: [Peer]\n# disabled: PublicKey = nonsense\n\n" + B;
    assertThat(accepted(broken).barred()).isEmpty();
    assertThat(accepted(broken).peers()).hasSize(1);
    // Not one of ours: the marker begins a line.
    assertThat(accepted(HEAD + " # disabled: [Peer]\n").barred()).isEmpty();
  }

  @Test
  void shouldStayThroughASaveOfWhatRuns() {
    String disabled = disable(HEAD + "\n" + A + "\n" + B, PEER_A);
    Configuration running = accepted(disabled.replace("10.0.0.3/32", "10.0.0.4/32"));
    byte[] saved =
        RunningState.into(
            disabled.getBytes(UTF_8), accepted(disabled), running, Set.of(key(PEER_A)));
    assertThat(new String(saved, UTF_8)).isEqualTo(disabled.replace("10.0.0.3/32", "10.0.0.4/32"));
  }
}
