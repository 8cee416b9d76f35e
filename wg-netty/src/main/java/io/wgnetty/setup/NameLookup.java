package io.wgnetty.setup;

import io.wgnetty.protocol.Endpoint;
import java.util.List;

/** Finds the addresses behind a name. */
@FunctionalInterface
public interface NameLookup {
  /**
   * The endpoints at the addresses of that name, the one to be preferred first; never empty. May
   * take seconds.
   *
   * @param host a name, or a numeric address with a scope
   * @throws NameLookupException if there is none, or none now
   */
  List<Endpoint> lookup(String host, int port) throws NameLookupException;
}
