package io.wgnetty.setup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program prints, line by line as it comes. A thread of its own reads to the end, also after
 * nobody listens any more: a program that was left in the background must not stop at a full pipe.
 */
final class OutputLines {
  private static final Logger LOG = LoggerFactory.getLogger(OutputLines.class);

  /** A longer line is cut. */
  static final int MAX_BYTES = 1000;

  /** Lines that wait for a listener who is slower than the program. */
  private static final int MAX_WAITING = 1000;

  /** What prints after its program has ended was left in the background, and is not waited for. */
  private static final long AFTER_END_MS = 100;

  /**
   * One step of a program.
   *
   * @param line {@code null} at the end of its output or of itself
   */
  private record Step(@Nullable String line, boolean endOfOutput) {}

  private final InputStream input;
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private volatile boolean listening = true;

  private OutputLines(InputStream input) {
    this.input = input;
  }

  /**
   * Hands the lines on until the program has ended.
   *
   * @param input what it prints; closed at its end
   */
  static void handOn(Process process, InputStream input, Consumer<String> lines)
      throws InterruptedException {
    var output = new OutputLines(input);
    // No virtual one: reading would keep its carrier, and may go on for as long as we live.
    Thread.ofPlatform().daemon().name("output-of-" + process.pid()).start(output::read);
    var unusedEnd = process.onExit().thenRun(() -> output.steps.add(new Step(null, false)));
    try {
      output.untilEnd(lines);
    } finally {
      output.listening = false;
    }
  }

  private void untilEnd(Consumer<String> lines) throws InterruptedException {
    boolean ended = false;
    while (true) {
      Step step = ended ? steps.poll(AFTER_END_MS, TimeUnit.MILLISECONDS) : steps.take();
      if (step == null || step.endOfOutput()) {
        return;
      }
      if (step.line() == null) {
        ended = true;
      } else {
        lines.accept(step.line());
      }
    }
  }

  private void read() {
    try (InputStream in = input) {
      byte[] piece = new byte[4096];
      var bytes = new ByteArrayOutputStream();
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        for (int i = 0; i < count; i++) {
          if (piece[i] == '\n') {
            add(bytes.toString(StandardCharsets.UTF_8));
            bytes.reset();
          } else if (bytes.size() < MAX_BYTES) {
            bytes.write(piece[i]);
          }
        }
      }
      if (bytes.size() > 0) {
        add(bytes.toString(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      LOG.debug("the output of a command was cut off: {}", e.getMessage());
    }
    steps.add(new Step(null, true));
  }

  private void add(String line) {
    while (listening && steps.size() >= MAX_WAITING) {
      pause();
    }
    if (listening) {
      steps.add(new Step(line.stripTrailing(), false));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
