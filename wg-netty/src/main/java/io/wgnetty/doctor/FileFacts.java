package io.wgnetty.doctor;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.Finding;
import io.wgnetty.config.Hooks;
import io.wgnetty.config.PeerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An interface's file.
 *
 * @param configuration without its secrets; {@code null} if the file has errors
 * @param changedEpochSeconds when it was last written
 * @param names hosts of endpoints that had to be looked up: why one was not found, or the empty
 *     text
 */
record FileFacts(
    Path path,
    List<Finding> findings,
    @Nullable Configuration configuration,
    long changedEpochSeconds,
    Map<String, String> names) {
  /** So many peers that wait to be called are a concentrator's. */
  private static final int MANY = 2;

  FileFacts {
    findings = List.copyOf(findings);
    names = Map.copyOf(names);
  }

  List<PeerSettings> peers() {
    return configuration == null ? List.of() : configuration.peers();
  }

  /** Whether it says so itself. */
  boolean asksForGateway() {
    return masquerades() || hooksSpeakOf("masquerade", "snat", "forward");
  }

  boolean masquerades() {
    return configuration != null && configuration.settings().gateway().masquerades();
  }

  private boolean hooksSpeakOf(String... words) {
    if (configuration == null) {
      return false;
    }
    Hooks hooks = configuration.settings().hooks();
    return Stream.concat(hooks.preUp().stream(), hooks.postUp().stream())
        .map(String::toLowerCase)
        .anyMatch(hook -> Stream.of(words).anyMatch(hook::contains));
  }

  boolean isCalledByMany() {
    return peers().size() >= MANY && peers().stream().allMatch(peer -> peer.endpoint() == null);
  }

  boolean hasDefaultRoute(boolean ipv6) {
    return peers().stream()
        .flatMap(peer -> peer.allowedIps().stream())
        .anyMatch(prefix -> prefix.isIpv6() == ipv6 && prefix.length() == 0);
  }

  boolean hasIpv6() {
    return configuration != null
        && configuration.settings().addresses().stream().anyMatch(a -> a.host().isIpv6());
  }
}
