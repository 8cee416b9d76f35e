package io.wgnetty.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.device.PeerSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetRequestTest {
  private static final X25519 X25519_PROVIDER = X25519Providers.fastest();
  private static final String ZERO =
      "0000000000000000000000000000000000000000000000000000000000000000";
  private static final String SECRET =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
  private static final String PEER_A = "aa".repeat(32);
  private static final String PEER_B = "bb".repeat(32);

  private final FakeDevice device = new FakeDevice();

  /** The whole request; returns what {@code errno} a client would see. */
  private Errno set(String... lines) {
    var request = new SetRequest(device, X25519_PROVIDER);
    try {
      for (String line : lines) {
        request.line(UapiLine.of(line));
      }
    } catch (RequestException e) {
      assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
      request.end();
      return e.errno();
    }
    request.end();
    return Errno.NONE;
  }

  private PeerSnapshot peer(String hex) {
    PeerSnapshot found = device.peer(PublicKey.fromHex(hex));
    assertThat(found).as("peer " + hex).isNotNull();
    return java.util.Objects.requireNonNull(found);
  }

  private List<String> allowedIps(String hex) {
    return peer(hex).allowedIps().stream().map(Object::toString).toList();
  }

  private static String ownPublicKey() {
    return PrivateKey.fromHex(SECRET).publicKey(X25519_PROVIDER).toHex();
  }

  @Test
  void shouldApplyEveryDeviceKey() {
    assertThat(set("private_key=" + SECRET, "listen_port=51820", "fwmark=4294967295"))
        .isEqualTo(Errno.NONE);
    var settings = device.settings();
    PrivateKey key = settings.privateKey();
    assertThat(key == null ? "none" : key.toHex()).isEqualTo(PrivateKey.fromHex(SECRET).toHex());
    assertThat(settings.listenPort()).isEqualTo(51820);
    assertThat(settings.fwmark()).isEqualTo(-1);
  }

  @Test
  void shouldRemoveSettingsByZero() {
    set("private_key=" + SECRET, "listen_port=1", "fwmark=1");
    assertThat(set("private_key=" + ZERO, "listen_port=0", "fwmark=0")).isEqualTo(Errno.NONE);
    assertThat(device.settings().privateKey()).isNull();
    assertThat(device.settings().listenPort()).isZero();
    assertThat(device.settings().fwmark()).isZero();
  }

  @Test
  void shouldApplyEveryPeerKey() {
    assertThat(
            set(
                "public_key=" + PEER_A.toUpperCase(java.util.Locale.ROOT),
                "preshared_key=" + SECRET,
                "protocol_version=1",
                "endpoint=192.0.2.7:7",
                "persistent_keepalive_interval=65535",
                "replace_allowed_ips=true",
                "allowed_ip=10.9.8.7/8",
                "allowed_ip=2001:db8::5/32",
                "allowed_ip=0.0.0.0/0"))
        .isEqualTo(Errno.NONE);
    PeerSnapshot peer = peer(PEER_A);
    assertThat(peer.presharedKey().toHex()).isEqualTo(SECRET);
    assertThat(peer.endpoint()).hasToString("192.0.2.7:7");
    assertThat(peer.keepaliveSeconds()).isEqualTo(65535);
    assertThat(allowedIps(PEER_A)).containsExactly("10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1:0, 192.0.2.1:0",
    "192.0.2.1:65535, 192.0.2.1:65535",
    "[2001:db8::1]:51820, [2001:db8::1]:51820",
    "[fe80::1%1]:5, [fe80::1%1]:5",
    "[fe80::1%lo]:5, [fe80::1%1]:5",
    "[::ffff:1.2.3.4]:5, 1.2.3.4:5",
  })
  void shouldReadEndpoint(String text, String expected) {
    assertThat(set("public_key=" + PEER_A, "endpoint=" + text)).isEqualTo(Errno.NONE);
    assertThat(peer(PEER_A).endpoint()).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private_key=",
        "private_key=00",
        "private_key=" + SECRET + "0",
        "private_key=g84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a",
        "listen_port=",
        "listen_port=65536",
        "listen_port=-1",
        "listen_port=+1",
        "listen_port= 1",
        "listen_port=1x",
        "listen_port=99999999999999999999999999",
        "listen_port=1\r",
        "fwmark=4294967296",
        "fwmark=0x10",
        "fwmark=off",
        "replace_peers=false",
        "replace_peers=",
        "replace_peers=TRUE",
        "protocol_version=1",
        "endpoint=1.2.3.4:5",
        "allowed_ip=1.2.3.4/5",
        "remove=true",
        "update_only=true",
        "errno=0",
        "=",
        "=1",
        "PRIVATE_KEY=" + ZERO,
        "get=1",
        "set=1",
        "public_key=",
        "public_key=00",
        "public_key=" + ZERO + "00",
        "last_handshake_time_sec=1"
      })
  void shouldRefuseBadDeviceLine(String line) {
    assertThat(set(line)).isEqualTo(Errno.EINVAL);
    assertThat(device.peerCount()).isZero();
    assertThat(device.settings().privateKey()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private_key=" + SECRET,
        "listen_port=1",
        "fwmark=1",
        "replace_peers=true",
        "remove=false",
        "remove=",
        "update_only=false",
        "preshared_key=",
        "preshared_key=00",
        "protocol_version=2",
        "protocol_version=01",
        "protocol_version=",
        "endpoint=",
        "endpoint=:1",
        "endpoint=host.example:1",
        "endpoint=1.2.3.4",
        "endpoint=1.2.3.4:",
        "endpoint=1.2.3.4:65536",
        "endpoint=1.2.3.4:-1",
        "endpoint=1.2.3.4:123456",
        "endpoint=1.2.3:4",
        "endpoint=01.2.3.4:5",
        "endpoint=::1:5",
        "endpoint=[::1]",
        "endpoint=[1.2.3.4]:5",
        "endpoint=[]:5",
        "endpoint=[::1:5",
        "endpoint=[::1%no-such-if]:5",
        "endpoint=[::1%]:5",
        "endpoint=1.2.3.4%1:5",
        "persistent_keepalive_interval=65536",
        "persistent_keepalive_interval=off",
        "persistent_keepalive_interval=",
        "replace_allowed_ips=false",
        "allowed_ip=",
        "allowed_ip=10.0.0.0",
        "allowed_ip=10.0.0.0/",
        "allowed_ip=10.0.0.0/33",
        "allowed_ip=::/129",
        "allowed_ip=10.0.0.0/-1",
        "allowed_ip=--10.0.0.0/8",
        "allowed_ip=+10.0.0.0/8",
        "allowed_ip=-",
        "allowed_ip=10.0.0.0/8 ",
        "rx_bytes=1",
        "last_handshake_time_sec=1",
        "unknown=1"
      })
  void shouldRefuseBadPeerLineAndKeepWhatStoodBeforeIt(String line) {
    assertThat(set("public_key=" + PEER_A, "persistent_keepalive_interval=7", line))
        .isEqualTo(Errno.EINVAL);
    PeerSnapshot peer = peer(PEER_A);
    assertThat(peer.keepaliveSeconds()).isEqualTo(7);
    assertThat(peer.presharedKey().isNone()).isTrue();
    assertThat(peer.endpoint()).isNull();
    assertThat(peer.allowedIps()).isEmpty();
    assertThat(device.settings().privateKey()).isNull();
  }

  @Test
  void shouldRefuseLineWithoutEqualsSignAsProtocolError() {
    assertThat(set("listen_port")).isEqualTo(Errno.EPROTO);
    assertThat(set("public_key=" + PEER_A, "remove")).isEqualTo(Errno.EPROTO);
  }

  @Test
  void shouldReportPortOrMarkThatSocketsRefuse() {
    device.settingsRefused = 51821;
    assertThat(set("listen_port=51821")).isEqualTo(Errno.EADDRINUSE);
    assertThat(set("fwmark=51821")).isEqualTo(Errno.EADDRINUSE);
  }

  @Test
  void shouldNeverShowKeyMaterialInMessages() {
    for (String line :
        List.of(SECRET + "=1", SECRET, "private_key=" + SECRET + "0", "privat_key=" + SECRET)) {
      var request = new SetRequest(device, X25519_PROVIDER);
      assertThatThrownBy(() -> request.line(UapiLine.of(line)))
          .isInstanceOf(RequestException.class)
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET.substring(0, 8)));
    }
  }

  @Test
  void shouldCreatePeerOfEmptySection() {
    assertThat(set("public_key=" + PEER_A)).isEqualTo(Errno.NONE);
    assertThat(device.peerCount()).isEqualTo(1);
  }

  @Test
  void shouldReplacePeersAtThatPoint() {
    set("public_key=" + PEER_A);
    assertThat(set("replace_peers=true", "public_key=" + PEER_B)).isEqualTo(Errno.NONE);
    assertThat(device.peerKeys()).containsExactly(PublicKey.fromHex(PEER_B));
  }

  @Test
  void shouldLeaveOtherPropertiesOfPeerAlone() {
    set("public_key=" + PEER_A, "endpoint=192.0.2.1:1", "allowed_ip=10.0.0.0/8");
    set("public_key=" + PEER_A, "persistent_keepalive_interval=5");
    assertThat(peer(PEER_A).endpoint()).hasToString("192.0.2.1:1");
    assertThat(allowedIps(PEER_A)).containsExactly("10.0.0.0/8");
  }

  @Test
  void shouldLeakNothingIntoTheNextSection() {
    set("public_key=" + PEER_B, "allowed_ip=10.1.0.0/16");
    assertThat(
            set(
                "public_key=" + PEER_A,
                "update_only=true",
                "preshared_key=" + SECRET,
                "endpoint=192.0.2.1:1",
                "persistent_keepalive_interval=9",
                "replace_allowed_ips=true",
                "allowed_ip=10.2.0.0/16",
                "public_key=" + PEER_B,
                "allowed_ip=10.3.0.0/16",
                "public_key=" + "cc".repeat(32),
                "remove=true",
                "public_key=" + "dd".repeat(32)))
        .isEqualTo(Errno.NONE);
    assertThat(device.peer(PublicKey.fromHex(PEER_A))).isNull();
    PeerSnapshot b = peer(PEER_B);
    assertThat(b.presharedKey().isNone()).isTrue();
    assertThat(b.endpoint()).isNull();
    assertThat(b.keepaliveSeconds()).isZero();
    assertThat(allowedIps(PEER_B)).containsExactly("10.1.0.0/16", "10.3.0.0/16");
    assertThat(device.peer(PublicKey.fromHex("dd".repeat(32)))).isNotNull();
  }

  @Test
  void shouldIgnoreLinesBehindRemoveButStillCheckThem() {
    set("public_key=" + PEER_A);
    assertThat(
            set(
                "public_key=" + PEER_A,
                "remove=true",
                "preshared_key=" + SECRET,
                "endpoint=192.0.2.1:1",
                "allowed_ip=10.0.0.0/8",
                "update_only=true",
                "remove=true"))
        .isEqualTo(Errno.NONE);
    assertThat(device.peerCount()).isZero();
    assertThat(set("public_key=" + PEER_A, "remove=true", "allowed_ip=x")).isEqualTo(Errno.EINVAL);
  }

  @Test
  void shouldTakeAllowedIpFromOtherPeerEvenIfItsNewOwnerIsRemovedOrCleared() {
    set("public_key=" + PEER_A, "allowed_ip=10.0.0.0/8", "allowed_ip=10.1.0.0/16");
    set("public_key=" + PEER_B, "allowed_ip=10.0.0.0/8", "remove=true");
    assertThat(allowedIps(PEER_A)).containsExactly("10.1.0.0/16");
    set("public_key=" + PEER_B, "allowed_ip=10.1.0.0/16", "replace_allowed_ips=true");
    assertThat(allowedIps(PEER_A)).isEmpty();
    assertThat(allowedIps(PEER_B)).isEmpty();
  }

  @Test
  void shouldNotCreatePeerWhereverUpdateOnlyStands() {
    assertThat(set("public_key=" + PEER_A, "allowed_ip=10.0.0.0/8", "update_only=true"))
        .isEqualTo(Errno.NONE);
    assertThat(device.peerCount()).isZero();
    set("public_key=" + PEER_A);
    set("public_key=" + PEER_A, "update_only=true", "persistent_keepalive_interval=3");
    assertThat(peer(PEER_A).keepaliveSeconds()).isEqualTo(3);
  }

  @Test
  void shouldHonourUpdateOnlyBehindListThatWasTakenInParts() {
    String[] lines = longSection(PEER_A, SetRequest.CHUNK_ALLOWED_IPS + 1);
    lines[lines.length - 1] = "update_only=true";
    assertThat(set(lines)).isEqualTo(Errno.NONE);
    assertThat(device.peerCount()).isZero();
    set("public_key=" + PEER_A);
    assertThat(set(lines)).isEqualTo(Errno.NONE);
    assertThat(allowedIps(PEER_A)).hasSize(SetRequest.CHUNK_ALLOWED_IPS);
  }

  @Test
  void shouldRemoveAllowedIpByMinus() {
    set("public_key=" + PEER_A, "allowed_ip=10.0.0.0/8", "allowed_ip=10.1.0.0/16");
    assertThat(set("public_key=" + PEER_A, "allowed_ip=-10.0.0.0/8", "allowed_ip=-172.16.0.0/12"))
        .isEqualTo(Errno.NONE);
    assertThat(allowedIps(PEER_A)).containsExactly("10.1.0.0/16");
  }

  @Test
  void shouldAcceptAndIgnoreOwnPublicKey() {
    set("private_key=" + SECRET);
    assertThat(
            set(
                "public_key=" + ownPublicKey(),
                "preshared_key=" + SECRET,
                "allowed_ip=10.0.0.0/8",
                "update_only=true",
                "replace_allowed_ips=true",
                "remove=true",
                "public_key=" + PEER_A))
        .isEqualTo(Errno.NONE);
    assertThat(device.peerKeys()).containsExactly(PublicKey.fromHex(PEER_A));
    assertThat(set("public_key=" + ownPublicKey(), "allowed_ip=x")).isEqualTo(Errno.EINVAL);
  }

  @Test
  void shouldKnowOwnPublicKeyThatTheSameRequestSets() {
    assertThat(set("private_key=" + SECRET, "public_key=" + ownPublicKey())).isEqualTo(Errno.NONE);
    assertThat(device.peerCount()).isZero();
    assertThat(set("private_key=" + ZERO, "public_key=" + ownPublicKey())).isEqualTo(Errno.NONE);
    assertThat(device.peerCount()).isEqualTo(1);
  }

  @Test
  void shouldGivePeersToTheDeviceInChunks() {
    String[] lines = new String[1000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "public_key=" + String.format("%064x", i + 1);
    }
    set(lines);
    assertThat(device.peerCount()).isEqualTo(1000);
    assertThat(device.changesPerCall).containsExactly(256, 256, 256, 232);
  }

  @Test
  void shouldTakePeerWithManyAllowedIpsInParts() {
    set("public_key=" + PEER_A, "allowed_ip=192.0.2.0/24");
    String[] lines = longSection(PEER_A, 130_000);
    assertThat(set(lines)).isEqualTo(Errno.NONE);
    assertThat(allowedIps(PEER_A)).hasSize(130_000).doesNotContain("192.0.2.0/24");
    assertThat(peer(PEER_A).presharedKey().toHex()).isEqualTo(SECRET);
    assertThat(device.largestAllowedIpsPerCall).isLessThanOrEqualTo(SetRequest.CHUNK_ALLOWED_IPS);
  }

  @Test
  void shouldKeepTheOldListUntilTheNewOneIsComplete() throws RequestException {
    set("public_key=" + PEER_A, "allowed_ip=192.0.2.0/24", "allowed_ip=10.0.0.5/32");
    var request = new SetRequest(device, X25519_PROVIDER);
    String[] lines = longSection(PEER_A, 2 * SetRequest.CHUNK_ALLOWED_IPS + 1);
    for (String line : lines) {
      request.line(UapiLine.of(line));
    }
    assertThat(allowedIps(PEER_A))
        .hasSize(2 * SetRequest.CHUNK_ALLOWED_IPS + 1)
        .contains("192.0.2.0/24");
    request.end();
    assertThat(allowedIps(PEER_A))
        .hasSize(2 * SetRequest.CHUNK_ALLOWED_IPS + 1)
        .doesNotContain("192.0.2.0/24");
  }

  @Test
  void shouldKeepTheOldListWhenTheConnectionBreaksWithinTheNewOne() throws RequestException {
    set("public_key=" + PEER_A, "allowed_ip=192.0.2.0/24");
    var request = new SetRequest(device, X25519_PROVIDER);
    for (String line : longSection(PEER_A, SetRequest.CHUNK_ALLOWED_IPS + 1)) {
      request.line(UapiLine.of(line));
    }
    request.discard();
    assertThat(allowedIps(PEER_A))
        .hasSize(SetRequest.CHUNK_ALLOWED_IPS + 1)
        .contains("192.0.2.0/24");
    set("public_key=" + PEER_A, "allowed_ip=192.0.3.0/24");
    assertThat(allowedIps(PEER_A)).contains("192.0.2.0/24");
  }

  @Test
  void shouldEndTheListAtAnErrorWithinIt() {
    set("public_key=" + PEER_A, "allowed_ip=192.0.2.0/24");
    String[] lines = longSection(PEER_A, SetRequest.CHUNK_ALLOWED_IPS + 2);
    lines[lines.length - 1] = "allowed_ip=nonsense";
    assertThat(set(lines)).isEqualTo(Errno.EINVAL);
    assertThat(allowedIps(PEER_A))
        .hasSize(SetRequest.CHUNK_ALLOWED_IPS + 1)
        .doesNotContain("192.0.2.0/24");
  }

  @Test
  void shouldReplaceAgainWithinOneSection() {
    set("public_key=" + PEER_A, "allowed_ip=192.0.2.0/24");
    assertThat(
            set(
                "public_key=" + PEER_A,
                "replace_allowed_ips=true",
                "allowed_ip=192.0.3.0/24",
                "replace_allowed_ips=true",
                "allowed_ip=192.0.4.0/24"))
        .isEqualTo(Errno.NONE);
    assertThat(allowedIps(PEER_A)).containsExactly("192.0.4.0/24");
  }

  @Test
  void shouldApplyNothingMoreOfDiscardedRequest() throws RequestException {
    var request = new SetRequest(device, X25519_PROVIDER);
    request.line(UapiLine.of("public_key=" + PEER_A));
    request.line(UapiLine.of("preshared_key=" + SECRET));
    request.line(UapiLine.of("public_key=" + PEER_B));
    request.discard();
    assertThat(device.peerCount()).isZero();
  }

  private static String[] longSection(String peer, int allowedIps) {
    String[] lines = new String[allowedIps + 3];
    lines[0] = "public_key=" + peer;
    lines[1] = "preshared_key=" + SECRET;
    lines[2] = "replace_allowed_ips=true";
    for (int i = 0; i < allowedIps; i++) {
      lines[i + 3] = "allowed_ip=10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + "/32";
    }
    return lines;
  }
}
