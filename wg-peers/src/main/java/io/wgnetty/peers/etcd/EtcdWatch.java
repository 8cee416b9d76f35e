package io.wgnetty.peers.etcd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A watch that notices when nobody is at its other end: as long as nothing changes it is silent, so
 * the member is asked something beside it now and then.
 */
final class EtcdWatch implements AutoCloseable {
  /** One answer; it holds a transaction at most, which etcd bounds by 2 MiB unless configured. */
  private static final int MAX_LINE = 64 << 20;

  private static final int BUFFER = 64 << 10;
  private static final long BEAT_MS = 2000;

  private final InputStream in;
  private final Thread beat;
  private final AtomicReference<IOException> lost = new AtomicReference<>();
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;

  /** Something small that the same member is asked. */
  @FunctionalInterface
  interface Probe {
    void ask() throws IOException, InterruptedException;
  }

  EtcdWatch(InputStream in, Probe probe) {
    this.in = in;
    this.beat = Thread.ofVirtual().name("peers-etcd-beat").start(() -> probe(probe));
  }

  private void probe(Probe probe) {
    try {
      while (true) {
        Thread.sleep(BEAT_MS);
        probe.ask();
      }
    } catch (InterruptedException e) {
      // closed
    } catch (IOException e) {
      lost.set(e);
      closeStream();
    }
  }

  private void closeStream() {
    try {
      in.close();
    } catch (IOException e) {
      lost.compareAndSet(null, e);
    }
  }

  /** Waits for the next answer. */
  EtcdAnswers.Change next() throws IOException {
    try {
      return EtcdAnswers.change(line());
    } catch (IOException e) {
      IOException reason = lost.get();
      throw reason == null ? e : reason;
    }
  }

  private byte[] line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      if (at == end) {
        at = 0;
        end = in.read(buffer, 0, BUFFER);
        if (end < 0) {
          end = 0;
          throw new IOException("etcd has ended the watch");
        }
      }
      int start = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line.write(buffer, start, at - start);
      if (at < end) {
        at++;
        if (line.size() > 0) {
          return line.toByteArray();
        }
      }
      if (line.size() > MAX_LINE) {
        throw new IOException("etcd answers without end");
      }
    }
  }

  @Override
  public void close() {
    beat.interrupt();
    closeStream();
  }
}
