package io.wgnetty.cli;

import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.SecretPlaces;
import io.wgnetty.config.Surroundings;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.OptionalInt;

/** This machine, as a configuration file is checked for it. */
final class LocalInterfaces implements Surroundings {
  private final Surroundings names = ConfigurationFile.systemNames(SecretPlaces.Use.CHECKED);

  @Override
  public OptionalInt routeTable(String name) {
    return names.routeTable(name);
  }

  @Override
  public OptionalInt udpService(String name) {
    return names.udpService(name);
  }

  @Override
  public SecretPlaces secrets() {
    return names.secrets();
  }

  @Override
  public OptionalInt largestMtu() {
    int largest = 0;
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (each.isUp() && !each.isLoopback()) {
          largest = Math.max(largest, each.getMTU());
        }
      }
    } catch (SocketException e) {
      return OptionalInt.empty(); // a machine without network: nothing to compare with
    }
    return largest == 0 ? OptionalInt.empty() : OptionalInt.of(largest);
  }
}
