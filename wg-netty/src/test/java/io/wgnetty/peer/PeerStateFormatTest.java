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
