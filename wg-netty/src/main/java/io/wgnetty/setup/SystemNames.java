package io.wgnetty.setup;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.wgnetty.protocol.Endpoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system's own lookup of names. Not the JDK's: that one remembers failures for a while, so that
 * trying again would be in vain, and does not tell which of them may pass.
 */
public final class SystemNames implements NameLookup {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int IPPROTO_UDP = 17;
  private static final int EAI_NONAME = -2;
  private static final int EAI_FAIL = -4;
  private static final int EAI_NODATA = -5;

  /** The C library's calls. */
  interface Libc extends Library {
    Libc INSTANCE = Native.load("c", Libc.class);

    int getaddrinfo(
        String node, @Nullable String service, Pointer hints, PointerByReference result);

    void freeaddrinfo(Pointer first);

    String gai_strerror(int error);
  }

  @Override
  public List<Endpoint> lookup(String host, int port) throws NameLookupException {
    var result = new PointerByReference();
    int error = Libc.INSTANCE.getaddrinfo(host, null, hints(), result);
    if (error != 0) {
      boolean isFinal = error == EAI_NONAME || error == EAI_FAIL || error == EAI_NODATA;
      throw new NameLookupException(Libc.INSTANCE.gai_strerror(error), !isFinal);
    }
    Set<Endpoint> found = new LinkedHashSet<>();
    try {
      for (Pointer info = result.getValue(); info != null; info = info.getPointer(40)) {
        Endpoint endpoint = endpoint(info.getPointer(24), port);
        if (endpoint != null) {
          found.add(endpoint);
        }
      }
    } finally {
      Libc.INSTANCE.freeaddrinfo(result.getValue());
    }
    if (found.isEmpty()) {
      throw new NameLookupException("the name has no IP address", false);
    }
    return List.copyOf(found);
  }

  /** A struct addrinfo: flags, family, socket type, protocol; the rest are results. */
  private static Memory hints() {
    var hints = new Memory(48);
    hints.clear();
    hints.setInt(8, SOCK_DGRAM);
    hints.setInt(12, IPPROTO_UDP);
    return hints;
  }

  /** The endpoint in a struct sockaddr_in or sockaddr_in6, {@code null} if it is neither. */
  private static @Nullable Endpoint endpoint(Pointer socketAddress, int port) {
    return switch (socketAddress.getShort(0)) {
      case AF_INET -> Endpoint.of(socketAddress.getByteArray(4, 4), port, 0);
      case AF_INET6 ->
          Endpoint.of(socketAddress.getByteArray(8, 16), port, socketAddress.getInt(24));
      default -> null;
    };
  }
}
