package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One queue of a Linux TUN interface: its open descriptor. The interface lives as long as any of
 * its queues is open. Give a device to a {@link TunChannel} to move packets; the channel then owns
 * and closes it.
 *
 * <p>Every method may be called from any thread; none is for the hot path.
 */
public final class TunDevice implements AutoCloseable {
  private static final String PATH = "/dev/net/tun";

  private static final long TUNSETIFF = 0x400454caL;
  private static final long TUNGETIFF = 0x800454d2L;
  private static final long TUNSETVNETHDRSZ = 0x400454d8L;
  private static final long SIOCGIFMTU = 0x8921;
  private static final long SIOCSIFMTU = 0x8922;
  private static final long SIOCGIFINDEX = 0x8933;

  private static final int IFF_TUN = 0x0001;
  private static final int IFF_NAPI = 0x0010;
  private static final int IFF_MULTI_QUEUE = 0x0100;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;
  private static final int IFF_TUN_EXCL = 0x8000;

  private static final int FLAGS = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE;

  /** What further queues must repeat; the rest of what TUNGETIFF tells is state. */
  private static final int QUEUE_FLAGS = FLAGS | IFF_NAPI;

  private final int fd;
  private final String name;
  private final int flags;
  private final TunOffloads offloads;
  private boolean closed;

  private TunDevice(int fd, String name, int flags, TunOffloads offloads) {
    this.fd = fd;
    this.name = name;
    this.flags = flags;
    this.offloads = offloads;
  }

  /** {@link #open(String, TunOffloads)} with every offload that the kernel knows. */
  public static TunDevice open(String name) throws TunException {
    return open(name, TunOffloads.ALL);
  }

  /**
   * Creates an interface and opens its first queue. Never attaches to one that exists.
   *
   * @param offloads what to switch on, as far as the kernel knows it
   * @throws TunException if the name is bad or taken, or the system lacks TUN or a permission
   */
  public static TunDevice open(String name, TunOffloads offloads) throws TunException {
    InterfaceName.check(name);
    int fd = openDriver();
    try {
      // EXCL: without it an existing persistent or multi-queue interface would just be joined.
      attach(fd, name, FLAGS | IFF_TUN_EXCL);
      return settled(fd, name, FLAGS, offloads);
    } catch (LastErrorException e) {
      Libc.INSTANCE.close(fd);
      throw TunException.creating(name, e);
    }
  }

  /** {@link #adopt(int, TunOffloads)} with every offload that the kernel knows. */
  public static TunDevice adopt(int fd) throws TunException {
    return adopt(fd, TunOffloads.ALL);
  }

  /**
   * Takes over an inherited descriptor of a TUN interface, with or without IFF_VNET_HDR; on failure
   * it stays open. Without that flag there are no offloads.
   */
  public static TunDevice adopt(int fd, TunOffloads offloads) throws TunException {
    try {
      var request = new InterfaceRequest();
      Libc.INSTANCE.ioctl(fd, TUNGETIFF, request.memory());
      int flags = request.flags();
      if ((flags & IFF_TUN) == 0) {
        throw new TunException(
            "descriptor " + fd + " is a TAP interface: pass one created with IFF_TUN");
      }
      if (hasPacketInformation(request.name(), fd)) {
        throw new TunException(
            "descriptor " + fd + " lacks IFF_NO_PI: create its interface with that flag");
      }
      int status = Libc.INSTANCE.fcntl(fd, Libc.F_GETFL, 0);
      Libc.INSTANCE.fcntl(fd, Libc.F_SETFL, status | Libc.O_NONBLOCK);
      Libc.INSTANCE.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
      return settled(fd, request.name(), flags & QUEUE_FLAGS, offloads);
    } catch (LastErrorException e) {
      throw TunException.adopting(fd, e);
    }
  }

  /** Opens a further queue of the same interface, wherever that has been moved. */
  public TunDevice openQueue() throws TunException {
    String current = requireCurrentName();
    if (!canHaveMoreQueues()) {
      throw new TunException(
          "interface " + current + " has one queue only: create it with IFF_MULTI_QUEUE for more");
    }
    TunDevice queue;
    try (NetworkNamespace namespace = namespace()) {
      // The driver looks for the name in the namespace in which /dev/net/tun was opened.
      queue = namespace.call(() -> attachedQueue(current));
    } catch (LastErrorException e) {
      throw TunException.addingQueue(current, e);
    }
    if (currentName() == null) {
      // Deleted in between: attaching has then made a new interface, which nobody asked for.
      queue.close();
      throw TunException.gone(current);
    }
    return queue;
  }

  private TunDevice attachedQueue(String current) throws TunException {
    int queueFd = openDriver();
    try {
      attach(queueFd, current, flags);
      OffloadNegotiation.repeat(queueFd, offloads);
      return new TunDevice(queueFd, current, flags, offloads);
    } catch (LastErrorException e) {
      Libc.INSTANCE.close(queueFd);
      throw e;
    }
  }

  /** Whether {@link #openQueue} is possible. */
  public boolean canHaveMoreQueues() {
    return (flags & IFF_MULTI_QUEUE) != 0;
  }

  /**
   * Has the kernel bring packets to this queue again. Nothing happens to one that is attached, as
   * every queue is from its opening on.
   */
  public void attach() throws TunException {
    setAttached(true);
  }

  /**
   * Has the kernel bring no packets to this queue any more, but to the interface's others; what
   * waits in it is lost. Writing goes on as before, and the end of the interface is still heard of.
   * Nothing happens to a queue that is detached, or is the only one that its interface can have.
   */
  public void detach() throws TunException {
    setAttached(false);
  }

