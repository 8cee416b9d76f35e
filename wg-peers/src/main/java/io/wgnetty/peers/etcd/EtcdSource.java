package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.source.LookedUp;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.SourceListener;
import io.wgnetty.peers.source.StoredRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Records in etcd: the key of each is a prefix and the peer's public key in base64. All are listed
 * in pages as of one revision, and then watched from the next one on, so that nothing is missed and
 * nothing comes twice. A watch that breaks off goes on where it was, at another member if need be;
 * only if that revision is not kept any more everything is listed again.
 */
public final class EtcdSource implements PeerSource {
  /** Of the first page, of which nobody knows how long its records are. */
  private static final int PAGE = 4000;

  private static final int LARGEST_PAGE = 100_000;

  /** For each page etcd walks over all keys that are left, so that small pages cost it much. */
  private static final int PAGE_BYTES = 8 << 20;

  /** Of the 128 operations that etcd takes in a transaction by default. */
  private static final int BATCH = 100;

  /** Of the 1.5 MiB that it takes in a request by default. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 5000;

  private final EtcdGateway gateway;
  private final byte[] prefix;
  private final byte[] end;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable EtcdWatch watch;
  private volatile int keysAtOnce = BATCH;

  /** The revision that was taken in last; 0 if a listing is needed. */
  private long revision;

  private int failures;

  EtcdSource(EtcdGateway gateway, String prefix) {
    this.gateway = gateway;
    this.prefix = prefix.getBytes(UTF_8);
    this.end = EtcdGateway.endOf(this.prefix);
  }

  @Override
  public void follow(SourceListener listener) throws InterruptedException {
    while (!isClosed()) {
      try {
        if (revision == 0) {
          list(listener);
        }
        watch(listener);
      } catch (EtcdException e) {
        if (e.reason() == EtcdException.Reason.COMPACTED) {
          revision = 0;
        } else {
          failed(e, listener);
        }
        pause();
      } catch (IOException e) {
        failed(e, listener);
        pause();
      }
    }
  }

  private void failed(IOException e, SourceListener listener) {
    gateway.turnToNext();
    // One that breaks off may go on at the next member at once: that is nothing to speak of.
    if (!isClosed() && failures >= gateway.members()) {
      listener.away(String.valueOf(e.getMessage()));
    }
  }

