package io.wgnetty.tun;

import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The local address of a {@link TunChannel}: its interface's name. */
public final class TunAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  private final String name;

  public TunAddress(String name) {
    this.name = Objects.requireNonNull(name);
  }

  public String name() {
    return name;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TunAddress address && address.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