  private synchronized void setAttached(boolean attached) throws TunException {
    if (closed) {
      throw TunException.gone(name);
    }
    if (canHaveMoreQueues()) {
      QueueAttachment.set(fd, name, attached);
    }
  }

  /** The name it had when it was opened. */
  public String name() {
    return name;
  }

  /** The interface's index in the namespace in which it lives now. */
  public int index() throws TunException {
    return configure(SIOCGIFINDEX, 0, "index cannot be read");
  }

  /** The descriptor, non-blocking: one read or write moves one packet. */
  public int fd() {
    return fd;
  }

  /** The largest packet that the interface carries, in bytes. */
  public int mtu() throws TunException {
    return configure(SIOCGIFMTU, 0, "MTU cannot be read");
  }

  /** Changes the interface's MTU. */
  public void setMtu(int mtu) throws TunException {
    configure(SIOCSIFMTU, mtu, "MTU cannot be set to " + mtu);
  }

  /** Whether {@value VirtioHeader#BYTES} bytes of virtio header precede every packet. */
  public boolean hasVirtioHeader() {
    return (flags & IFF_VNET_HDR) != 0;
  }

  /** Which offloads are in effect, on this and on every further queue. */
  public TunOffloads offloads() {
    return offloads;
  }

  /** The name it has now, or null if the interface was deleted or this queue is closed. */
  synchronized @Nullable String currentName() {
    if (closed) {
      return null;
    }
    try {
      var request = new InterfaceRequest();
      Libc.INSTANCE.ioctl(fd, TUNGETIFF, request.memory());
      return request.name();
    } catch (LastErrorException e) {
      return null; // EBADFD: this descriptor is attached to nothing any more
    }
  }

  /**
   * Writes one packet, virtio header included, off the hot path; returns the bytes written.
   *
   * @throws LastErrorException with the driver's reason for refusing it
   */
  synchronized long writeOne(ByteBuffer packet) {
    if (closed) {
      throw new LastErrorException(Errno.EBADFD);
    }
    return Libc.INSTANCE.write(fd, packet, packet.limit());
  }

  /** Whether the driver would take a packet now: it does while the interface is up. */
  public synchronized boolean takesPackets() {
    if (closed) {
      return false;
    }
    var one = new PollSet(1);
    one.set(0, fd, Libc.POLLOUT);
    one.poll(0);
    return (one.found(0) & Libc.POLLOUT) != 0;
  }

  /** {@code epoll_ctl(2)} on this descriptor; nothing on one that is closed, or not known there. */
  synchronized void control(int epoll, int operation, ByteBuffer event) {
    if (closed) {
      return;
    }
    try {
      Libc.INSTANCE.epoll_ctl(epoll, operation, fd, event);
    } catch (LastErrorException e) {
      if (e.getErrorCode() != Errno.ENOENT && e.getErrorCode() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  /** The namespace in which it lives now; the caller closes it. */
  synchronized NetworkNamespace namespace() throws TunException {
    if (closed) {
      throw TunException.gone(name);
    }
    return NetworkNamespace.of(fd);
  }

  /** Closes this queue; the interface goes with its last one. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.INSTANCE.close(fd);
    }
  }

  @Override
  public String toString() {
    return name + " (fd " + fd + ")";
  }

  private String requireCurrentName() throws TunException {
    String current = currentName();
    if (current == null) {
      throw TunException.gone(name);
    }
    return current;
  }

  private int configure(long ioctl, int value, String failure) throws TunException {
    var request = new InterfaceRequest(requireCurrentName()).withValue(value);
    try (NetworkNamespace namespace = namespace()) {
      return namespace.call(
          () -> {
            int socket = Libc.INSTANCE.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
            try {
              Libc.INSTANCE.ioctl(socket, ioctl, request.memory());
              return request.value();
            } finally {
              Libc.INSTANCE.close(socket);
            }
          });
    } catch (LastErrorException e) {
      String what = "interface " + name + ": " + failure;
      throw new TunException(
          e.getErrorCode() == Errno.EPERM
              ? TunException.needsNetAdmin(what)
              : what + " (" + Errno.describe(e) + ")",
          e);
    }
  }

  /**
   * Whether four bytes of packet information precede every packet. TUNGETIFF does not tell: the bit
   * that means IFF_NO_PI when set means "no filter" when read. Sysfs does, for interfaces of our
   * own namespace; of others we believe what everybody does.
   */
  private static boolean hasPacketInformation(String name, int fd) {
    try (NetworkNamespace namespace = NetworkNamespace.of(fd)) {
      Path flags = Path.of("/sys/class/net", name, "tun_flags");
      return namespace.isCurrent()
          && (Integer.decode(Files.readString(flags).strip()) & IFF_NO_PI) == 0;
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  private static int openDriver() throws TunException {
    try {
      return Libc.INSTANCE.open(PATH, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    } catch (LastErrorException e) {
      throw TunException.opening(e);
    }
  }

  private static void attach(int fd, String name, int flags) {
    Libc.INSTANCE.ioctl(fd, TUNSETIFF, new InterfaceRequest(name).withFlags(flags).memory());
  }

  /** Makes sure of the packet format: the offloads, and a header of the size that we know. */
  private static TunDevice settled(int fd, String name, int flags, TunOffloads offloads) {
    boolean hasVirtioHeader = (flags & IFF_VNET_HDR) != 0;
    TunOffloads agreed = OffloadNegotiation.agree(fd, offloads, hasVirtioHeader);
    if (hasVirtioHeader) {
      var size = new Memory(Integer.BYTES);
      size.setInt(0, VirtioHeader.BYTES);
      Libc.INSTANCE.ioctl(fd, TUNSETVNETHDRSZ, size);
    }
    return new TunDevice(fd, name, flags, agreed);
  }
}
