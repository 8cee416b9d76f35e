package io.wgnetty.setup;

import io.wgnetty.config.EndpointName;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns endpoints as they are written into addresses, as patiently as wg does (protocol 7.4). */
final class EndpointResolver {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointResolver.class);

  private static final String RETRIES = "WG_ENDPOINT_RESOLUTION_RETRIES";
  private static final int DEFAULT_RETRIES = 15;
  private static final int NO_END = -1;
  private static final long FIRST_PAUSE_MS = 1000;
  private static final long LONGEST_PAUSE_MS = 20_000;

  private final NameLookup names;
  private final Pause pause;
  private final Map<String, String> environment;

  EndpointResolver(SetupTools tools) {
    this.names = tools.names();
    this.pause = tools.pause();
    this.environment = tools.environment();
  }

  /** Tries again and again while no answer comes; as often as the environment says. */
  Endpoint resolvePatiently(EndpointName name) throws SetupException, InterruptedException {
    return resolve(name, retries());
  }

  /** Tries once. */
  Endpoint resolveNow(EndpointName name) throws SetupException, InterruptedException {
    return resolve(name, 0);
  }

  private Endpoint resolve(EndpointName name, int retries)
      throws SetupException, InterruptedException {
    try {
      return Endpoint.of(IpText.parse(name.host()), name.port(), 0);
    } catch (IllegalArgumentException e) {
      return lookup(name, retries);
    }
  }

  private Endpoint lookup(EndpointName name, int retries)
      throws SetupException, InterruptedException {
    long pauseMs = FIRST_PAUSE_MS;
    for (int left = retries; ; left = left == NO_END ? NO_END : left - 1) {
      try {
        return names.lookup(name.host(), name.port());
      } catch (NameLookupException e) {
        if (!e.mayPass() || left == 0) {
          throw new SetupException("Endpoint", name.toString(), e);
        }
        LOG.warn("endpoint {}: {}; trying again in {} ms", name, e.getMessage(), pauseMs);
        pause.forMillis(pauseMs);
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 6 / 5);
      }
    }
  }

  private int retries() throws SetupException {
    String text = environment.getOrDefault(RETRIES, Integer.toString(DEFAULT_RETRIES));
    if (text.equals("infinity")) {
      return NO_END;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new SetupException(RETRIES, text, "must be a number or `infinity'");
    }
    return Integer.parseInt(text);
  }
}
