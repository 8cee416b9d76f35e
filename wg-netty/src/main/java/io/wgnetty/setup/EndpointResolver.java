package io.wgnetty.setup;

import io.wgnetty.config.EndpointName;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns endpoints as they are written into addresses: a few names at a time, and nobody waits long
 * for them.
 */
final class EndpointResolver {
  /** Lookups at the same time: a name server that does not answer keeps each for many seconds. */
  private static final int THREADS = 4;

  private static final long IDLE_SECONDS = 10;

  /** How long all names together may take where somebody waits for them. */
  private static final long PATIENCE_SECONDS = 5;

  private static final NameAnswer NO_ANSWER_YET = NameAnswer.failed("no answer yet");

  private final NameLookup names;
  private final ThreadPoolExecutor threads;

  EndpointResolver(NameLookup names) {
    this.names = names;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("name-lookup-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** The endpoint that is written as a number; {@code null} if it is a name. */
  static @Nullable Endpoint number(EndpointName name) {
    try {
      return Endpoint.of(IpText.parse(name.host()), name.port(), 0);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The threads that wait for name servers. */
  Executor threads() {
    return threads;
  }

  /** Asks once, and waits as long as that takes. */
  NameAnswer lookUp(EndpointName name) {
    try {
      return NameAnswer.of(names.lookup(name.host(), name.port()));
    } catch (NameLookupException e) {
      return NameAnswer.failed(String.valueOf(e.getMessage()));
    }
  }

  /** Asks for all of them that are no numbers; what is not answered in time counts as failed. */
  Map<EndpointName, NameAnswer> lookUpAll(Collection<EndpointName> wanted)
      throws InterruptedException {
    List<EndpointName> distinct =
        new LinkedHashSet<>(wanted).stream().filter(name -> number(name) == null).toList();
    Map<EndpointName, NameAnswer> answers = new HashMap<>();
    if (distinct.isEmpty()) {
      return answers;
    }
    List<Callable<NameAnswer>> lookups = new ArrayList<>();
    distinct.forEach(name -> lookups.add(() -> lookUp(name)));
    List<Future<NameAnswer>> results =
        threads.invokeAll(lookups, PATIENCE_SECONDS, TimeUnit.SECONDS);
    for (int i = 0; i < distinct.size(); i++) {
      answers.put(distinct.get(i), answer(results.get(i)));
    }
    return answers;
  }

  private static NameAnswer answer(Future<NameAnswer> result) throws InterruptedException {
    try {
      return result.get();
    } catch (CancellationException e) {
      return NO_ANSWER_YET;
    } catch (ExecutionException e) {
      return NameAnswer.failed(String.valueOf(e.getCause()));
    }
  }
}
