package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows from the descriptor alone whether an interface is up: wherever it is, and without any
 * right. The driver says that the descriptor takes packets (EPOLLOUT) exactly while the interface
 * is up, and wakes who waits for that when it goes up; nobody is woken when it goes down.
 *
 * <p>Kernels before 5.3 always say so. There, and only there, a packet of one byte that claims to
 * be IPv4 is written: the driver refuses it with EIO while the interface is down; up, it takes it
 * and the kernel drops it as truncated. (An empty or short write says nothing, protocol 8.1.)
 */
final class LinkProbe implements AutoCloseable {
  private static final byte IPV4_VERSION_AND_LENGTH = 0x45;
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

  private static final int EPOLL_EVENT_BYTES = 16; // 12 on x86-64; the events come first

  private final TunDevice device;
  private final boolean driverTells;
  private final int epoll;
  private final ByteBuffer packet;
  private boolean watching;

  LinkProbe(TunDevice device) {
    this(device, driverTells(System.getProperty("os.version")));
  }

  /** As above; for tests, with the choice to behave as on an old kernel. */
  LinkProbe(TunDevice device, boolean driverTells) {
    this.device = device;
    this.driverTells = driverTells;
    epoll = Libc.INSTANCE.epoll_create1(Libc.EPOLL_CLOEXEC);
    int headerBytes = device.hasVirtioHeader() ? VirtioHeader.BYTES : 0;
    packet = ByteBuffer.allocateDirect(headerBytes + 1).put(headerBytes, IPV4_VERSION_AND_LENGTH);
  }

  /** Whether the driver of this release of Linux couples EPOLLOUT to up and down. */
  static boolean driverTells(String release) {
    Matcher numbers = RELEASE.matcher(release);
    if (!numbers.matches()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    return major > 5 || (major == 5 && Integer.parseInt(numbers.group(2)) >= 3);
  }

  boolean isUp() {
    if (driverTells) {
      return device.takesPackets();
    }
    try {
      return device.writeOne(packet) == packet.limit();
    } catch (LastErrorException e) {
      return e.getErrorCode() == Errno.EAGAIN; // a full queue is one that somebody empties
    }
  }

  /**
   * A descriptor that has something to read once the interface is up, if {@link #watch} was asked
   * to. It is not the interface's own: a thread that waits for that would keep it open.
   */
  int descriptor() {
    return epoll;
  }

  /**
   * Says whether going up is to be told. Not while it is up: each packet would look for us in the
   * list of those who wait.
   */
  void watch(boolean wanted) {
    boolean possible = wanted && driverTells;
    if (possible != watching) {
      ByteBuffer event = ByteBuffer.allocateDirect(EPOLL_EVENT_BYTES);
      event.order(ByteOrder.nativeOrder()).putInt(0, possible ? Libc.EPOLLOUT : 0);
      device.control(epoll, possible ? Libc.EPOLL_CTL_ADD : Libc.EPOLL_CTL_DEL, event);
      watching = possible;
    }
  }

  @Override
  public void close() {
    Libc.INSTANCE.close(epoll);
  }
}
