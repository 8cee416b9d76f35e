package io.wgnetty.netlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.ByteBuffer;

/**
 * The calls of the C library that speak to the kernel's routing. All of them are cold.
 *
 * <p>Both supported platforms (x86-64, AArch64) are 64-bit, so {@code long} stands for size_t.
 */
interface Libc extends Library {
  Libc INSTANCE = Native.load("c", Libc.class);

  int AF_NETLINK = 16;
  int SOCK_RAW = 3;
  int SOCK_CLOEXEC = 0x80000;
  int NETLINK_ROUTE = 0;
  int NETLINK_KOBJECT_UEVENT = 15;
  int SOL_SOCKET = 1;
  int SO_RCVTIMEO = 20;
  int SO_SNDBUFFORCE = 32;
  int SOL_NETLINK = 270;
  int NETLINK_CAP_ACK = 10;
  int NETLINK_EXT_ACK = 11;
  int NETLINK_GET_STRICT_CHK = 12;

  /** Makes recv tell the length of a message that did not fit. */
  int MSG_TRUNC = 0x20;

  int socket(int domain, int type, int protocol) throws LastErrorException;

  int bind(int fd, ByteBuffer address, int lengthBytes) throws LastErrorException;

  int setsockopt(int fd, int level, int name, ByteBuffer value, int lengthBytes)
      throws LastErrorException;

  long send(int fd, ByteBuffer bytes, long lengthBytes, int flags) throws LastErrorException;

  long recvfrom(
      int fd,
      ByteBuffer bytes,
      long lengthBytes,
      int flags,
      ByteBuffer address,
      ByteBuffer addressLengthBytes)
      throws LastErrorException;

  long recv(int fd, ByteBuffer bytes, long lengthBytes, int flags) throws LastErrorException;

  int close(int fd) throws LastErrorException;

  String strerror(int errno);
}
