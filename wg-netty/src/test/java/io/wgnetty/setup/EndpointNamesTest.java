package io.wgnetty.setup;

import static io.wgnetty.setup.ConfigurationBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.config.Configuration;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Names that move, in virtual time. */
class EndpointNamesTest {
  private static final String NAME = "vpn.example.net";

  private final FakeWorld world = new FakeWorld();
  private final EndpointResolver resolver = new EndpointResolver(world);
  private final List<Runnable> held = new ArrayList<>();
  private boolean holdsLookups;
  private long nowNs = TimeUnit.HOURS.toNanos(1);

  private final EndpointNames names =
      new EndpointNames(
          "wg0", world.device, resolver, this::run, () -> nowNs, new SplittableRandom(7));

  private void run(Runnable lookup) {
    if (holdsLookups) {
      held.add(lookup);
    } else {
      lookup.run();
    }
  }

  /** Sets up what {@link InterfaceSetup} would. */
  private FakeControl.Peer up(ConfigurationBuilder builder) throws Exception {
    Configuration configuration = builder.build();
    var answers = resolver.lookUpAll(EndpointNames.of(configuration.peers()));
    new WireGuardSettings(world.device)
        .apply(configuration, WireGuardSettings.endpoints(configuration, answers));
    names.configure(configuration, answers);
    world.lookedUp.clear();
    return world.device.peer(key(1));
  }

