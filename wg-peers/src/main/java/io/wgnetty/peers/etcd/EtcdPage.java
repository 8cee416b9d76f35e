package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A part of a listing, read while it comes: however long it is, only some records of it are held at
 * a time. Whoever stops in the middle of an answer is given up. For one thread.
 */
final class EtcdPage implements AutoCloseable {
  private static final int RECORDS = 1000;

  private final InputStream in;
  private final JsonReader json;
  private final Duration patience;
  private final Thread watchman;

  /** Since when we wait for the other end; 0 while we do something else. */
  private volatile long waitingSinceNs;

  private volatile @Nullable IOException lost;
  private boolean begun;
  private boolean inRecords;
  private boolean over;
  private long revision;
  private boolean more;

  /**
   * A page of which nothing was read.
   *
   * @param maxBytes longer ones are failures
   * @param patience for each of the parts that {@link #next} returns
   */
  EtcdPage(InputStream body, long maxBytes, Duration patience) {
    this.in = body;
    this.patience = patience;
    json = EtcdAnswers.reader(new InputStreamReader(new Bounded(body, maxBytes), UTF_8));
    watchman = Thread.ofVirtual().name("peers-etcd-page").start(this::watch);
  }

  /** As of which the listing was made. Known with the first records. */
  long revision() {
    return revision;
  }

  /** Whether other keys follow. Known when there are no further records. */
  boolean more() {
    return more;
  }

  /** The next records; none if there are no further ones. */
  List<EtcdRecord> next() throws IOException {
    List<EtcdRecord> records = new ArrayList<>();
    waitingSinceNs = System.nanoTime() | 1; // never 0
    try {
      while (!over && records.size() < RECORDS) {
        read(records);
      }
    } catch (IllegalStateException | NumberFormatException e) {
      throw new IOException("etcd answered with something else than expected", e);
    } catch (IOException e) {
      IOException reason = lost;
      throw reason == null ? e : reason;
    } finally {
      waitingSinceNs = 0;
    }
    if (revision <= 0) {
      throw new IOException("etcd answered without a revision");
    }
    return records;
  }

  /** One record, or one field of what is around them. */
  private void read(List<EtcdRecord> records) throws IOException {
    if (!begun) {
      json.beginObject();
      begun = true;
    } else if (inRecords && json.hasNext()) {
      records.add(EtcdAnswers.keyValue(json));
    } else if (inRecords) {
      json.endArray();
      inRecords = false;
    } else if (json.hasNext()) {
      field(json.nextName());
    } else {
      json.endObject();
      over = true;
    }
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "header" -> revision = EtcdAnswers.revision(json);
      case "kvs" -> {
        json.beginArray();
        inRecords = true;
      }
      case "more" -> more = json.nextBoolean();
      default -> json.skipValue();
    }
  }

  private void watch() {
    try {
      long nowNs = System.nanoTime();
      long sinceNs = waitingSinceNs;
      while (sinceNs == 0 || nowNs - sinceNs < patience.toNanos()) {
        long leftNs = patience.toNanos() - (sinceNs == 0 ? 0 : nowNs - sinceNs);
        TimeUnit.NANOSECONDS.sleep(leftNs);
        nowNs = System.nanoTime();
        sinceNs = waitingSinceNs;
      }
      lost = new IOException("etcd stops in the middle of an answer");
      in.close();
    } catch (InterruptedException e) {
      // it was read
    } catch (IOException e) {
      lost = e;
    }
  }

  @Override
  public void close() throws IOException {
    watchman.interrupt();
    json.close();
  }

  /** A stream that fails when it is too long. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long bytes) {
      super(in);
      left = bytes;
    }

    private int count(int read) throws IOException {
      left -= Math.max(read, 0);
      if (left < 0) {
        throw new IOException("etcd answers without end");
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      int unusedCount = count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return count(super.read(bytes, offset, length));
    }
  }
}
