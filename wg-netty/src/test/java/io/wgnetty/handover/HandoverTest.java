package io.wgnetty.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.peer.Session;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every moment at which a hand-over may fail (docs/decisions/0022): who goes on, with which
 * counters, and that never both do.
 */
@Timeout(60)
class HandoverTest {
  private static final long NOW = 1_000_000_000_001L;
  private static final Duration SHORT = Duration.ofMillis(300);

  /** How many messages the session had sent before. */
  private static final int SENT = 5;

  private final FakeTransfer old = FakeTransfer.withSession();
  private final FakeTransfer young = new FakeTransfer();
  private final List<Boolean> served = new ArrayList<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final CompletableFuture<Giver.Result> result = new CompletableFuture<>();
  private LocalSocket listener;
  private String name;
  private @Nullable Channel giverChannel;

  @BeforeEach
  void listen() throws IOException {
    name = "wg-netty-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    listener = LocalSocket.listen(name);
    listener.setPatience(Duration.ofSeconds(30));
    old.session().takeCounters(SENT);
  }

  @AfterEach
  void close() {
    listener.close();
    if (giverChannel != null) {
      giverChannel.close();
    }
  }

  private Estate estate() {
    return new Estate() {
      @Override
      public DeviceTransfer device() {
        return old;
      }

      @Override
      public int controlSocket() {
        return 0;
      }

      @Override
      public void serve(boolean serves) {
        served.add(serves);
      }

      @Override
      public void describeSetup(StateWriter out) {
        out.text("routes");
      }
    };
  }

