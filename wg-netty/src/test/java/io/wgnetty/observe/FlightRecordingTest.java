package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.peer.LonePeer;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of peers is found again in a flight recording. */
class FlightRecordingTest {
  private static final String PREFIX = "io.wgnetty.";
  private static final Endpoint HERE = Endpoint.of(new byte[] {(byte) 192, 0, 2, 1}, 51820, 0);
  private static final Endpoint THERE = Endpoint.of(new byte[] {(byte) 192, 0, 2, 9}, 4500, 0);

  private final PeerLabels labels = new PeerLabels();
  private final ShardEvents events = NodeEvents.of("wg0", labels, new EventFeed("wg0", labels));
  private final Peer peer = LonePeer.at(HERE);

  @TempDir Path folder;

  private List<RecordedEvent> record(Runnable work, String... disabled) throws IOException {
    try (var recording = new Recording()) {
      for (String name : disabled) {
        recording.disable(name);
      }
      recording.start();
      work.run();
      recording.stop();
      Path file = folder.resolve("events.jfr");
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().startsWith(PREFIX))
          .toList();
    }
  }

  private static RecordedEvent last(List<RecordedEvent> recorded, String name) {
    return recorded.reversed().stream()
        .filter(event -> event.getEventType().getName().equals(PREFIX + name))
        .findFirst()
        .orElseThrow();
  }

  private void tellAll() {
    events.handshakeBegun(peer, HandshakeRole.INITIATED);
    events.handshakeRetransmitted(peer, 2);
    events.handshakeCompleted(peer, HandshakeRole.INITIATED, 5_000_000, -1, 2);
    events.handshakeFailed(null, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_INVALID, THERE);
    events.handshakeGivenUp(peer, 20);
    events.rekeyed(peer, HandshakeRole.ANSWERED, 120_000_000_000L);
    events.sessionExpired(peer);
    events.roamed(peer, HERE, THERE);
    events.cookieSent(THERE);
    events.cookieReceived(peer);
    events.loadBegan(1);
    events.loadEnded(1);
    events.dropped(1, DropReason.NOT_AUTHENTIC, 3, peer);
    events.offloadFellBack(1, "no segments");
  }

  @Test
  void shouldHoldEveryEventWithWhatItSays() throws IOException {
    labels.set(peer.publicKey(), "laptop");
    List<RecordedEvent> recorded = record(this::tellAll);
    assertThat(recorded).hasSize(14);
    assertThat(recorded).allMatch(event -> event.getString("interfaceName").equals("wg0"));
    assertThat(recorded)
        .extracting(event -> event.getEventType().getName().substring(PREFIX.length()))
        .containsOnly(
            "HandshakeBegun",
            "HandshakeCompleted",
            "HandshakeFailed",
            "Rekey",
            "SessionExpired",
            "Roam",
            "CookieSent",
            "CookieReceived",
            "Load",
            "DropSample",
            "OffloadFallback");
    RecordedEvent completed = last(recorded, "HandshakeCompleted");
    assertThat(completed.getString("peer")).isEqualTo(peer.publicKey().toBase64().substring(0, 8));
    assertThat(completed.getString("label")).isEqualTo("laptop");
    assertThat(completed.getString("role")).isEqualTo("initiated");
    assertThat(completed.getDuration("elapsed")).isEqualTo(Duration.ofMillis(5));
    assertThat(completed.getInt("attempts")).isEqualTo(2);
    assertThat(completed.getLong("sinceLast")).as("nothing").isEqualTo(Long.MIN_VALUE);
    assertThat(last(recorded, "HandshakeFailed").getString("reason")).isEqualTo("given-up");
    assertThat(last(recorded, "Roam").getString("to")).isEqualTo("192.0.2.9:4500");
    RecordedEvent drop = last(recorded, "DropSample");
    assertThat(drop.getString("stage")).isEqualTo("transport-decryptor");
    assertThat(drop.getString("chain")).isEqualTo("inbound");
    assertThat(drop.getInt("packets")).isEqualTo(3);
  }

  @Test
  void shouldHoldNoMoreOfAKeyThanItsBeginning() throws IOException {
    List<RecordedEvent> recorded = record(this::tellAll);
    assertThat(recorded).isNotEmpty();
    for (RecordedEvent event : recorded) {
      for (ValueDescriptor field : event.getFields()) {
        Object value = event.getValue(field.getName());
        assertThat(String.valueOf(value)).doesNotContain(peer.publicKey().toBase64());
      }
    }
  }

  @Test
  void shouldDescribeEveryField() throws IOException {
    Set<String> undescribed =
        record(this::tellAll).stream()
            .flatMap(event -> event.getFields().stream())
            .filter(field -> field.getLabel() == null)
            .map(ValueDescriptor::getName)
            .collect(Collectors.toSet());
    assertThat(undescribed).isEmpty();
  }

  @Test
  void shouldSampleDropsOnlyWhileTheyAreRecorded() throws IOException {
    boolean[] samples = new boolean[2];
    record(() -> samples[0] = events.samplesDrops());
    assertThat(samples[0]).isTrue();
    assertThat(record(() -> samples[1] = events.samplesDrops(), "io.wgnetty.DropSample")).isEmpty();
    assertThat(samples[1]).isFalse();
    assertThat(events.samplesDrops()).as("after the recordings").isFalse();
  }

  @Test
  void shouldLimitSamplesOfDrops() throws IOException {
    List<RecordedEvent> recorded =
        record(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                events.dropped(0, DropReason.NOT_AUTHENTIC, 1, peer);
              }
            });
    assertThat(recorded).hasSizeBetween(1, 10_000);
  }
}
