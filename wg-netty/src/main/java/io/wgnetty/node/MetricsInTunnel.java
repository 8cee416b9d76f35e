package io.wgnetty.node;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.observe.MetricsAddress;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics at an address of the interface are open to whoever is at its other ends. */
final class MetricsInTunnel {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsInTunnel.class);

  private MetricsInTunnel() {}

  /** Warns if it is so. */
  static void warn(String name, Configuration configuration, NodeOptions options) {
    if (options.metrics() == null) {
      return;
    }
    byte[] address = MetricsAddress.parse(options.metrics()).getAddress().getAddress();
    for (InterfaceAddress own : configuration.settings().addresses()) {
      if (Arrays.equals(own.host().addressBytes(), address)) {
        LOG.warn("interface {}: metrics on {} are open to all its peers", name, options.metrics());
      }
    }
  }
}