  private void give() {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Channel channel = new Channel(listener.accept());
                giverChannel = channel;
                var giver = new Giver(channel, List.of(estate()), ended::incrementAndGet, SHORT);
                result.complete(giver.give());
              } catch (IOException e) {
                result.completeExceptionally(e);
              }
            });
  }

  private Taker taker() throws Exception {
    Taker taker = Taker.call(name, "7.7");
    Taker.Heirloom heirloom = taker.expect("wg7");
    assertThat(heirloom.device().int32()).isEqualTo(77);
    assertThat(heirloom.descriptors()).hasSize(1);
    StateReader setup = taker.fill(young);
    assertThat(setup.text(100)).isEqualTo("routes");
    return taker;
  }

  /** A process that says what it should, up to a message, and then what the test wants. */
  private Channel takerUpTo(Message last) throws Exception {
    Channel channel = new Channel(LocalSocket.connect(name));
    try (StateWriter out = new StateWriter()) {
      out.int32(Giver.MAGIC);
      out.int32(Giver.FORMAT);
      out.int32(Giver.FORMAT);
      out.text("7.7");
      channel.send(Message.HELLO, out, List.of());
    }
    for (Message kind = Message.HELLO; kind != last; ) {
      Channel.Received received = channel.receive();
      LocalSocket.closeAll(received.descriptors());
      kind = received.kind();
      if (kind == Message.OFFERED && last != kind) {
        channel.send(Message.BUILT);
      } else if (kind == Message.TOLD_AHEAD && last != kind) {
        channel.send(Message.PREPARED);
      } else if (kind == Message.TOLD && last != kind) {
        channel.send(Message.LOADED);
      }
    }
    return channel;
  }

  private Giver.Result result() throws Exception {
    return result.get(30, TimeUnit.SECONDS);
  }

  private void oldGoesOnWhereItWas() {
    assertThat(old.session().maySend(NOW)).isTrue();
    assertThat(old.session().takeCounter()).isEqualTo(SENT);
    assertThat(old.shard.isUp()).isTrue();
    assertThat(old.done).doesNotContain("afresh");
    assertThat(young.done).doesNotContain("begin");
  }

  @Test
  void shouldBeTheOthersFromThenOn() throws Exception {
    give();
    try (Taker taker = taker()) {
      taker.complete();
    }
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.GIVEN);
    assertThat(young.done).containsExactly("take in ahead", "restore", "begin");
    assertThat(old.done).containsExactly("tell ahead", "suspend", "save", "leave");
    assertThat(served).containsExactly(false);
    assertThat(old.session().takeCounter()).isEqualTo(Session.NO_COUNTER);
    assertThat(young.session().takeCounter()).isGreaterThan(SENT);
    assertThat(young.session().localIndex()).isEqualTo(old.session().localIndex());
    assertThat(ended).hasValue(0);
  }

  @Test
  void shouldGoOnIfTheNewOneDiesBeforeItIsBuilt() throws Exception {
    give();
    takerUpTo(Message.OFFERED).close();
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(old.done).isEmpty();
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldGoOnIfTheNewOneDiesWhenItIsToldAhead() throws Exception {
    give();
    takerUpTo(Message.TOLD_AHEAD).close();
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(old.done).containsExactly("tell ahead");
    assertThat(served).isEmpty();
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldSendWhileItTellsAhead() throws Exception {
    give();
    try (Channel slow = takerUpTo(Message.TOLD_AHEAD)) {
      assertThat(old.session().takeCounter()).isEqualTo(SENT);
      slow.send(Message.PREPARED);
      await().until(() -> old.done.contains("suspend"));
    }
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(old.session().takeCounter()).isEqualTo(SENT + 1);
  }

  @Test
  void shouldGoOnIfTheNewOneIsNotToldWhatBecameOfASession() throws Exception {
    old.leavesOutStates = true;
    give();
    Taker taker = taker();
    assertThatThrownBy(taker::complete)
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("1 sessions");
    taker.close(); // as its process ends
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(young.session().takeCounter()).isEqualTo(Session.NO_COUNTER);
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldGoOnIfMemoryIsShortWhileItTellsAhead() throws Exception {
    oldGoesOnIfItFailsAt("tell ahead");
    assertThat(served).isEmpty();
  }

  @Test
  void shouldGoOnIfMemoryIsShortWhereItIsTakenInAhead() throws Exception {
    young.failsAt = "take in ahead";
    give();
    Taker taker = taker();
    assertThatThrownBy(taker::complete).isInstanceOf(OutOfMemoryError.class);
    taker.close(); // as its process ends
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(old.done).containsExactly("tell ahead");
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldGoOnIfTheNewOneDiesWhenItIsTold() throws Exception {
    give();
    takerUpTo(Message.TOLD).close();
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(old.done).containsExactly("tell ahead", "suspend", "save", "resume");
    assertThat(served).containsExactly(false, true);
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldGoOnIfItIsNotHeardThatAllWasTakenIn() throws Exception {
    give();
    try (Channel silent = takerUpTo(Message.TOLD)) {
      assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
      oldGoesOnWhereItWas();
      // What it hears then is not that anything would be its own.
      assertThatThrownBy(silent::receive).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void shouldBeginAfreshIfTheNewOneDiesWhenItMayHaveBegun() throws Exception {
    give();
    takerUpTo(Message.YOURS).close();
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.AFRESH);
    assertThat(ended).hasValue(1);
    assertThat(old.done).containsExactly("tell ahead", "suspend", "save", "afresh");
    assertThat(old.peer().currentSession()).isNull();
    assertThat(served).containsExactly(false, true);
  }

  @Test
  void shouldEndTheNewOneBeforeItBeginsAfresh() throws Exception {
    give();
    Channel hangs = takerUpTo(Message.YOURS);
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.AFRESH);
    hangs.close();
    assertThat(ended).hasValue(1);
    assertThat(old.peer().currentSession()).isNull();
  }

  @Test
  void shouldNotBeginIfTheOldOneDiesBeforeItHasLetGo() throws Exception {
    var gone = takerUpToAndOldDies(false);
    assertThatThrownBy(gone::complete).isInstanceOf(IOException.class);
    gone.close();
    assertThat(young.done).containsExactly("take in ahead", "restore");
    assertThat(young.shard.isUp()).isFalse();
  }

  @Test
  void shouldBeginIfTheOldOneDiesWhenItHasLetGo() throws Exception {
    var gone = takerUpToAndOldDies(true);
    gone.complete();
    gone.close();
    assertThat(young.done).containsExactly("take in ahead", "restore", "begin");
    assertThat(young.session().takeCounter()).isGreaterThan(SENT);
  }

  /** The messages of an old process that dies before or after the decisive one. */
  private Taker takerUpToAndOldDies(boolean letsGo) throws Exception {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (Channel channel = new Channel(listener.accept());
                  StateWriter out = new StateWriter()) {
                channel.expect(Message.HELLO);
                out.int32(Giver.FORMAT);
                channel.send(Message.WELCOME, out, List.of());
                out.text("wg7");
                old.describe(out);
                channel.send(Message.INTERFACE, out, List.of(0, 1));
                boolean unusedMore = old.describePeers(out);
                channel.send(Message.PEERS, out, List.of());
                out.text("routes");
                channel.send(Message.SETUP, out, List.of());
                channel.send(Message.OFFERED);
                channel.expect(Message.BUILT);
                old.saveAhead(0, part -> channel.send(Message.AHEAD, part, List.of()));
                channel.send(Message.TOLD_AHEAD);
                channel.expect(Message.PREPARED);
                old.suspend();
                old.save(0, part -> channel.send(Message.STATE, part, List.of()));
                channel.send(Message.TOLD);
                channel.expect(Message.LOADED);
                if (letsGo) {
                  channel.send(Message.YOURS);
                }
                result.complete(new Giver.Result(Giver.Outcome.GIVEN, "", 0));
              } catch (IOException | RefusedException e) {
                result.completeExceptionally(e);
              }
            });
    return taker();
  }

  private void oldGoesOnIfItFailsAt(String step) throws Exception {
    old.failsAt = step;
    give();
    try (Taker taker = taker()) {
      assertThatThrownBy(taker::complete).isInstanceOf(RefusedException.class);
    }
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldGoOnIfMemoryIsShortWhileItTells() throws Exception {
    oldGoesOnIfItFailsAt("save");
  }

  @Test
  void shouldGoOnIfItIsSuspendedInPartOnly() throws Exception {
    oldGoesOnIfItFailsAt("suspend");
  }

  @Test
  void shouldGoOnIfMemoryIsShortWhereItIsTakenIn() throws Exception {
    young.failsAt = "restore";
    give();
    Taker taker = taker();
    assertThatThrownBy(taker::complete).isInstanceOf(OutOfMemoryError.class);
    taker.close(); // as its process ends
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldRefuseAnotherFormatAndSayWhy() throws Exception {
    give();
    try (Channel channel = new Channel(LocalSocket.connect(name));
        StateWriter out = new StateWriter()) {
      out.int32(Giver.MAGIC);
      out.int32(Giver.FORMAT + 2);
      out.int32(Giver.FORMAT + 1);
      out.text("99.0");
      channel.send(Message.HELLO, out, List.of());
      assertThatThrownBy(channel::receive)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("99.0");
    }
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(result().reason()).contains("format");
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldNotReadAFormatThatItDoesNotKnow() throws Exception {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (Channel channel = new Channel(listener.accept());
                  StateWriter out = new StateWriter()) {
                channel.expect(Message.HELLO);
                out.int32(Giver.FORMAT + 1);
                channel.send(Message.WELCOME, out, List.of());
                result.complete(new Giver.Result(Giver.Outcome.KEPT, "", 0));
              } catch (IOException | RefusedException e) {
                result.completeExceptionally(e);
              }
            });
    assertThatThrownBy(() -> Taker.call(name, "7.7"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("format");
  }

  @Test
  void shouldGoOnIfTheNewOneRefuses() throws Exception {
    give();
    try (Taker taker = taker()) {
      taker.refuse("--loops says 7");
    }
    assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    assertThat(result().reason()).contains("--loops says 7");
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldSendStrangersAwayAndWaitForTheRightOne() throws Exception {
    try (Meeting meeting = Meeting.open()) {
      long other = ProcessHandle.current().pid() + 1;
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  result.complete(
                      meeting.give(
                          List.of(estate()), other, () -> true, SHORT.multipliedBy(3), () -> {}));
                } catch (RefusedException e) {
                  result.completeExceptionally(e);
                }
              });
      assertThatThrownBy(() -> Taker.call(meeting.name(), "7.7"))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("not asked");
      await().until(result::isCompletedExceptionally);
    }
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldKnowTheUserAndTheProcess() {
    var credentials = new LocalSocket.Credentials(7, 900);
    assertThat(credentials.isOf(900, 7)).isTrue();
    assertThat(credentials.isOf(900, LocalSocket.ANY_PROCESS)).isTrue();
    assertThat(credentials.isOf(0, 7)).isFalse();
    assertThat(credentials.isOf(900, 8)).isFalse();
  }

  @Test
  void shouldTakeWhatIsNoMessageForNone() throws Exception {
    give();
    try (LocalSocket socket = LocalSocket.connect(name)) {
      socket.send(
          ByteBuffer.allocateDirect(64).putInt(0, 0).putInt(4, Integer.MAX_VALUE), List.of());
      assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
      assertThat(result().reason()).contains("no message");
    }
    oldGoesOnWhereItWas();
  }

  @Test
  void shouldBringOpenDescriptorsAcross() throws Exception {
    try (LocalSocket one = LocalSocket.connect(name);
        LocalSocket other = listener.accept()) {
      one.send(ByteBuffer.allocateDirect(4).putInt(0, 5), List.of(0, 1, 2));
      List<Integer> descriptors = new ArrayList<>();
      ByteBuffer bytes = ByteBuffer.allocateDirect(4);
      other.receive(bytes, descriptors);
      assertThat(bytes.getInt(0)).isEqualTo(5);
      assertThat(descriptors).hasSize(3).doesNotContain(0, 1, 2);
      LocalSocket.closeAll(descriptors);
      assertThat(descriptors).isEmpty();
    }
  }

  @Test
  void shouldRefuseAMessageThatIsNotItsTurn() throws Exception {
    give();
    try (Channel channel = takerUpTo(Message.WELCOME)) {
      channel.send(Message.MINE);
      assertThat(result().outcome()).isEqualTo(Giver.Outcome.KEPT);
    }
    assertThat(result().reason()).contains("MINE");
    oldGoesOnWhereItWas();
  }
}
