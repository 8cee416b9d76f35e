package io.wgnetty.cli;

import static io.wgnetty.cli.ServedNode.WORD;
import static io.wgnetty.cli.ServedNode.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wgnetty.apiclient.ApiClient;
import io.wgnetty.apiclient.ApiException;
import io.wgnetty.apiclient.DefaultApi;
import io.wgnetty.apiclient.model.Added;
import io.wgnetty.apiclient.model.NewPeer;
import io.wgnetty.apiclient.model.Peer;
import io.wgnetty.apiclient.model.PeerPage;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.QuotaText;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a program gets that was made with docs/openapi.json alone: the client that a generator makes
 * of it, with a server that runs.
 */
@Timeout(60)
class GeneratedClientTest {
  @TempDir private Path directory;
  private @Nullable ServedNode served;

  @BeforeEach
  void start() throws Exception {
    served = ServedNode.start(directory, false);
  }

  @AfterEach
  void stop() {
    if (served != null) {
      served.close();
    }
  }

  private ServedNode served() {
    return requireNonNull(served);
  }

  private ClientNode node() {
    return served().node;
  }

  private DefaultApi api(String token) {
    var client = new ApiClient();
    client.updateBaseUri("http://127.0.0.1:" + served().port());
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    return new DefaultApi(client);
  }

  @Test
  void shouldListInterfacesAndAllPeersInPages() throws ApiException {
    served().addPeers(25);
    DefaultApi api = api(WORD);
    assertThat(api.listInterfaces().getInterfaces()).hasSize(1);
    assertThat(api.getInterface("wg0").getPeers()).isEqualTo(25);
    Set<String> seen = new HashSet<>();
    String after = null;
    do {
      PeerPage page = api.listPeers("wg0", after, 10, null);
      assertThat(page.getTotal()).isEqualTo(25);
      page.getPeers().forEach(peer -> seen.add(peer.getPublicKey()));
      after = page.getNext();
    } while (after != null);
    assertThat(seen).hasSize(25);
  }

  @Test
  void shouldTellWhatAPeerMayCarry() throws ApiException {
    served().addPeers(1);
    node()
        .device
        .limits()
        .set(
            Map.of(
                key(1),
                LimitText.parse("20M")
                    .withQuota(QuotaText.parse("50GB a month, then 1M"))
                    .withGroup("sales")));
    Peer peer = api(WORD).getPeer("wg0", key(1).toBase64());
    assertThat(peer.getPublicKey()).isEqualTo(key(1).toBase64());
    assertThat(peer.getLimit()).isEqualTo("20M");
    assertThat(peer.getQuota()).isEqualTo("50GB a month, then 1M");
    assertThat(peer.getGroup()).isEqualTo("sales");
    assertThat(peer.getEndpoint()).isNull();
  }

  @Test
  void shouldAddAndRemoveAPeer() throws ApiException {
    node().device.setPrivateKey(PrivateKey.fromHex("e8".repeat(32)));
    DefaultApi api = api(WORD);
    var wanted =
        new NewPeer()
            .name("phone")
            .addresses(List.of("10.9.0.7"))
            .serverEndpoint("vpn.example.org:1");
    Added added = api.addPeer("wg0", wanted, true);
    assertThat(added.getClientConfiguration()).contains("[Interface]", "vpn.example.org:1");
    assertThat(added.getClientQr()).contains("<svg");
    PeerPage page = api.listPeers("wg0", null, null, "phone");
    assertThat(page.getPeers()).hasSize(1);
    String key = page.getPeers().getFirst().getPublicKey();
    assertThat(api.removePeer("wg0", key).getReport()).isNotBlank();
    assertThat(node().device.peerKeys()).isEmpty();
  }

  @Test
  void shouldTellWhatIsWrong() {
    ApiException gone =
        catchThrowableOfType(ApiException.class, () -> api(WORD).getPeer("wg0", key(9).toBase64()));
    assertThat(gone.getCode()).isEqualTo(404);
    assertThat(gone.getResponseBody()).contains("\"error\"");
    ApiException nobody =
        catchThrowableOfType(
            ApiException.class, () -> api(WORD).removePeer("wg0", key(9).toBase64()));
    assertThat(nobody.getCode()).isEqualTo(404);
    ApiException stranger =
        catchThrowableOfType(ApiException.class, () -> api("wrong").listInterfaces());
    assertThat(stranger.getCode()).isEqualTo(401);
  }
}
