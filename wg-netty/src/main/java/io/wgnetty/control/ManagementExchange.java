package io.wgnetty.control;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A management request: {@code do=WORD}, arguments, an empty line. Its operation runs on a thread
 * of operations; the connection reads no further meanwhile.
 */
final class ManagementExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementExchange.class);

  /** A screenful of peers, many times. */
  static final int MAX_ARGUMENTS = 1024;

  static final int MAX_ARGUMENT_BYTES = 128 * 1024;

  /** Well within a client's patience, and also how soon a client that is gone is noticed. */
  static final long WORKING_SECONDS = 10;

  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]{0,31}");

  private enum State {
    LINES,
    WAITS,
    RUNS
  }

  private final UapiConnection connection;
  private final OperationRunner runner;
  private final String word;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private final OperationAnswer answer;
  private State state = State.LINES;
  private int lines;
  private int bytes;
  private @Nullable Operation operation;
  private @Nullable ScheduledFuture<?> signsOfLife;

  ManagementExchange(UapiConnection connection, OperationRunner runner, String word) {
    this.connection = connection;
    this.runner = runner;
    this.word = word;
    this.answer = new OperationAnswer(connection);
  }

  @Override
  public boolean wantsLine() {
    return state == State.LINES;
  }

  @Override
  public void line(UapiLine line) {
    try {
      if (line.isEmpty()) {
        whole();
      } else {
        argument(line);
      }
    } catch (RequestException e) {
      LOG.debug("management request failed: {}", e.getMessage());
      fail(String.valueOf(e.getMessage()), e.errno());
      connection.ended(line.isEmpty());
    }
  }

  private void argument(UapiLine line) throws RequestException {
    String key = line.key();
    if (!KEY.matcher(key).matches()) {
      throw RequestException.invalid("an argument's name has small letters, digits and _ only");
    }
    lines++;
    bytes += line.length();
    if (lines > MAX_ARGUMENTS || bytes > MAX_ARGUMENT_BYTES) {
      throw RequestException.invalid(
          "more than %d arguments or %d bytes".formatted(MAX_ARGUMENTS, MAX_ARGUMENT_BYTES));
    }
    arguments.merge(key, line.textValue(), (before, more) -> before + "," + more);
  }

  private void whole() throws RequestException {
    Operation known = runner.operations().named(word);
    if (known == null) {
      unknown();
      return;
    }
    operation = known;
    state = State.WAITS;
    if (!known.changesNode() || connection.takeTurn()) {
      turnCame();
    }
  }

  /** Says what is known, so that a client can do it another way. */
  private void unknown() {
    String words = String.join(",", runner.operations().words());
    answer("known=" + words + "\nmessage=this node knows no such request", Errno.EINVAL);
    connection.ended(true);
  }

  @Override
  public void turnCame() {
    Operation known = operation;
    if (known == null) {
      throw new IllegalStateException("a turn that was not asked for");
    }
    state = State.RUNS;
    Map<String, String> given = Map.copyOf(arguments);
    if (!runner.submit(known.pace(), () -> run(known, given))) {
      fail("too many requests wait for this node", Errno.EBUSY);
      end();
      return;
    }
    if (known.pace() != Operation.Pace.QUICK) {
      long beginNs = System.nanoTime();
      signsOfLife = connection.every(WORKING_SECONDS, () -> sayWorking(beginNs));
    }
  }

  private void sayWorking(long beginNs) {
    // One is enough for a client that does not read.
    if (connection.isRead()) {
      answer.sayWorking(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beginNs));
    }
  }

  /** On a thread of operations. */
  private void run(Operation known, Map<String, String> given) {
    try {
      if (!answer.isGone()) {
        answer.end(outcome(known, given));
      }
    } catch (OperationFailure e) {
      LOG.debug("the answer to {} was not read to its end", word);
    } finally {
      connection.execute(this::end);
    }
  }

  private int outcome(Operation known, Map<String, String> given) throws OperationFailure {
    try {
      known.run(given, answer);
      return 0;
    } catch (OperationFailure e) {
      answer.line("message", String.valueOf(e.getMessage()));
      return e.errno();
    } catch (RuntimeException e) {
      LOG.error("management request {} failed", word, e);
      answer.line("message", "the node failed, its log says more: " + e.getClass().getSimpleName());
      return Errno.EIO.inGetAnswer();
    }
  }

  private void end() {
    stopSigns();
    connection.leaveTurn(); // first: the next request may ask for one
    connection.ended(true);
  }

  private void fail(String message, Errno errno) {
    answer("message=" + message, errno);
  }

  private void answer(String lines, Errno errno) {
    String text = lines + "\nerrno=" + errno.inGetAnswer() + "\n\n";
    ByteBuf piece = connection.buffer(2 * text.length());
    piece.writeCharSequence(text, StandardCharsets.UTF_8);
    connection.send(piece, sent -> connection.goOn());
  }

  @Override
  public void abort(Errno errno) {
    fail("a line of more than " + UapiLineDecoder.MAX_LINE_BYTES + " bytes", errno);
  }

  private void stopSigns() {
    if (signsOfLife != null) {
      signsOfLife.cancel(false);
    }
  }

  @Override
  public void discard() {
    stopSigns();
    answer.discard();
  }
}
