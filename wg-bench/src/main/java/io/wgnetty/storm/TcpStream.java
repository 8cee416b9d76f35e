package io.wgnetty.storm;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP stream through the tunnel, by a command that prints a line with its rate each second, as
 * {@code iperf3 -f m -i 1 --forceflush} does.
 */
final class TcpStream implements AutoCloseable {
  private static final Pattern RATE = Pattern.compile("sec .* ([0-9.]+) Mbits/sec");
  private static final int END_WAIT_S = 5;

  private record Sample(long atNs, double mbits) {}

  private final Process process;
  private final List<Sample> samples = new ArrayList<>();

  private TcpStream(Process process) {
    this.process = process;
  }

  static TcpStream start(String command) throws IOException {
    TcpStream stream =
        new TcpStream(
            new ProcessBuilder("bash", "-c", "exec " + command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    Thread.ofPlatform().daemon().name("tcp-stream").start(stream::read);
    return stream;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        OptionalDouble rate = rate(line);
        if (rate.isPresent()) {
          synchronized (samples) {
            samples.add(new Sample(System.nanoTime(), rate.getAsDouble()));
          }
        }
      }
    } catch (IOException e) {
      // The process was ended; what it said so far counts.
    }
  }

  /** The rate in a line for one interval; empty for any other line, and for the sums at the end. */
  static OptionalDouble rate(String line) {
    Matcher matcher = RATE.matcher(line);
    if (!matcher.find() || line.contains("sender") || line.contains("receiver")) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(Double.parseDouble(matcher.group(1)));
  }

  /** The mean rate of the seconds that ended in this time, in Mbit/s; empty if none did. */
  OptionalDouble meanMbits(long fromNs, long toNs) {
    synchronized (samples) {
      return samples.stream()
          .filter(sample -> sample.atNs - fromNs >= 0 && sample.atNs - toNs < 0)
          .mapToDouble(Sample::mbits)
          .average();
    }
  }

  /** The rate of the last second. */
  OptionalDouble latestMbits() {
    synchronized (samples) {
      return samples.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(samples.getLast().mbits);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_WAIT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
