package io.wgnetty.setup;

import io.wgnetty.protocol.Endpoint;

/** Finds the address behind a name. */
@FunctionalInterface
public interface NameLookup {
  /**
   * The endpoint at the first address of that name.
   *
   * @param host a name, or a numeric address with a scope
   * @throws NameLookupException if there is none, or none now
   */
  Endpoint lookup(String host, int port) throws NameLookupException;
}
