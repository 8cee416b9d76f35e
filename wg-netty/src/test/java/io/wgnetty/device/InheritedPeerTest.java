package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.handover.RecordedFormats;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.QuotaText;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.TestSession;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a peer's configuration is in another process. */
class InheritedPeerTest {
  private static final PeerLimit LIMIT =
      LimitText.parse("in 5M, out 20M, out 3000pps")
          .withQuota(QuotaText.parse("50GB a month, then 1M"))
          .withGroup("sales");

  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private PeerLimit limit = PeerLimit.NONE;
  private final Peer peer = TestSession.with(Endpoint.ipv4(1, 2)).peer();

  private byte[] saved(@Nullable String label) {
    try (StateWriter out = new StateWriter()) {
      InheritedPeer.save(peer, allowedIps, limit, label, out);
      byte[] bytes = new byte[out.size()];
      out.written().get(bytes);
      return bytes;
    }
  }

  private static InheritedPeer restored(byte[] bytes) {
    StateReader in = new StateReader(ByteBuffer.wrap(bytes));
    InheritedPeer inherited = InheritedPeer.restored(in);
    in.end();
    return inherited;
  }

  /** Gives the peer one of everything. */
  private void configure() {
    byte[] psk = new byte[PresharedKey.BYTES];
    Arrays.fill(psk, (byte) 7);
    peer.setPresharedKey(PresharedKey.of(psk));
    peer.timers().setPersistentInterval(25);
    limit = LIMIT;
    allowedIps.insert(IpPrefix.parse("10.0.0.0/24"), peer);
    allowedIps.insert(IpPrefix.parse("fd00::/64"), peer);
  }

  private void requireAll(InheritedPeer inherited) {
    byte[] psk = new byte[PresharedKey.BYTES];
    Arrays.fill(psk, (byte) 7);
    assertThat(inherited.publicKey()).isEqualTo(peer.publicKey());
    assertThat(inherited.presharedKey().sameAs(PresharedKey.of(psk))).isTrue();
    assertThat(inherited.keepaliveSeconds()).isEqualTo(25);
    assertThat(inherited.limit()).isEqualTo(LIMIT);
    assertThat(inherited.label()).isEqualTo("phone");
    assertThat(inherited.allowedIps())
        .containsExactlyInAnyOrder(IpPrefix.parse("10.0.0.0/24"), IpPrefix.parse("fd00::/64"));
  }

  @Test
  void shouldBringAllAcross() {
    configure();
    requireAll(restored(saved("phone")));
  }

  @Test
  void shouldReadWhatWasWrittenInEachFormatThatIsRead() throws IOException {
    for (int format : RecordedFormats.read()) {
      requireAll(restored(RecordedFormats.bytes(format, "peer-configuration")));
    }
  }

  @Test
  void shouldWriteWhatItsFormatSays() throws IOException {
    configure();
    assertThat(saved("phone"))
        .as("what differs is another format, and is recorded as that")
        .isEqualTo(RecordedFormats.bytes(RecordedFormats.written(), "peer-configuration"));
  }

  @Test
  void shouldMakeAPeerOfIt() {
    peer.timers().setPersistentInterval(25);
    limit = LIMIT;
    InheritedPeer inherited = restored(saved(null));
    Peer other = TestSession.with(Endpoint.ipv4(3, 4)).peer();
    inherited.configure(other, FlowTerms.of(inherited.limit(), null), 0);
    assertThat(other.keepaliveSeconds()).isEqualTo(25);
    assertThat(other.flows()).isNotNull();
  }

  @Test
  void shouldBringAcrossThatThereIsNothing() {
    InheritedPeer inherited = restored(saved(null));
    assertThat(inherited.limit()).isEqualTo(PeerLimit.NONE);
    assertThat(inherited.label()).isNull();
    assertThat(inherited.keepaliveSeconds()).isZero();
    assertThat(inherited.allowedIps()).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsCutOffAnywhere() {
    limit = LIMIT;
    byte[] bytes = saved("phone");
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> restored(part)).isInstanceOf(MalformedStateException.class);
    }
  }

  @Test
  void shouldRefuseALimitThatCannotBe() {
    byte[] bytes = saved(null);
    int at = 32 + 32 + Integer.BYTES; // behind both keys and the interval
    ByteBuffer.wrap(bytes).putLong(at, 1);
    assertThatThrownBy(() -> restored(bytes))
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("limit");
  }
}
