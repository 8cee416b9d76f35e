package io.wgnetty.doctor;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.FileFailure;
import io.wgnetty.config.SecretPlaces;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.setup.NameLookup;
import io.wgnetty.setup.NameLookupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads a file, and looks up the names in it. */
final class FileExamination {
  /** Name servers that take longer make an interface slow to come up. */
  private static final long NAME_WAIT_MS = 5000;

  /** Enough to see whether lookups work; each is a question to a name server. */
  private static final int MAX_NAMES = 32;

  private final NameLookup lookup;

  FileExamination(NameLookup lookup) {
    this.lookup = lookup;
  }

  FileFacts of(Path file) throws CommandFailure, InterruptedException {
    try {
      ConfigurationResult result =
          ConfigurationFile.read(file, ConfigurationFile.systemNames(SecretPlaces.Use.CHECKED));
      Configuration configuration = result.configuration();
      if (configuration != null) {
        configuration.wipe();
        configuration = configuration.at(System.currentTimeMillis() / 1000);
      }
      long changed = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
      return new FileFacts(file, result.findings(), configuration, changed, names(configuration));
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + FileFailure.reason(e));
    }
  }

  private Map<String, String> names(@Nullable Configuration configuration)
      throws InterruptedException {
    Set<EndpointName> wanted = new LinkedHashSet<>();
    if (configuration != null) {
      configuration.peers().stream()
          .map(peer -> peer.endpoint())
          .filter(endpoint -> endpoint != null && isName(endpoint.host()))
          .limit(MAX_NAMES)
          .forEach(wanted::add);
    }
    Map<String, FutureTask<String>> lookups = new LinkedHashMap<>();
    for (EndpointName name : wanted) {
      var task = new FutureTask<>(() -> failure(name));
      lookups.put(name.host(), task);
      Thread.ofPlatform().daemon().name("lookup-of-" + name.host()).start(task);
    }
    Map<String, String> found = new LinkedHashMap<>();
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(NAME_WAIT_MS);
    for (Map.Entry<String, FutureTask<String>> each : lookups.entrySet()) {
      found.put(each.getKey(), answer(each.getValue(), deadlineNs - System.nanoTime()));
    }
    return found;
  }

  private static boolean isName(String host) {
    return host.indexOf(':') < 0 && !host.matches("[0-9.]+");
  }

  private String failure(EndpointName name) {
    try {
      lookup.lookup(name.host(), name.port());
      return "";
    } catch (NameLookupException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String answer(FutureTask<String> task, long waitNs) throws InterruptedException {
    try {
      return task.get(Math.max(0, waitNs), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return "no name server has answered for " + NAME_WAIT_MS / 1000 + " seconds";
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }
}
