package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("namespace")
class TunDeviceNamespaceTest {
  private static final long TUNSETIFF = 0x400454caL;
  private static final int IFF_TUN = 1;
  private static final int IFF_TAP = 2;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;
  private static final int F_DUPFD = 0;
  private static final int FLOWS = 64;

  private final String name = TestNamespace.uniqueName();

  @Test
  void shouldCreateAnInterfaceThatGoesWithItsDevice() throws TunException {
    try (TunDevice device = TunDevice.open(name)) {
      assertThat(device.name()).isEqualTo(name);
      assertThat(device.hasVirtioHeader()).isTrue();
      assertThat(TestNamespace.run("cat", "/sys/class/net/" + name + "/ifindex").trim())
          .isEqualTo(Integer.toString(device.index()));
      // TUN | NO_PI | VNET_HDR | MULTI_QUEUE
      assertThat(TestNamespace.run("cat", "/sys/class/net/" + name + "/tun_flags").trim())
          .isEqualTo("0x5101");
    }
    assertThat(TestNamespace.run("ip", "-o", "link")).doesNotContain(name);
  }

  @Test
  void shouldReadAndSetTheMtu() throws TunException {
    try (TunDevice device = TunDevice.open(name)) {
      assertThat(device.mtu()).isEqualTo(1500);
      device.setMtu(1420);
      assertThat(device.mtu()).isEqualTo(1420);
      assertThat(TestNamespace.run("cat", "/sys/class/net/" + name + "/mtu").trim())
          .isEqualTo("1420");
      assertThatThrownBy(() -> device.setMtu(100_000))
          .isInstanceOf(TunException.class)
          .hasMessageContaining("MTU cannot be set to 100000");
    }
  }

  @Test
  void shouldRefuseANameThatIsInUse() throws TunException {
    try (TunDevice device = TunDevice.open(name)) {
      assertThatThrownBy(() -> TunDevice.open(device.name()))
          .isInstanceOf(TunException.class)
          .hasMessageContaining("exists already");
    }
  }

