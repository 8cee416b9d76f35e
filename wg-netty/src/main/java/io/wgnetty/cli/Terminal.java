package io.wgnetty.cli;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.wgnetty.client.StandardStreams;
import java.io.IOException;
import java.io.InputStream;

/**
 * The terminal that this process has: its size, its keys one by one, its other screen. What it was
 * before comes back with {@link #close()}, which a signal calls too.
 */
final class Terminal implements AutoCloseable {
  /** The size of a window in characters. */
  record Size(int columns, int rows) {}

  /** What a terminal without a known size is taken for. */
  private static final Size USUAL = new Size(80, 24);

  private static final int STDIN = 0;
  private static final int STDOUT = 1;

  // struct termios of Linux, the same on x86-64 and AArch64: four words of flags, one byte, then
  // the
  // control characters.
  private static final int TERMIOS_BYTES = 64;
  private static final int LOCAL_FLAGS = 12;
  private static final int CONTROL_CHARACTERS = 17;
  private static final int ICANON = 0x2;
  private static final int ECHO = 0x8;
  private static final int VTIME = 5;
  private static final int VMIN = 6;
  private static final byte TENTHS_OF_A_SECOND = 1;
  private static final int TCSANOW = 0;
  private static final int TCSAFLUSH = 2;

  private static final long TIOCGWINSZ = 0x5413;

  private static final String OTHER_SCREEN = "\033[?1049h\033[?25l";
  private static final String FIRST_SCREEN = "\033[?25h\033[?1049l";

  private final StandardStreams streams;
  private final Memory before = new Memory(TERMIOS_BYTES);
  private final boolean hasKeys;
  private final Thread onSignal = new Thread(this::restore, "terminal");
  private boolean restored;

  private Terminal(StandardStreams streams) {
    this.streams = streams;
    before.clear();
    this.hasKeys = call("tcgetattr", STDIN, before) == 0;
  }

  /** Takes the terminal over: the other screen, no cursor, keys at once and without echo. */
  static Terminal open(StandardStreams streams) {
    var terminal = new Terminal(streams);
    Runtime.getRuntime().addShutdownHook(terminal.onSignal);
    terminal.streams.out().print(OTHER_SCREEN);
    terminal.streams.out().flush();
    if (terminal.hasKeys) {
      terminal.takeKeys();
    }
    return terminal;
  }

  private void takeKeys() {
    try (var raw = new Memory(TERMIOS_BYTES)) {
      raw.write(0, before.getByteArray(0, TERMIOS_BYTES), 0, TERMIOS_BYTES);
      raw.setInt(LOCAL_FLAGS, raw.getInt(LOCAL_FLAGS) & ~(ICANON | ECHO));
      raw.setByte(CONTROL_CHARACTERS + VMIN, (byte) 0);
      raw.setByte(CONTROL_CHARACTERS + VTIME, TENTHS_OF_A_SECOND);
      call("tcsetattr", STDIN, TCSANOW, raw);
    }
  }

  /** The window's size at this moment. */
  static Size size() {
    try (var window = new Memory(8)) {
      window.clear();
      if (call("ioctl", STDOUT, TIOCGWINSZ, window) != 0 || window.getShort(0) == 0) {
        return USUAL;
      }
      return new Size(window.getShort(2), window.getShort(0));
    }
  }

  /** The bytes of the next key, or none if none came within a tenth of a second. */
  String nextKey() throws IOException, InterruptedException {
    if (!hasKeys) {
      Thread.sleep(100);
      return "";
    }
    InputStream in = streams.in();
    StringBuilder key = new StringBuilder();
    int next = in.read();
    while (next >= 0) {
      key.append((char) next);
      next = in.available() > 0 && key.length() < 8 ? in.read() : -1;
    }
    return key.toString();
  }

  /** Writes the lines over what is there. */
  void show(Iterable<String> lines, int rows) {
    StringBuilder screen = new StringBuilder("\033[H");
    int row = 0;
    for (String line : lines) {
      if (row == rows) {
        break;
      }
      screen.append(row == 0 ? "" : "\r\n").append(line).append("\033[K");
      row++;
    }
    screen.append("\033[J");
    streams.out().print(screen);
    streams.out().flush();
  }

  private synchronized void restore() {
    if (restored) {
      return;
    }
    restored = true;
    if (hasKeys) {
      call("tcsetattr", STDIN, TCSAFLUSH, before);
    }
    streams.out().print(FIRST_SCREEN);
    streams.out().flush();
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      // The process ends by a signal already, and the hook runs.
      return;
    }
  }

  private static int call(String function, Object... arguments) {
    try {
      return Function.getFunction("c", function).invokeInt(arguments);
    } catch (UnsatisfiedLinkError e) {
      return Native.getLastError() == 0 ? -1 : Native.getLastError();
    }
  }
}