  private void pause() throws InterruptedException {
    long longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(failures, 6));
    failures++;
    long ms = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    boolean unusedClosed = closed.await(ms, TimeUnit.MILLISECONDS);
  }

  private void list(SourceListener listener) throws IOException, InterruptedException {
    var place = new Place(prefix);
    boolean[] begun = new boolean[1];
    records(
        place,
        records -> {
          if (!begun[0]) {
            begun[0] = true;
            listener.reached();
            listener.beginListing();
          }
          listener.records(stored(records));
        });
    listener.listed();
    revision = place.revision;
  }

  /** What is done with some records. */
  @FunctionalInterface
  private interface Taker {
    void take(List<EtcdRecord> records) throws InterruptedException;
  }

  /** How far a listing is. */
  private static final class Place {
    byte[] from;

    /** As of which all is listed; 0 before the first records. */
    long revision;

    int limit = PAGE;
    boolean more = true;

    Place(byte[] from) {
      this.from = from;
    }

    /** What comes next is behind this key. */
    void pass(byte[] key) throws IOException {
      if (Arrays.compareUnsigned(key, from) < 0) {
        throw new IOException("etcd lists keys out of order");
      }
      from = Arrays.copyOf(key, key.length + 1);
    }
  }

  private void records(Place place, Taker taker) throws IOException, InterruptedException {
    while (place.more) {
      try {
        page(place, taker);
      } catch (EtcdException e) {
        throw e;
      } catch (IOException e) {
        if (place.limit <= PAGE) {
          throw e;
        }
        place.limit = PAGE; // these may be longer than those before
      }
    }
  }

  private void page(Place place, Taker taker) throws IOException, InterruptedException {
    int count = 0;
    long bytes = 1;
    try (EtcdPage page = gateway.range(place.from, end, place.limit, place.revision)) {
      List<EtcdRecord> records = page.next();
      place.revision = place.revision == 0 ? page.revision() : place.revision;
      do {
        taker.take(records);
        count += records.size();
        for (EtcdRecord record : records) {
          place.pass(record.key());
          bytes += record.bytes();
        }
        records = page.next();
      } while (!records.isEmpty());
      if (page.more() && count == 0) {
        throw new IOException("etcd says that there is more, and does not give it");
      }
      place.more = page.more();
    }
    // As many records as are about a page when they are like these.
    place.limit = Math.clamp((long) PAGE_BYTES * count / bytes, PAGE, LARGEST_PAGE);
  }

  private void watch(SourceListener listener) throws IOException, InterruptedException {
    // A member without a leader opens watches, and tells nothing; this it cannot answer. And a
    // watch that begins where the log was compacted may lack a deletion (etcd before 3.4.34), while
    // the revision before that is known to be gone.
    probe(revision);
    try (EtcdWatch opened =
        new EtcdWatch(gateway.watch(prefix, end, revision + 1), () -> probe(0))) {
      watch = opened;
      while (!isClosed()) {
        EtcdAnswers.Change change = opened.next();
        if (change.compacted() > 0) {
          throw new EtcdException(EtcdException.Reason.COMPACTED, "etcd has compacted its log");
        }
        if (change.canceled()) {
          throw new IOException("etcd has cancelled the watch");
        }
        failures = 0;
        listener.reached();
        if (!change.records().isEmpty()) {
          listener.records(stored(change.records()));
          revision = Math.max(revision, change.revision());
        }
      }
    } finally {
      watch = null;
    }
  }

  private void probe(long as) throws IOException, InterruptedException {
    EtcdRecord unusedRecord = gateway.get(prefix, as);
  }

  private List<StoredRecord> stored(List<EtcdRecord> some) {
    return some.stream()
        .map(this::stored)
        .filter(stored -> !EtcdSources.isOfCluster(stored.name()))
        .toList();
  }

  private StoredRecord stored(EtcdRecord record) {
    byte[] key = record.key();
    String name =
        key.length < prefix.length
            ? ""
            : new String(key, prefix.length, key.length - prefix.length, UTF_8);
    byte[] value = record.value();
    return value == null
        ? StoredRecord.gone(name)
        : new StoredRecord(name, record.createRevision(), value, null);
  }

  @Override
  public void list(Consumer<StoredRecord> taker) throws IOException, InterruptedException {
    records(new Place(prefix), records -> stored(records).forEach(taker));
  }

  private byte[] keyOf(PublicKey key) {
    byte[] name = key.toBase64().getBytes(UTF_8);
    byte[] all = Arrays.copyOf(prefix, prefix.length + name.length);
    System.arraycopy(name, 0, all, prefix.length, name.length);
    return all;
  }

  @Override
  public @Nullable StoredRecord lookUp(PublicKey key) throws IOException, InterruptedException {
    byte[] name = keyOf(key);
    return stored(name, gateway.get(name, 0));
  }

  /** What was found by this name. */
  private @Nullable StoredRecord stored(byte[] name, @Nullable EtcdRecord found)
      throws IOException {
    if (found != null && !Arrays.equals(found.key(), name)) {
      throw new IOException("etcd answered with another key than was asked for");
    }
    return found == null ? null : stored(found);
  }

  @Override
  public int keysAtOnce() {
    return keysAtOnce;
  }

  @Override
  public List<LookedUp> lookUp(List<PublicKey> keys) throws InterruptedException {
    if (keys.size() == 1) {
      return PeerSource.super.lookUp(keys);
    }
    List<byte[]> names = keys.stream().map(this::keyOf).toList();
    try {
      List<@Nullable EtcdRecord> found = gateway.get(names);
      return IntStream.range(0, keys.size())
          .mapToObj(i -> lookedUp(keys.get(i), names.get(i), found.get(i)))
          .toList();
    } catch (IOException e) {
      if (e instanceof EtcdException said && said.reason() == EtcdException.Reason.TOO_MANY) {
        keysAtOnce = Math.min(keysAtOnce, keys.size() / 2); // it was configured for less
        return PeerSource.super.lookUp(keys);
      }
      return keys.stream().map(key -> LookedUp.failed(key, e)).toList();
    }
  }

  private LookedUp lookedUp(PublicKey key, byte[] name, @Nullable EtcdRecord found) {
    try {
      return LookedUp.known(key, stored(name, found));
    } catch (IOException e) {
      return LookedUp.failed(key, e);
    }
  }

  @Override
  public @Nullable PublicKey keyOf(String name) {
    try {
      return PublicKey.fromBase64(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public void put(Map<PublicKey, String> records) throws IOException, InterruptedException {
    List<EtcdGateway.Entry> batch = new ArrayList<>();
    int bytes = 0;
    for (Map.Entry<PublicKey, String> record : records.entrySet()) {
      var entry = new EtcdGateway.Entry(keyOf(record.getKey()), record.getValue().getBytes(UTF_8));
      if (batch.size() == BATCH || (!batch.isEmpty() && bytes + entry.bytes() > BATCH_BYTES)) {
        gateway.put(batch);
        batch.clear();
        bytes = 0;
      }
      batch.add(entry);
      bytes += entry.bytes();
    }
    if (!batch.isEmpty()) {
      gateway.put(batch);
    }
  }

  @Override
  public byte @Nullable [] beside(String name) throws IOException, InterruptedException {
    EtcdRecord found = gateway.get(name.getBytes(UTF_8), 0);
    return found == null ? null : found.value();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    EtcdWatch present = watch;
    if (present != null) {
      present.close();
    }
    gateway.close();
  }
}
