package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is told to be there, over hours. */
class PresenceTest {
  private static final PublicKey PHONE = PublicKey.of(new byte[PublicKey.BYTES]);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long NEVER = Long.MIN_VALUE;

  private final Presence presence = new Presence(Presence.GONE_NS);
  private final List<String> told = new ArrayList<>();
  private long nowNs = TimeUnit.DAYS.toNanos(3);
  private long heardNs = NEVER;
  private boolean isThere = true;

  private List<PeerTraffic> peers() {
    return isThere
        ? List.of(new PeerTraffic(PHONE, 1, 1, 1, heardNs == NEVER ? -1 : nowNs - heardNs))
        : List.of();
  }

  private void tell(Presence.Change change) {
    told.add(change.kind() + " " + TimeUnit.NANOSECONDS.toSeconds(change.silentNs()));
  }

  /** The peer completes a handshake, and is heard by that. */
  private void calls() {
    heardNs = nowNs;
    Presence.Change change = presence.completed(PHONE, nowNs);
    if (change != null) {
      tell(change);
    }
  }

  /**
   * Time in which the peer is heard every so often; a session older than that needs a handshake.
   */
  private void pass(long seconds, long heardEverySeconds) {
    for (long passed = 1; passed <= seconds; passed++) {
      nowNs += SECOND;
      if (heardEverySeconds > 0 && passed % heardEverySeconds == 0) {
        if (heardEverySeconds >= 120) {
          calls();
        } else {
          heardNs = nowNs;
        }
      }
      if (passed % 5 == 0) {
        presence.look(peers(), nowNs).forEach(this::tell);
      }
    }
  }

  private List<String> told() {
    List<String> all = List.copyOf(told);
    told.clear();
    return all;
  }

  @Test
  void shouldTellOnceThatAPeerIsConnectedHoweverOftenItRenews() {
    calls();
    for (int i = 0; i < 100; i++) {
      pass(120, 25);
      calls();
    }
    assertThat(told()).containsExactly("connected 0");
  }

  @Test
  void shouldTellThatAPeerIsGoneAfterThreeMinutesAndThatItIsBack() {
    calls();
    pass(600, 25);
    told();
    pass(175, 0);
    assertThat(told()).isEmpty();
    pass(5, 0);
    assertThat(told()).containsExactly("gone 180");
    pass(1000, 0);
    assertThat(told()).isEmpty();
    calls();
    assertThat(told()).containsExactly("back 1180");
    pass(600, 25);
    assertThat(told()).isEmpty();
  }

  @Test
  void shouldNotComeAndGoForAPeerThatHasLittleToSay() {
    calls();
    told();
    pass(24 * 3600, 300);
    assertThat(told()).containsExactly("gone 180", "back 300");
    pass(24 * 3600, 1500);
    assertThat(told()).hasSizeLessThanOrEqualTo(6);
    pass(24 * 3600, 1500);
    assertThat(told()).isEmpty();
  }

  @Test
  void shouldNotBePatientWithAQuietPeerThatDoesNotAnswer() {
    calls();
    pass(3600, 300);
    told();
    pass(100, 0);
    assertThat(presence.unanswered(PHONE, nowNs)).isTrue();
    assertThat(presence.unanswered(PHONE, nowNs)).as("the same again").isFalse();
    pass(85, 0);
    assertThat(told()).containsExactly("gone 180");
    calls();
    assertThat(told()).containsExactly("back 185");
    assertThat(presence.unanswered(PHONE, nowNs)).as("another silence").isTrue();
  }

  @Test
  void shouldLosePatienceAgainWithAPeerThatIsHeardAllTheTime() {
    calls();
    pass(3600, 300);
    told();
    pass(3700, 25);
    assertThat(told()).isEmpty();
    pass(185, 0);
    assertThat(told()).containsExactly("gone 180");
  }

  @Test
  void shouldTellOnceThatAPeerWasNeverReached() {
    assertThat(presence.unanswered(PHONE, nowNs)).isTrue();
    assertThat(presence.unanswered(PHONE, nowNs)).isFalse();
    pass(10, 0);
    assertThat(presence.unanswered(PHONE, nowNs)).isFalse();
    calls();
    assertThat(presence.unanswered(PHONE, nowNs)).isTrue();
  }

  @Test
  void shouldTellNobodyOfPeersThatWereThereBefore() {
    heardNs = nowNs - 10 * SECOND;
    presence.begin(peers(), nowNs);
    pass(60, 25);
    assertThat(told()).isEmpty();
    assertThat(presence.isConnected(PHONE)).isTrue();
    isThere = false;
    pass(5, 0);
    isThere = true;
    heardNs = NEVER;
    pass(5, 0);
    assertThat(presence.isConnected(PHONE)).as("it was removed and added").isFalse();
    calls();
    assertThat(told()).containsExactly("connected 0");
  }

  @Test
  void shouldTellOfOneThatWasGoneBeforeThatItIsBack() {
    heardNs = nowNs - 400 * SECOND;
    presence.begin(peers(), nowNs);
    pass(20, 0);
    assertThat(told()).isEmpty();
    calls();
    assertThat(told()).containsExactly("back 420");
  }

  @Test
  void shouldFindWhatItWasNotToldOf() {
    presence.begin(peers(), nowNs);
    pass(100, 0);
    pass(30, 10);
    assertThat(told()).containsExactly("connected 0");
    pass(200, 0);
    assertThat(told()).containsExactly("gone 180");
    pass(30, 10);
    assertThat(told()).hasSize(1).allMatch(line -> line.startsWith("back 2"));
  }
}