  @Test
  void shouldRefuseTheNameOfAnotherKindOfLink() {
    assertThatThrownBy(() -> TunDevice.open("lo"))
        .isInstanceOf(TunException.class)
        .hasMessageContaining("interface lo exists already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "multi_queue", "multi_queue vnet_hdr"})
  void shouldNotJoinAPersistentInterface(String kind) {
    var command = new ArrayList<>(List.of("ip", "tuntap", "add", name, "mode", "tun"));
    if (!kind.isEmpty()) {
      command.addAll(List.of(kind.split(" ", -1)));
    }
    TestNamespace.run(command.toArray(String[]::new));
    try {
      assertThatThrownBy(() -> TunDevice.open(name))
          .isInstanceOf(TunException.class)
          .hasMessageContaining("exists already");
    } finally {
      TestNamespace.run("ip", "link", "del", name);
    }
  }

  @Test
  void shouldRefuseATooLongNameBeforeAskingTheKernel() {
    assertThatThrownBy(() -> TunDevice.open("sixteen-letters-"))
        .isInstanceOf(TunException.class)
        .hasMessageContaining("16 characters");
  }

  @Test
  void shouldOpenFurtherQueues() throws TunException {
    try (TunDevice first = TunDevice.open(name);
        TunDevice second = first.openQueue()) {
      assertThat(second.fd()).isNotEqualTo(first.fd());
      assertThat(second.index()).isEqualTo(first.index());
      assertThat(TestNamespace.run("ls", "/sys/class/net/" + name + "/queues"))
          .contains("rx-0", "rx-1", "tx-0", "tx-1");
    }
  }

  @Test
  void shouldHaveNoPacketsBroughtToADetachedQueue() throws Exception {
    try (TunDevice first = TunDevice.open(name);
        TunDevice second = first.openQueue()) {
      second.detach();
      second.detach(); // it is already
      TestNamespace.run("ip", "addr", "add", "10.98.0.1/24", "dev", name);
      TestNamespace.run("ip", "link", "set", name, "up");
      assertThat(broughtTo(second)).isZero();
      assertThat(second.index()).isEqualTo(first.index());

      second.attach();
      second.attach();
      first.detach(); // now all flows have one queue to go to
      assertThat(broughtTo(second)).isEqualTo(FLOWS);
    }
  }

  @Test
  void shouldLeaveTheOnlyQueueOfAnInterfaceAttached() throws TunException {
    int fd = Libc.INSTANCE.open("/dev/net/tun", Libc.O_RDWR);
    attach(fd, IFF_TUN | IFF_NO_PI);
    try (TunDevice adopted = TunDevice.adopt(fd)) {
      adopted.detach();
      assertThat(QueueAttachment.is(fd)).isTrue();
    }
  }

  @Test
  void shouldSayThatAQueueOfADeletedInterfaceCannotBeAttached() throws TunException {
    try (TunDevice first = TunDevice.open(name);
        TunDevice second = first.openQueue()) {
      second.detach();
      TestNamespace.run("ip", "link", "del", name);
      assertThatThrownBy(second::attach)
          .isInstanceOf(TunException.class)
          .hasMessageContaining("cannot be attached");
    }
  }

  /** Sends one datagram in each of many flows; returns how many of them the queue got. */
  private static int broughtTo(TunDevice queue) throws Exception {
    for (int port = 1; port <= FLOWS; port++) {
      try (var socket = new DatagramSocket()) {
        byte[] payload = {(byte) port};
        socket.send(new DatagramPacket(payload, 1, InetAddress.ofLiteral("10.98.0.2"), port));
      }
    }
    int brought = 0;
    ByteBuffer packet = ByteBuffer.allocateDirect(2048);
    var calls = new PacketCalls();
    long address = MemorySegment.ofBuffer(packet).address();
    for (int length; (length = calls.read(queue.fd(), address, packet.capacity())) > 0; ) {
      int ip = VirtioHeader.BYTES;
      boolean udp = length > ip + 20 && packet.get(ip) == 0x45 && packet.get(ip + 9) == 17;
      brought += udp ? 1 : 0; // there is also what the kernel says of its own accord
    }
    return brought;
  }

  @Test
  void shouldOpenQueuesOfAnInterfaceThatHasMoved() throws TunException {
    try (TestNamespace namespace = new TestNamespace();
        TunDevice first = TunDevice.open(name)) {
      TestNamespace.run("ip", "link", "set", name, "netns", namespace.name());
      try (TunDevice second = first.openQueue()) {
        second.setMtu(1300);
        assertThat(first.mtu()).isEqualTo(1300);
        assertThat(namespace.ip("-o", "link", "show", name)).contains("mtu 1300");
        assertThat(TestNamespace.run("ip", "-o", "link")).doesNotContain(name);
      }
    }
  }

  @Test
  void shouldNotBringADeletedInterfaceBackByOpeningAQueue() throws TunException {
    try (TunDevice first = TunDevice.open(name)) {
      TestNamespace.run("ip", "link", "del", name);
      assertThatThrownBy(first::openQueue)
          .isInstanceOf(TunException.class)
          .hasMessageContaining("is gone");
      assertThatThrownBy(first::mtu).isInstanceOf(TunException.class);
      assertThat(TestNamespace.run("ip", "-o", "link")).doesNotContain(name);
    }
  }

  @Test
  void shouldKnowARenamedInterface() throws TunException {
    String other = TestNamespace.uniqueName();
    try (TunDevice device = TunDevice.open(name)) {
      TestNamespace.run("ip", "link", "set", name, "name", other);
      device.setMtu(1280);
      assertThat(TestNamespace.run("cat", "/sys/class/net/" + other + "/mtu").trim())
          .isEqualTo("1280");
    }
  }

  @Test
  void shouldAdoptADescriptorWithEverythingThatItIs() throws TunException {
    try (TunDevice device = TunDevice.open(name)) {
      int duplicate = Libc.INSTANCE.fcntl(device.fd(), F_DUPFD, 3);
      try (TunDevice adopted = TunDevice.adopt(duplicate)) {
        assertThat(adopted.name()).isEqualTo(name);
        assertThat(adopted.hasVirtioHeader()).isTrue();
        try (TunDevice queue = adopted.openQueue()) {
          assertThat(queue.index()).isEqualTo(device.index());
        }
      }
    }
  }

  @Test
  void shouldAdoptABlockingDescriptorWithoutVirtioHeader() throws TunException {
    int fd = Libc.INSTANCE.open("/dev/net/tun", Libc.O_RDWR);
    attach(fd, IFF_TUN | IFF_NO_PI);
    try (TunDevice adopted = TunDevice.adopt(fd)) {
      assertThat(adopted.hasVirtioHeader()).isFalse();
      assertThat(Libc.INSTANCE.fcntl(fd, Libc.F_GETFL, 0) & Libc.O_NONBLOCK).isNotZero();
      assertThatThrownBy(adopted::openQueue)
          .isInstanceOf(TunException.class)
          .hasMessageContaining("one queue only");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {IFF_TAP | IFF_NO_PI, IFF_TUN | IFF_VNET_HDR})
  void shouldNotAdoptAnotherPacketFormat(int flags) {
    int fd = Libc.INSTANCE.open("/dev/net/tun", Libc.O_RDWR);
    try {
      attach(fd, flags);
      assertThatThrownBy(() -> TunDevice.adopt(fd))
          .isInstanceOf(TunException.class)
          .hasMessageContaining("descriptor " + fd);
    } finally {
      Libc.INSTANCE.close(fd);
    }
  }

  @Test
  void shouldSayWhyABadDescriptorCannotBeAdopted() {
    assertThatThrownBy(() -> TunDevice.adopt(1_000_000))
        .isInstanceOf(TunException.class)
        .hasMessageContaining("is not open");
    assertThatThrownBy(() -> TunDevice.adopt(-1)).isInstanceOf(TunException.class);

    int unattached = Libc.INSTANCE.open("/dev/net/tun", Libc.O_RDWR);
    int other = Libc.INSTANCE.open("/dev/null", Libc.O_RDWR);
    try {
      assertThatThrownBy(() -> TunDevice.adopt(unattached))
          .isInstanceOf(TunException.class)
          .hasMessageContaining("belongs to no interface");
      assertThatThrownBy(() -> TunDevice.adopt(other))
          .isInstanceOf(TunException.class)
          .hasMessageContaining("is not a TUN interface");
    } finally {
      Libc.INSTANCE.close(unattached);
      Libc.INSTANCE.close(other);
    }
  }

  private void attach(int fd, int flags) {
    Libc.INSTANCE.ioctl(fd, TUNSETIFF, new InterfaceRequest(name).withFlags(flags).memory());
  }
}
