package io.wgnetty.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.handover.RecordedFormats;
import io.wgnetty.state.MalformedStateException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What other versions have written, and this one has to read. */
class PeerStateFormatTest {
  private static final String PART = "peer-state";

  /** What was told ahead of the same peer, and what was told then. */
  private static final String AHEAD = "peer-state-ahead";

  private static final String REST = "peer-state-rest";

  @Test
  void shouldReadWhatWasWrittenInEachFormatThatIsRead() throws IOException {
    for (int format : RecordedFormats.read()) {
      Peer peer = PeerStateTest.restored(RecordedFormats.bytes(format, PART), shard());

      assertThat(peer.receivedBytes()).isEqualTo(300);
      assertThat(peer.sentBytes()).isEqualTo(400);
      assertThat(peer.handshake().greatestTimestamp())
          .isEqualTo(Tai64n.whitened(77 * LonePeer.SECOND));
      Session session = PeerStateTest.current(peer);
      assertThat(session.localIndex()).isEqualTo(12);
      assertThat(session.remoteIndex()).isEqualTo(22);
      assertThat(session.replayWindow().wouldAccept(650)).isFalse();
      assertThat(session.replayWindow().wouldAccept(651)).isTrue();
      assertThat(session.takeCounter()).isEqualTo(5 + Session.MARGIN);
    }
  }

  @Test
  void shouldReadWhatWasToldAheadInEachFormatThatIsRead() throws IOException {
    for (int format : RecordedFormats.read()) {
      Peer peer = PeerStateTest.restoredAhead(RecordedFormats.bytes(format, AHEAD), shard());
      PeerStateTest.restored(peer, RecordedFormats.bytes(format, REST));

      Session session = PeerStateTest.current(peer);
      assertThat(session.localIndex()).isEqualTo(12);
      assertThat(session.replayWindow().wouldAccept(650)).isFalse();
      assertThat(session.takeCounter()).isEqualTo(5 + Session.MARGIN);
      assertThat(PeerStateTest.sessions(peer)).hasSize(3).noneMatch(one -> one.awaitsProgress);
    }
  }

  @Test
  void shouldRefuseWhatWasWrittenInTheFormatBefore() {
    assertThatThrownBy(() -> PeerStateTest.restored(RecordedFormats.bytes(2, PART), shard()))
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("none");
  }

  @Test
  void shouldTellAheadWhatItsFormatSays() throws IOException {
    Peer peer = PeerStateTest.livingPeer(shard());
    byte[] ahead = PeerStateTest.savedAhead(peer);

    assertThat(hex(ahead)).isEqualTo(hex(RecordedFormats.bytes(RecordedFormats.written(), AHEAD)));
    assertThat(hex(PeerStateTest.saved(peer)))
        .isEqualTo(hex(RecordedFormats.bytes(RecordedFormats.written(), REST)));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void shouldWriteWhatItsFormatSays() throws IOException {
    byte[] written = PeerStateTest.saved(PeerStateTest.livingPeer(shard()));

    assertThat(HexFormat.of().formatHex(written))
        .as("what differs is another format, and is recorded as that")
        .isEqualTo(
            HexFormat.of().formatHex(RecordedFormats.bytes(RecordedFormats.written(), PART)));
  }

  @Test
  void shouldRefuseARecordedStateThatIsLonger() throws IOException {
    byte[] recorded = RecordedFormats.bytes(RecordedFormats.written(), PART);

    assertThatThrownBy(
            () -> PeerStateTest.restored(Arrays.copyOf(recorded, recorded.length + 1), shard()))
        .isInstanceOf(MalformedStateException.class);
  }

  private static ShardState shard() {
    return PeerStateTest.shard(0, 0);
  }
}
