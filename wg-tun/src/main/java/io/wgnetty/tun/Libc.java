package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The calls of the C library that open, configure and watch an interface. All of them are cold:
 * what happens per packet is in {@link PacketCalls}.
 *
 * <p>Both supported platforms (x86-64, AArch64) are 64-bit, so {@code long} stands for size_t and
 * for ioctl request numbers.
 */
interface Libc extends Library {
  Libc INSTANCE = Native.load("c", Libc.class);

  int O_RDWR = 0x2;
  int O_NONBLOCK = 0x800;
  int O_CLOEXEC = 0x80000;
  int F_SETFD = 2;
  int F_GETFL = 3;
  int F_SETFL = 4;
  int FD_CLOEXEC = 1;

  int AF_INET = 2;
  int AF_NETLINK = 16;
  int SOCK_DGRAM = 2;
  int SOCK_RAW = 3;
  int SOCK_CLOEXEC = 0x80000;
  int MSG_DONTWAIT = 0x40;
  int NETLINK_ROUTE = 0;

  int CLONE_NEWNET = 0x40000000;
  int EFD_CLOEXEC = 0x80000;
  short POLLIN = 1;
  short POLLOUT = 4;
  int EPOLL_CLOEXEC = 0x80000;
  int EPOLL_CTL_ADD = 1;
  int EPOLL_CTL_DEL = 2;
  int EPOLLOUT = 4;

  int open(String path, int flags) throws LastErrorException;

  int close(int fd) throws LastErrorException;

  int fcntl(int fd, int command, long argument) throws LastErrorException;

  int ioctl(int fd, long request, Pointer argument) throws LastErrorException;

  int ioctl(int fd, long request, long argument) throws LastErrorException;

  int socket(int domain, int type, int protocol) throws LastErrorException;

  int bind(int fd, ByteBuffer address, int lengthBytes) throws LastErrorException;

  long send(int fd, ByteBuffer bytes, long lengthBytes, int flags) throws LastErrorException;

  long recv(int fd, ByteBuffer bytes, long lengthBytes, int flags) throws LastErrorException;

  long write(int fd, ByteBuffer bytes, long lengthBytes) throws LastErrorException;

  int eventfd(int initial, int flags) throws LastErrorException;

  int poll(ByteBuffer descriptors, long count, int timeoutMs) throws LastErrorException;

  int epoll_create1(int flags) throws LastErrorException;

  int epoll_ctl(int epoll, int operation, int fd, ByteBuffer event) throws LastErrorException;

  int setns(int fd, int kind) throws LastErrorException;

  String strerror(int errno);
}
