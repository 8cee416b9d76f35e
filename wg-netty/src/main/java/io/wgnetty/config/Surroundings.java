package io.wgnetty.config;

import java.util.OptionalInt;

/** What a file's words mean on the machine, for those that the file alone does not decide. */
public interface Surroundings {
  /** No machine: only what means the same everywhere. */
  Surroundings NONE = new Surroundings() {};

  /** The number of a routing table with a name of its own, 32 bits without sign. */
  default OptionalInt routeTable(String name) {
    return OptionalInt.empty();
  }

  /** The port of a UDP service. */
  default OptionalInt udpService(String name) {
    return OptionalInt.empty();
  }

  /** Where keys are that the file only names. */
  default SecretPlaces secrets() {
    return SecretPlaces.NONE;
  }

  /** The largest packet, in bytes, that one of the interfaces which are up can send. */
  default OptionalInt largestMtu() {
    return OptionalInt.empty();
  }
}
