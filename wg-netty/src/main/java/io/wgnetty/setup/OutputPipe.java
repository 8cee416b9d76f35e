package io.wgnetty.setup;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A pipe to a program that is about to be started. The platform's own is closed when the program
 * ends, which would kill, by SIGPIPE, what the program has left in the background.
 */
final class OutputPipe implements Closeable {
  private static final int O_CLOEXEC = 0x80000;

  private final int writingEnd;
  private final InputStream input;

  private OutputPipe(int writingEnd, InputStream input) {
    this.writingEnd = writingEnd;
    this.input = input;
  }

  static OutputPipe open() throws IOException {
    int[] ends = new int[2];
    try {
      int result =
          Function.getFunction("c", "pipe2", Function.THROW_LAST_ERROR)
              .invokeInt(new Object[] {ends, O_CLOEXEC});
      if (result != 0) {
        throw new IOException("no pipe: errno " + Native.getLastError());
      }
    } catch (LastErrorException e) {
      throw new IOException("no pipe: " + e.getMessage(), e);
    }
    try {
      return new OutputPipe(ends[1], new FileInputStream(path(ends[0])));
    } catch (IOException e) {
      close(ends[1]);
      throw e;
    } finally {
      close(ends[0]);
    }
  }

  /** Where the program writes to; opening it gives the program an end of its own. */
  File output() {
    return path(writingEnd);
  }

  /** What the program and all that it leaves behind write; the caller closes it. */
  InputStream input() {
    return input;
  }

  /** Closes our writing end: the input ends when nobody else writes any more. */
  @Override
  public void close() {
    close(writingEnd);
  }

  private static File path(int fd) {
    return new File("/proc/self/fd/" + fd);
  }

  private static void close(int fd) {
    Function.getFunction("c", "close").invokeInt(new Object[] {fd});
  }
}