  private static ConfigurationBuilder named() {
    return new ConfigurationBuilder().peer(1, 0, NAME + ":1", 25);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nowNs += TimeUnit.SECONDS.toNanos(1);
      world.device.grow(TimeUnit.SECONDS.toNanos(1));
      names.tend();
    }
  }

  private static Endpoint endpoint(String address) {
    return Endpoint.of(IpText.parse(address), 1, 0);
  }

  private void isHeard(FakeControl.Peer peer) {
    peer.heardAgoNs = 0;
    peer.handshake = HandshakeState.ESTABLISHED;
  }

  @Test
  void shouldLeaveAPeerAloneThatIsHeard() throws Exception {
    FakeControl.Peer peer = up(named());
    world.names.put(NAME, "192.0.2.33");
    for (int i = 0; i < 10; i++) {
      isHeard(peer);
      pass(130);
    }
    assertThat(world.lookedUp).isEmpty();
    assertThat(peer.endpoint).hasToString("192.0.2.9:1");
  }

  @Test
  void shouldFollowANameThatMovesWhenThePeerWasNotHeard() throws Exception {
    FakeControl.Peer peer = up(named());
    isHeard(peer);
    world.names.put(NAME, "192.0.2.33");
    pass(134);
    assertThat(world.lookedUp).isEmpty();
    pass(3);
    assertThat(world.lookedUp).containsExactly(NAME);
    assertThat(peer.endpoint).hasToString("192.0.2.33:1");
    assertThat(world.device.movedByName).containsExactly(NAME + ":1 -> 192.0.2.33:1");
  }

  @Test
  void shouldAskOftenForAPeerThatIsCalledAndSeldomForOneThatIsNot() throws Exception {
    FakeControl.Peer peer = up(named());
    pass(136);
    world.lookedUp.clear();
    pass(1200);
    assertThat(world.lookedUp).hasSizeBetween(3, 5);
    peer.handshake = HandshakeState.INITIATING;
    pass(330);
    world.lookedUp.clear();
    pass(1200);
    assertThat(world.lookedUp).hasSizeBetween(17, 23);
    assertThat(world.device.movedByName).isEmpty();
  }

  @Test
  void shouldTryTheOtherFamilyWhenTheFirstStaysSilent() throws Exception {
    world.names.put(NAME, "2001:db8::9 192.0.2.9");
    FakeControl.Peer peer = up(named());
    assertThat(peer.endpoint).hasToString("[2001:db8::9]:1");
    peer.handshake = HandshakeState.INITIATING;
    pass(15);
    assertThat(peer.endpoint).hasToString("[2001:db8::9]:1");
    pass(2);
    assertThat(peer.endpoint).hasToString("192.0.2.9:1");
    isHeard(peer);
    pass(100);
    assertThat(peer.endpoint).hasToString("192.0.2.9:1");
    assertThat(world.device.movedByName).hasSize(1);
    peer.handshake = HandshakeState.INITIATING;
    pass(34);
    assertThat(peer.endpoint).as("not before it is silent").hasToString("192.0.2.9:1");
    pass(5);
    assertThat(peer.endpoint).as("back to the first").hasToString("[2001:db8::9]:1");
  }

  @Test
  void shouldLeaveARoamedPeerThatNobodyCalls() throws Exception {
    FakeControl.Peer peer = up(named());
    peer.endpoint = endpoint("203.0.113.5");
    isHeard(peer);
    peer.handshake = HandshakeState.EXPIRED;
    pass(1000);
    assertThat(peer.endpoint).hasToString("203.0.113.5:1");
    peer.handshake = HandshakeState.INITIATING;
    pass(400);
    assertThat(peer.endpoint).as("it does not answer there").hasToString("192.0.2.9:1");
  }

  @Test
  void shouldNotTouchAPeerThatIsHeardWhileItsNameIsLookedUp() throws Exception {
    FakeControl.Peer peer = up(named());
    isHeard(peer);
    world.names.put(NAME, "192.0.2.33");
    holdsLookups = true;
    pass(140);
    assertThat(held).hasSize(1);
    isHeard(peer);
    held.getFirst().run();
    pass(10);
    assertThat(peer.endpoint).hasToString("192.0.2.9:1");
    assertThat(world.device.movedByName).isEmpty();
  }

  @Test
  void shouldLetAPeerWaitForItsNameAndAskMoreAndMoreSeldom() throws Exception {
    world.names.remove(NAME);
    FakeControl.Peer peer = up(named());
    assertThat(peer.endpoint).isNull();
    pass(10);
    assertThat(world.lookedUp).hasSizeBetween(2, 4);
    pass(600);
    world.lookedUp.clear();
    pass(640);
    assertThat(world.lookedUp).hasSizeBetween(8, 12);
    world.names.put(NAME, "192.0.2.44");
    pass(75);
    assertThat(peer.endpoint).hasToString("192.0.2.44:1");
  }

  @Test
  void shouldSetANewNameAlsoOfAPeerThatIsHeardElsewhere() throws Exception {
    FakeControl.Peer peer = up(named());
    isHeard(peer);
    world.unanswered = 1;
    Configuration changed = new ConfigurationBuilder().peer(1, 0, "new.example.net:1", 25).build();
    world.names.put("new.example.net", "192.0.2.55");
    names.configure(changed, resolver.lookUpAll(EndpointNames.of(changed.peers())));
    assertThat(peer.endpoint).hasToString("192.0.2.9:1");
    pass(4);
    assertThat(peer.endpoint).hasToString("192.0.2.55:1");
  }

  @Test
  void shouldForgetNamesThatTheFileHasNoLonger() throws Exception {
    up(named());
    assertThat(names.isEmpty()).isFalse();
    names.configure(new ConfigurationBuilder().peer(1, 0, "192.0.2.5:1", 0).build(), Map.of());
    assertThat(names.isEmpty()).isTrue();
    pass(300);
    assertThat(world.lookedUp).isEmpty();
  }

  @Test
  void shouldAskForABoundedNumberOfNamesAtATime() throws Exception {
    ConfigurationBuilder many = new ConfigurationBuilder();
    for (int i = 1; i <= 1000; i++) {
      many.peer(i, 0, NAME + ":" + i, 0);
    }
    up(many);
    holdsLookups = true;
    pass(200);
    assertThat(held).hasSize(EndpointNames.MAX_ASKED);
    List.copyOf(held).forEach(Runnable::run);
    held.clear();
    pass(4);
    assertThat(held).hasSize(EndpointNames.MAX_ASKED);
  }
}
