package io.wgnetty.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading a file gave.
 *
 * @param configuration {@code null} if there are errors
 * @param findings errors and warnings in the order of lines
 */
public record ConfigurationResult(@Nullable Configuration configuration, List<Finding> findings) {
  public ConfigurationResult {
    findings = List.copyOf(findings);
  }
}
