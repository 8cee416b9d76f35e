package io.wgnetty.device;

import io.wgnetty.cipher.AeadAdvice;
import io.wgnetty.cipher.AeadChoice;
import io.wgnetty.cipher.AeadChooser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the ciphers of this machine measured, and tells an operator of the result. */
public final class CipherMeasurement {
  private static final Logger LOG = LoggerFactory.getLogger(CipherMeasurement.class);
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private CipherMeasurement() {}

  static void run(AeadChooser chooser) {
    long begin = System.nanoTime();
    AeadChoice choice = chooser.measure(System::nanoTime);
    LOG.debug(
        "ciphers measured in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    for (String name : broken(choice)) {
      LOG.error("cipher {} must not be used: {}", name, choice.problems().get(name));
    }
    List<String> faster = AeadAdvice.faster(choice, processorFlags());
    LOG.info(
        "cipher {}{}",
        AeadAdvice.summary(choice),
        faster.isEmpty() ? "" : "; this machine would be faster with " + String.join(", ", faster));
  }

  /** The names of ciphers that are there but wrong. */
  private static List<String> broken(AeadChoice choice) {
    return choice.problems().entrySet().stream()
        .filter(problem -> problem.getValue().startsWith("it "))
        .map(problem -> problem.getKey())
        .toList();
  }

  /** What the first processor can do, as Linux shows it; empty if it does not. */
  public static String processorFlags() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}
