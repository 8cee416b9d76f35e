package io.wgnetty.config;

/**
 * An endpoint as it is written: a host, by name or by address, and a UDP port.
 *
 * @param host a name, or a numeric address without brackets, perhaps with {@code %scope}
 */
public record EndpointName(String host, int port) {
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
