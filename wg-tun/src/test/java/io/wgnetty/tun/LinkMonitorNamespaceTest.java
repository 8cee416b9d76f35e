package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("namespace")
@SuppressWarnings("try") // a monitor does its work while nobody speaks to it
class LinkMonitorNamespaceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String name = TestNamespace.uniqueName();
  private final Recorder heard = new Recorder();
  private TunDevice device;
  private TestNamespace namespace;

  @BeforeEach
  void open() throws TunException {
    namespace = new TestNamespace();
    device = TunDevice.open(name);
  }

  @AfterEach
  void close() {
    device.close();
    namespace.close();
  }

  @Test
  void shouldTellTheStateAtOnceAndThenEveryChange() throws Exception {
    device.setMtu(1420);
    try (LinkMonitor monitor = LinkMonitor.open(device, heard)) {
      assertThat(heard.next()).isEqualTo(new LinkState(false, 1420));
      TestNamespace.run("ip", "link", "set", name, "up");
      assertThat(heard.next()).isEqualTo(new LinkState(true, 1420));
      TestNamespace.run("ip", "link", "set", name, "mtu", "1380");
      assertThat(heard.next()).isEqualTo(new LinkState(true, 1380));
      TestNamespace.run("ip", "link", "set", name, "down");
      assertThat(heard.next()).isEqualTo(new LinkState(false, 1380));
    }
  }

  @Test
  void shouldNotMistakeAnotherInterfaceForItsOwn() throws Exception {
    try (TunDevice other = TunDevice.open(TestNamespace.uniqueName());
        LinkMonitor monitor = LinkMonitor.open(device, heard)) {
      assertThat(heard.next()).isEqualTo(new LinkState(false, 1500));
      TestNamespace.run("ip", "link", "set", other.name(), "up", "mtu", "1280");
      TestNamespace.run("ip", "link", "set", name, "mtu", "1400");
      assertThat(heard.next()).isEqualTo(new LinkState(false, 1400));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTellThatTheInterfaceWasDeleted(boolean mayEnterNamespaces) throws Exception {
    try (LinkMonitor monitor = LinkMonitor.open(device, heard, mayEnterNamespaces)) {
      heard.next();
      TestNamespace.run("ip", "link", "del", name);
      heard.awaitGone();
    }
  }

  @Test
  void shouldTellThatTheDeviceWasClosed() throws Exception {
    try (LinkMonitor monitor = LinkMonitor.open(device, heard)) {
      heard.next();
      device.close();
      heard.awaitGone();
    }
  }

  @Test
  void shouldFollowIntoAnotherNamespaceAndBack() throws Exception {
    try (LinkMonitor monitor = LinkMonitor.open(device, heard)) {
      TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
      namespace.ip("link", "set", name, "up", "mtu", "1380");
      heard.await(new LinkState(true, 1380));
      namespace.ip("link", "set", name, "down");
      heard.await(new LinkState(false, 1380));

      namespace.ip("link", "set", name, "netns", "1");
      TestNamespace.run("ip", "link", "set", name, "up", "mtu", "1300");
      heard.await(new LinkState(true, 1300));

      TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
      namespace.ip("link", "set", name, "up", "mtu", "1290");
      heard.await(new LinkState(true, 1290));
      namespace.ip("link", "del", name);
      heard.awaitGone();
    }
  }

  @Test
  void shouldFollowToWhereItsIndexIsTaken() throws Exception {
    // The kernel then gives the interface another index there.
    int index = device.index();
    String number = Integer.toString(index);
    namespace.ip("link", "add", "taken", "index", number, "type", "veth", "peer", "name", "end");
    try (LinkMonitor monitor = LinkMonitor.open(device, heard)) {
      heard.next();
      TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
      namespace.ip("link", "set", name, "up", "mtu", "1380");
      heard.await(new LinkState(true, 1380));
      assertThat(device.index()).isNotEqualTo(index);
      namespace.ip("link", "del", "taken");
      namespace.ip("link", "set", name, "mtu", "1370");
      heard.await(new LinkState(true, 1370));
    }
  }

  @Test
  void shouldWatchAnInterfaceThatHasMovedBefore() throws Exception {
    TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
    namespace.ip("link", "set", name, "up", "mtu", "1360");
    try (LinkMonitor monitor = LinkMonitor.open(device, heard)) {
      assertThat(heard.next()).isEqualTo(new LinkState(true, 1360));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldHearAtOnceThatItIsUpInAnotherNamespace(boolean mayEnterNamespaces) throws Exception {
    TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
    try (LinkMonitor monitor = LinkMonitor.open(device, heard, mayEnterNamespaces)) {
      assertThat(heard.next().up()).isFalse();
      for (int i = 0; i < 5; i++) {
        namespace.ip("link", "set", name, "up");
        long upNs = System.nanoTime();
        assertThat(heard.next().up()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - upNs)).isLessThan(Duration.ofMillis(100));
        namespace.ip("link", "set", name, "down");
        assertThat(heard.next().up()).isFalse();
      }
    }
  }

  @Test
  void shouldSendNothingIntoTheInterfaceToFindOut() throws Exception {
    TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
    namespace.ip("link", "set", name, "up");
    try (LinkMonitor monitor = LinkMonitor.open(device, heard, false)) {
      heard.await(new LinkState(true, 1500));
      namespace.ip("link", "set", name, "down");
      heard.await(new LinkState(false, 1500));
    }
    assertThat(namespace.exec("cat", "/sys/class/net/" + name + "/statistics/rx_packets").strip())
        .isEqualTo("0");
  }

  @Test
  void shouldNotKeepANamespaceAliveThatIsDeleted() throws Exception {
    var doomed = new TestNamespace();
    try (LinkMonitor monitor = LinkMonitor.open(device, heard)) {
      heard.next();
      TestNamespace.run("ip", "link", "set", name, "netns", doomed.name());
      doomed.ip("link", "set", name, "up", "mtu", "1380");
      heard.await(new LinkState(true, 1380));
      doomed.close();
      heard.awaitGone();
    }
  }

  @Test
  void shouldProbeWhereItMayNotEnter() throws Exception {
    device.setMtu(1420);
    try (LinkMonitor monitor = LinkMonitor.open(device, heard, false)) {
      assertThat(heard.next()).isEqualTo(new LinkState(false, 1420));
      TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
      namespace.ip("link", "set", name, "up", "mtu", "1380");
      heard.await(new LinkState(true, 1420)); // the MTU is what it was when last seen
      namespace.ip("link", "set", name, "down");
      heard.await(new LinkState(false, 1420));

      namespace.ip("link", "set", name, "netns", "1");
      TestNamespace.run("ip", "link", "set", name, "up");
      heard.await(new LinkState(true, 1380));
    }
  }

  @Test
  void shouldHearOfADeletionWhereItMayNotEnter() throws Exception {
    TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
    try (LinkMonitor monitor = LinkMonitor.open(device, heard, false)) {
      assertThat(heard.next().up()).isFalse();
      namespace.ip("link", "del", name);
      heard.awaitGone();
    }
  }

  @Test
  void shouldEndWithoutAnotherWordWhenClosed() throws Exception {
    LinkMonitor monitor = LinkMonitor.open(device, heard);
    heard.next();
    monitor.close();
    monitor.close();
    TestNamespace.run("ip", "link", "set", name, "up");
    TestNamespace.run("ip", "link", "del", name);
    assertThat(heard.states).isEmpty();
    assertThat(heard.gone.getCount()).isEqualTo(1);
  }

  @Test
  void shouldLetItsListenerCloseIt() throws Exception {
    var opened = new CompletableFuture<LinkMonitor>();
    var ended = new CountDownLatch(1);
    Recorder closing =
        new Recorder() {
          @Override
          public void onLink(LinkState state) {
            opened.join().close();
            ended.countDown();
          }
        };
    opened.complete(LinkMonitor.open(device, closing));
    assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    opened.join().close();
  }

  @Test
  void shouldOutliveAListenerThatFails() throws Exception {
    Recorder failing =
        new Recorder() {
          @Override
          public void onLink(LinkState state) {
            super.onLink(state);
            throw new IllegalStateException("the listener's own");
          }
        };
    try (LinkMonitor monitor = LinkMonitor.open(device, failing)) {
      failing.next();
      TestNamespace.run("ip", "link", "set", name, "up");
      failing.await(new LinkState(true, 1500));
    }
  }

  @Test
  void shouldTellAListenerAgainThatFailed() throws Exception {
    var calls = new AtomicInteger();
    Recorder failing =
        new Recorder() {
          @Override
          public void onLink(LinkState state) {
            super.onLink(state);
            if (calls.incrementAndGet() < 3) {
              throw new IllegalStateException("the listener's own");
            }
          }
        };
    try (LinkMonitor monitor = LinkMonitor.open(device, failing)) {
      for (int i = 0; i < 3; i++) {
        assertThat(failing.next()).isEqualTo(new LinkState(false, 1500));
      }
      TestNamespace.run("ip", "link", "set", name, "up");
      assertThat(failing.next()).isEqualTo(new LinkState(true, 1500));
    }
  }

  private static class Recorder implements LinkListener {
    final LinkedBlockingQueue<LinkState> states = new LinkedBlockingQueue<>();
    final CountDownLatch gone = new CountDownLatch(1);

    @Override
    public void onLink(LinkState state) {
      states.add(state);
    }

    @Override
    public void onGone() {
      gone.countDown();
    }

    LinkState next() throws InterruptedException {
      LinkState state = states.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(state).as("a link state").isNotNull();
      return state;
    }

    /** Passes over what comes on the way: moving an interface also takes it down. */
    void await(LinkState wanted) throws InterruptedException {
      LinkState state = next();
      while (!state.equals(wanted)) {
        state = next();
      }
    }

    void awaitGone() throws InterruptedException {
      assertThat(gone.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("gone").isTrue();
    }
  }
}
