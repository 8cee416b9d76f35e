package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import io.wgnetty.protocol.Messages;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The address of ours that a peer called: kept, and not for too long (protocol 4.4). */
class StickySourceTest extends PairTest {
  private static final LocalAddress CALLED = new LocalAddress(0, 0xc633_6401L, 0);
  static final LocalAddress OTHER = new LocalAddress(0, 0xc633_6402L, 0);

  private void connectAt(LocalAddress address) {
    network.callAt(address);
    connect();
  }

  @Test
  void shouldAnswerAnInitiationFromTheAddressThatItCalled() {
    network.callAt(CALLED);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(last(bob, Messages.RESPONSE).destination())
        .isEqualTo(alice.place().withLocal(CALLED));
    assertThat(toBob.endpoint()).as("by the response").isEqualTo(bob.place().withLocal(CALLED));
  }

  @Test
  void shouldFollowDataToAnotherAddress() {
    connectAt(CALLED);
    assertThat(toAlice.endpoint()).isEqualTo(alice.place().withLocal(CALLED));
    network.callAt(OTHER);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(toAlice.endpoint()).isEqualTo(alice.place().withLocal(OTHER));
    bob.send(toAlice, PACKET);
    assertThat(last(bob, Messages.TRANSPORT).destination().local()).isEqualTo(OTHER);
  }

  @Test
  void shouldIgnoreWhatIsNotAuthentic() {
    connectAt(CALLED);
    network.callAt(OTHER);
    network.deliver(last(alice, Messages.TRANSPORT).damaged(20));
    network.deliver(last(alice, Messages.TRANSPORT)); // a replay
    assertThat(toAlice.endpoint()).isEqualTo(alice.place().withLocal(CALLED));
  }

  @Test
  void shouldLetGoWhenAHandshakeIsSentAgain() {
    connectAt(CALLED);
    network.advance(200 * SECOND); // the session is too old by then
    network.lose(datagram -> true);
    int before = network.initiationsOf(alice);
    alice.send(toBob, PACKET);
    network.advance(12 * SECOND);
    List<TestNetwork.Datagram> sent = network.sentBy(alice, Messages.INITIATION);
    assertThat(sent.get(before).destination().local()).isEqualTo(CALLED);
    assertThat(sent.get(before + 1).destination().local()).isNull();
    assertThat(toBob.endpoint()).isEqualTo(bob.place());
  }

  @Test
  void shouldLetGoWhenNothingComesBackToData() {
    connectAt(CALLED);
    network.advance(30 * SECOND); // keepalives have answered all
    network.lose(datagram -> true);
    int before = network.initiationsOf(bob);
    bob.send(toAlice, PACKET);
    network.advance(17 * SECOND);
    List<TestNetwork.Datagram> sent = network.sentBy(bob, Messages.INITIATION);
    assertThat(sent).hasSize(before + 1);
    assertThat(sent.getLast().destination().local()).isNull();
    assertThat(toAlice.endpoint()).isEqualTo(alice.place());
  }

  @Test
  void shouldLetGoForAllPeersOnRequest() {
    connectAt(CALLED);
    Peer third = alice.meet(network.node(3));
    third.setEndpoint(TestNetwork.place(3).withLocal(OTHER));
    alice.meet(network.node(4).identity().publicKey());
    alice.shard().beginDropLocalAddresses().all(0);
    assertThat(toBob.endpoint()).isEqualTo(bob.place());
    assertThat(third.endpoint()).isEqualTo(TestNetwork.place(3));
  }

  @Test
  void shouldLetGoWhenSendingFailedAndThePeerIsStillThere() {
    connectAt(CALLED);
    Endpoint called = bob.place().withLocal(CALLED);
    toBob.dropLocalAddress(bob.place().withLocal(OTHER));
    assertThat(toBob.endpoint()).as("it is elsewhere by now").isEqualTo(called);
    toBob.dropLocalAddress(called);
    assertThat(toBob.endpoint()).isEqualTo(bob.place());
    toBob.dropLocalAddress(called);
    assertThat(toBob.endpoint()).isEqualTo(bob.place());
  }

  @Test
  void shouldLetGoWhenConfigurationSetsTheSameEndpoint() {
    connectAt(CALLED);
    toBob.setEndpoint(bob.place());
    assertThat(toBob.endpoint()).isEqualTo(bob.place());
  }
}
