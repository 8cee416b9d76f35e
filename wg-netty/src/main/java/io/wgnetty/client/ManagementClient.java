package io.wgnetty.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to the control socket of one interface: one request at a time. */
public final class ManagementClient implements AutoCloseable {
  /** A node that says nothing for so long hangs: every 10 s it says that it is still at work. */
  private static final long PATIENCE_MS = TimeUnit.SECONDS.toMillis(60);

  /** Longer than any line that a node sends. */
  private static final int MAX_LINE_BYTES = 4 << 20;

  private final String name;
  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer input = ByteBuffer.allocate(64 * 1024).flip();
  private byte[] line = new byte[4096];
  private int lineLength;

  private ManagementClient(String name, SocketChannel channel, Selector selector) {
    this.name = name;
    this.channel = channel;
    this.selector = selector;
  }

  public static ManagementClient connect(ControlSockets sockets, String name)
      throws CommandFailure {
    SocketChannel channel = sockets.connect(name);
    try {
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, 0);
      return new ManagementClient(name, channel, selector);
    } catch (IOException e) {
      throw new CommandFailure(name + ": " + CommandFailure.firstLine(e));
    }
  }

  /** {@code do=WORD} with arguments; its answer's lines go to {@code lines}. */
  Reply ask(String word, List<Map.Entry<String, String>> arguments, AnswerLines lines)
      throws CommandFailure {
    StringBuilder request = new StringBuilder("do=" + word + "\n");
    arguments.forEach(
        each -> request.append(each.getKey()).append('=').append(each.getValue()).append('\n'));
    return exchange(request.append('\n').toString().getBytes(UTF_8), lines);
  }

  /** {@code get=1}, which every implementation answers. */
  void get(AnswerLines lines) throws CommandFailure {
    check(exchange("get=1\n\n".getBytes(ISO_8859_1), lines));
  }

  /**
   * {@code set=1}, which every implementation answers.
   *
   * @param request whole; overwritten when this returns
   */
  void set(byte[] request) throws CommandFailure {
    check(exchange(request, (key, value) -> {}));
  }

  private void check(Reply reply) throws CommandFailure {
    if (!reply.isSuccess()) {
      throw new CommandFailure(name + ": the request was refused (errno " + reply.errno() + ")");
    }
  }

  private Reply exchange(byte[] request, AnswerLines lines) throws CommandFailure {
    try {
      send(request);
      return receive(lines);
    } catch (IOException e) {
      throw new CommandFailure(name + ": the connection broke: " + CommandFailure.firstLine(e));
    } finally {
      Arrays.fill(request, (byte) 0);
    }
  }

  private void send(byte[] request) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(request);
    try {
      while (bytes.hasRemaining()) {
        if (channel.write(bytes) == 0) {
          await(SelectionKey.OP_WRITE);
        }
      }
    } catch (IOException e) {
      // A program that refuses the first line may close before it has read the rest. What it has
      // answered, if anything, is still there to be read.
      if (bytes.position() == 0) {
        throw e;
      }
    }
  }

  private Reply receive(AnswerLines lines) throws IOException {
    boolean known = true;
    boolean any = false;
    String message = null;
    while (readLine()) {
      any = true;
      String key = key();
      switch (key) {
        case "errno" -> {
          int errno = errno();
          readLine(); // the empty line behind it
          return new Reply(true, known, errno, message);
        }
        case "message" -> message = value();
        case "known" -> known = false;
        case "working" -> {
          // Only says that it goes on: what runs commands or follows the log may take for ever.
        }
        case "private_key", "preshared_key" -> secret(key, lines);
        default -> lines.line(key, value());
      }
    }
    if (any) {
      throw new IOException("the answer ended in the middle");
    }
    return Reply.FOREIGN;
  }

  private int errno() throws IOException {
    try {
      return Math.abs(Integer.parseInt(value()));
    } catch (NumberFormatException e) {
      throw new IOException("not an answer: errno=" + value(), e);
    }
  }

  private void secret(String key, AnswerLines lines) {
    byte[] hex = Arrays.copyOfRange(line, key.length() + 1, lineLength);
    lines.secret(key, hex);
    Arrays.fill(hex, (byte) 0);
    Arrays.fill(line, 0, lineLength, (byte) 0);
  }

  private int separator() {
    for (int i = 0; i < lineLength; i++) {
      if (line[i] == '=') {
        return i;
      }
    }
    return lineLength;
  }

  private String key() {
    return new String(line, 0, separator(), UTF_8);
  }

  private String value() {
    int from = Math.min(separator() + 1, lineLength);
    return new String(line, from, lineLength - from, UTF_8);
  }

  /** Reads up to the next line end; false at the end of the stream. */
  private boolean readLine() throws IOException {
    lineLength = 0;
    while (true) {
      if (!input.hasRemaining() && !fill()) {
        return false;
      }
      byte next = input.get();
      if (next == '\n') {
        return true;
      }
      append(next);
    }
  }

  private void append(byte next) throws IOException {
    if (lineLength == MAX_LINE_BYTES) {
      throw new IOException("a line of more than " + MAX_LINE_BYTES + " bytes");
    }
    if (lineLength == line.length) {
      byte[] longer = Arrays.copyOf(line, 2 * line.length);
      Arrays.fill(line, (byte) 0);
      line = longer;
    }
    line[lineLength++] = next;
  }

  private boolean fill() throws IOException {
    Arrays.fill(input.array(), 0, input.limit(), (byte) 0);
    input.clear();
    int count = channel.read(input);
    while (count == 0) {
      await(SelectionKey.OP_READ);
      count = channel.read(input);
    }
    input.flip();
    return count > 0;
  }

  private void await(int operation) throws IOException {
    SelectionKey key = key(channel.keyFor(selector));
    key.interestOps(operation);
    if (selector.select(PATIENCE_MS) == 0) {
      throw new IOException("no answer for " + PATIENCE_MS / 1000 + " seconds");
    }
    selector.selectedKeys().clear();
  }

  private static SelectionKey key(@Nullable SelectionKey key) throws IOException {
    if (key == null) {
      throw new IOException("the connection was closed");
    }
    return key;
  }

  @Override
  public void close() {
    Arrays.fill(input.array(), (byte) 0);
    try {
      selector.close();
      channel.close();
    } catch (IOException e) {
      // Nothing is left to do for it.
      return;
    }
  }
}
