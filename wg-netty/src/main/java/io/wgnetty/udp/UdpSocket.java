package io.wgnetty.udp;

import static io.wgnetty.udp.SocketOptions.IPPROTO_IP;
import static io.wgnetty.udp.SocketOptions.IPPROTO_IPV6;
import static io.wgnetty.udp.SocketOptions.IPPROTO_UDP;
import static io.wgnetty.udp.SocketOptions.SOL_SOCKET;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP socket of one address family, bound to all addresses of the host, with the options that
 * this node wants (protocol 4.4, 8.3). Does not block.
 */
public final class UdpSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);

  /** DF stays clear, so that a path with a smaller MTU fragments instead of losing. */
  private static final int PMTUDISC_DONT = 0;

  private static final int SEND_BYTES = 7 << 20;

  /** What SO_MEMINFO tells: nine words, of which the last counts what was dropped. */
  private static final int MEMINFO_BYTES = 9 * Integer.BYTES;

  private static final int MEMINFO_DROPS = 8 * Integer.BYTES;

  /** {@code struct sock_fprog}: number of instructions, then after padding where they are. */
  private static final int PROGRAM_BYTES = 16;

  private static final int PROGRAM_ADDRESS = 8;

  static {
    Epoll.ensureAvailability(); // loads the native library that sockets are part of
  }

  private final LinuxSocket socket;
  private final boolean ipv6;
  private final UdpSettings settings;

  private UdpSocket(LinuxSocket socket, boolean ipv6, UdpSettings settings) {
    this.socket = socket;
    this.ipv6 = ipv6;
    this.settings = settings;
  }

  /** Whether this host can have IPv6 sockets at all. */
  public static boolean hasIpv6() {
    try {
      LinuxSocket.newSocketDgram(true).close();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.debug("this host has no IPv6: {}", e.getMessage());
      return false;
    }
  }

  /**
   * A socket on a port; 0 is any that is free.
   *
   * @throws UdpPortException if it cannot be bound: another port may do
   * @throws IOException if an option that we need is refused
   */
  public static UdpSocket open(boolean ipv6, int port, UdpSettings settings) throws IOException {
    UdpSocket opened = new UdpSocket(LinuxSocket.newSocketDgram(ipv6), ipv6, settings);
    try {
      opened.prepare();
      opened.bind(port);
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Takes over a bound socket that another process has opened and prepared as {@link #open} does.
   *
   * @param settings what it was opened with
   * @throws IOException if the descriptor is anything else; it is the caller's then
   */
  public static UdpSocket adopt(int fd, boolean ipv6, UdpSettings settings) throws IOException {
    LinuxSocket socket;
    try {
      socket = (LinuxSocket) new EpollDatagramChannel(fd).fd(); // the public way to wrap a number
      boolean isOurs =
          socket.getIntOpt(SOL_SOCKET, SocketOptions.SO_TYPE) == SocketOptions.SOCK_DGRAM
              && socket.getIntOpt(SOL_SOCKET, SocketOptions.SO_DOMAIN)
                  == (ipv6 ? SocketOptions.AF_INET6 : SocketOptions.AF_INET)
              && socket.localAddress() != null
              && socket.localAddress().getPort() != 0;
      if (!isOurs) {
        throw new IOException(
            "descriptor " + fd + " is not a bound UDP socket of IPv" + (ipv6 ? 6 : 4));
      }
    } catch (RuntimeException | Errors.NativeIoException e) { // Netty's constructors throw either
      throw new IOException("descriptor " + fd + " is not an open socket", e);
    }
    return new UdpSocket(socket, ipv6, settings);
  }

  private void prepare() throws IOException {
    if (ipv6) {
      socket.setIntOpt(IPPROTO_IPV6, SocketOptions.IPV6_V6ONLY, 1);
      socket.setIntOpt(IPPROTO_IPV6, SocketOptions.IPV6_MTU_DISCOVER, PMTUDISC_DONT);
      socket.setIntOpt(IPPROTO_IPV6, SocketOptions.IPV6_RECVPKTINFO, 1);
      socket.setIntOpt(IPPROTO_IPV6, SocketOptions.IPV6_RECVTCLASS, 1);
    } else {
      socket.setIntOpt(IPPROTO_IP, SocketOptions.IP_MTU_DISCOVER, PMTUDISC_DONT);
      socket.setIntOpt(IPPROTO_IP, SocketOptions.IP_PKTINFO, 1);
      socket.setIntOpt(IPPROTO_IP, SocketOptions.IP_RECVTOS, 1);
    }
    if (settings.reusePort()) {
      socket.setIntOpt(SOL_SOCKET, SocketOptions.SO_REUSEPORT, 1);
    }
    enlarge(SocketOptions.SO_RCVBUFFORCE, SocketOptions.SO_RCVBUF, settings.receiveBytes());
    enlarge(SocketOptions.SO_SNDBUFFORCE, SocketOptions.SO_SNDBUF, SEND_BYTES);
    if (settings.joining()) {
      joinDatagrams();
    }
    if (settings.fwmark() != 0) {
      setMark(settings.fwmark());
    }
  }

  private void enlarge(int forced, int plain, int bytes) throws IOException {
    try {
      socket.setIntOpt(SOL_SOCKET, forced, bytes);
    } catch (IOException e) {
      // Without CAP_NET_ADMIN the system's limit holds.
      socket.setIntOpt(SOL_SOCKET, plain, bytes);
    }
  }

  private void joinDatagrams() {
    try {
      socket.setIntOpt(IPPROTO_UDP, SocketOptions.UDP_GRO, 1);
    } catch (IOException e) {
      LOG.debug("this kernel does not join datagrams: {}", e.getMessage()); // before 5.0
    }
  }

  private void bind(int port) throws IOException {
    InetAddress any =
        ipv6
            ? Inet6Address.getByAddress(null, new byte[16], 0)
            : Inet4Address.getByAddress(new byte[4]);
    try {
      socket.bind(new InetSocketAddress(any, port));
    } catch (IOException e) {
      boolean inUse =
          e instanceof Errors.NativeIoException error && error.expectedErr() == -Errno.EADDRINUSE;
      throw new UdpPortException("cannot bind UDP port " + port + ": " + e.getMessage(), inUse, e);
    }
  }

  /** Sets the mark of what is sent from now on; 0 is none. */
  public void setMark(int fwmark) throws IOException {
    try {
      socket.setIntOpt(SOL_SOCKET, SocketOptions.SO_MARK, fwmark);
    } catch (IOException e) {
      throw new IOException("cannot set the mark of datagrams: " + e.getMessage(), e);
    }
  }

  /**
   * Lets a program choose among all sockets that share this one's port and family, in the order in
   * which they were bound.
   *
   * @throws IOException if the system does not allow it: then the kernel spreads by addresses and
   *     ports
   */
  public void steer(SteeringProgram program) throws IOException {
    ByteBuffer instructions = program.instructions();
    ByteBuffer header =
        ByteBuffer.allocateDirect(PROGRAM_BYTES)
            .order(ByteOrder.nativeOrder())
            .putShort(0, (short) program.length())
            .putLong(PROGRAM_ADDRESS, MemorySegment.ofBuffer(instructions).address());
    try {
      socket.setRawOpt(SOL_SOCKET, SocketOptions.SO_ATTACH_REUSEPORT_CBPF, header);
    } finally {
      Reference.reachabilityFence(instructions);
    }
  }

  /** Lets further sockets of ours share its port: those that are opened with {@code reusePort}. */
  public void share() throws IOException {
    socket.setIntOpt(SOL_SOCKET, SocketOptions.SO_REUSEPORT, 1);
  }

  public boolean isIpv6() {
    return ipv6;
  }

  public UdpSettings settings() {
    return settings;
  }

  /** What it is bound to. */
  public InetSocketAddress localAddress() {
    return socket.localAddress();
  }

  public int port() {
    return localAddress().getPort();
  }

  /** An integer option as the kernel has it. */
  public int option(int level, int name) throws IOException {
    return socket.getIntOpt(level, name);
  }

  void setOption(int level, int name, int value) throws IOException {
    socket.setIntOpt(level, name, value);
  }

  /**
   * Datagrams that the kernel dropped so far, because the socket had no room for them or their
   * checksum was wrong; 0 if it does not tell.
   */
  int lost() {
    ByteBuffer words = ByteBuffer.allocateDirect(MEMINFO_BYTES).order(ByteOrder.nativeOrder());
    try {
      socket.getRawOpt(SOL_SOCKET, SocketOptions.SO_MEMINFO, words);
      return words.getInt(MEMINFO_DROPS);
    } catch (IOException e) {
      LOG.debug("the kernel does not tell what it dropped: {}", e.getMessage()); // before 4.12
      return 0;
    }
  }

  /** Takes the error that the socket reports, if any: 0 is none. */
  int takeError() throws IOException {
    return socket.getSoError();
  }

  /** The descriptor's number. */
  public int fd() {
    return socket.intValue();
  }

  FileDescriptor descriptor() {
    return socket;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing a UDP socket: {}", e.getMessage());
    }
  }
}
