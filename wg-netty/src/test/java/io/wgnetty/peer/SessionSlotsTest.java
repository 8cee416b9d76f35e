package io.wgnetty.peer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every row of the table in protocol 3.2. */
class SessionSlotsTest {
  private final Peer peer = LonePeer.numbered(1);
  private final List<Session> made = new ArrayList<>();
  private final SessionSlots slots = new SessionSlots(peer.shard());
  private int nextIndex = 1;

  private Session session() {
    AgreedKeys agreed = AgreedKeys.agree(nextIndex++, 99);
    Session session = TestSession.of(peer, agreed.initiator(), 0);
    made.add(session);
    return session;
  }

  /** Those whose keys are wiped. */
  private List<Session> dropped() {
    return made.stream().filter(session -> !session.mayReceive(0)).toList();
  }

  private void assertSlots(
      @Nullable Session current, @Nullable Session previous, @Nullable Session next) {
    assertThat(slots.current()).as("current").isSameAs(current);
    assertThat(slots.previous()).as("previous").isSameAs(previous);
    assertThat(slots.next()).as("next").isSameAs(next);
  }

  @Test
  void shouldBeEmptyAtFirst() {
    assertSlots(null, null, null);
    slots.dropAll();
    assertThat(dropped()).isEmpty();
  }

  @Test
  void shouldMoveCurrentToPreviousWhenInitiatorDerives() {
    Session first = session();
    Session second = session();
    Session third = session();
    slots.derivedAsInitiator(first, false);
    assertSlots(first, null, null);
    slots.derivedAsInitiator(second, false);
    assertSlots(second, first, null);
    assertThat(dropped()).isEmpty();
    slots.derivedAsInitiator(third, false);
    assertSlots(third, second, null);
    assertThat(dropped()).containsExactly(first);
  }

  @Test
  void shouldKeepNextWhenInitiatorDerivesWhileOneIsUnconfirmed() {
    Session oldest = session();
    Session old = session();
    Session unconfirmed = session();
    Session fresh = session();
    slots.derivedAsInitiator(oldest, false);
    slots.derivedAsResponder(old, false);
    assertThat(slots.confirm(old)).isTrue();
    assertSlots(old, oldest, null);
    slots.derivedAsResponder(unconfirmed, false);
    assertThat(dropped()).containsExactly(oldest);
    assertSlots(old, null, unconfirmed);
    slots.derivedAsInitiator(fresh, false);
    assertSlots(fresh, old, unconfirmed);
    assertThat(dropped()).containsExactly(oldest);
    assertThat(slots.confirm(unconfirmed)).isTrue();
    assertSlots(unconfirmed, fresh, null);
    assertThat(dropped()).containsExactly(oldest, old);
  }

  @Test
  void shouldNotPromoteANextThatYields() {
    Session old = session();
    Session theirs = session();
    Session ours = session();
    slots.derivedAsInitiator(old, false);
    slots.derivedAsResponder(theirs, false);
    slots.derivedAsInitiator(ours, true);
    assertThat(slots.confirm(theirs)).isFalse();
    assertSlots(ours, old, theirs);
    Session renewed = session();
    slots.derivedAsResponder(renewed, false);
    assertThat(slots.confirm(renewed)).as("the next one does not").isTrue();
    assertSlots(renewed, ours, null);
    assertThat(dropped()).containsExactlyInAnyOrder(theirs, old);
  }

  @Test
  void shouldKeepPreviousWhenAResponderDerivesASessionThatYields() {
    Session old = session();
    Session ours = session();
    Session theirs = session();
    slots.derivedAsInitiator(old, false);
    slots.derivedAsInitiator(ours, false);
    slots.derivedAsResponder(theirs, true);
    assertThat(slots.confirm(theirs)).isFalse();
    assertSlots(ours, old, theirs);
    assertThat(dropped()).isEmpty();
  }

  @Test
  void shouldKeepCurrentWhenResponderDerives() {
    Session previous = session();
    Session current = session();
    Session first = session();
    Session second = session();
    slots.derivedAsInitiator(previous, false);
    slots.derivedAsInitiator(current, false);
    slots.derivedAsResponder(first, false);
    assertSlots(current, null, first);
    assertThat(dropped()).containsExactly(previous);
    slots.derivedAsResponder(second, false);
    assertSlots(current, null, second);
    assertThat(dropped()).containsExactly(previous, first);
  }

  @Test
  void shouldPromoteNextWhenItIsConfirmed() {
    Session current = session();
    Session next = session();
    slots.derivedAsInitiator(current, false);
    slots.derivedAsResponder(next, false);
    assertThat(slots.confirm(current)).isFalse();
    assertSlots(current, null, next);
    assertThat(slots.confirm(next)).isTrue();
    assertSlots(next, current, null);
    assertThat(dropped()).isEmpty();
    assertThat(slots.confirm(next)).as("confirmed once only").isFalse();
    assertSlots(next, current, null);
  }

  @Test
  void shouldDropAllOfThem() {
    Session current = session();
    Session next = session();
    slots.derivedAsInitiator(current, false);
    slots.derivedAsResponder(next, false);
    slots.dropAll();
    assertSlots(null, null, null);
    assertThat(dropped()).containsExactlyInAnyOrder(next, current);
    slots.dropAll();
    assertThat(dropped()).as("dropped once only").hasSize(2);
  }

  @Test
  void shouldDropPreviousWithTheOthers() {
    Session previous = session();
    Session current = session();
    slots.derivedAsInitiator(previous, false);
    slots.derivedAsInitiator(current, false);
    slots.dropAll();
    assertThat(dropped()).containsExactlyInAnyOrder(previous, current);
  }

  @Test
  void shouldForbidSendingButNotReceivingWhenTheKeyChanges() {
    slots.derivedAsInitiator(session(), false);
    slots.derivedAsResponder(session(), false);
    slots.forbidSending();
    for (Session session : List.of(requireNonNull(slots.current()), requireNonNull(slots.next()))) {
      assertThat(session.maySend(0)).isFalse();
      assertThat(session.mayReceive(0)).isTrue();
    }
    assertThat(dropped()).isEmpty();
  }
}
