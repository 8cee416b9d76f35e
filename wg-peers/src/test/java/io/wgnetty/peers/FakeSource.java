package io.wgnetty.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.source.LookedUp;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.SourceListener;
import io.wgnetty.peers.source.StoredRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A source whose records the test writes; each is named for its key in base64. */
final class FakeSource implements PeerSource {
  final Map<String, String> records = new ConcurrentSkipListMap<>();
  final AtomicInteger lookups = new AtomicInteger();

  /** Lookups take their time until this has counted down. */
  volatile CountDownLatch answering = new CountDownLatch(0);

  volatile boolean fails;
  volatile boolean breaks;
  volatile int keysAtOnce = 1;

  /** How many keys were asked for together each time. */
  final List<Integer> together = new CopyOnWriteArrayList<>();

  volatile boolean tells = true;
  private final CountDownLatch followed = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable SourceListener listener;

  static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    bytes[31] = 9;
    return PublicKey.of(bytes);
  }

  /** A record of a peer with one address, 10.0.0.NUMBER, and more fields. */
  static String record(int number, String more) {
    return "{\"allowed_ips\":[\"10.0.0." + number + "/32\"]" + more + "}";
  }

  /** Puts a record in and tells of it. */
  void change(int number, @Nullable String text) throws InterruptedException {
    String name = key(number).toBase64();
    if (text == null) {
      records.remove(name);
    } else {
      records.put(name, text);
    }
    listener().records(List.of(stored(name)));
  }

  SourceListener listener() throws InterruptedException {
    followed.await();
    return Objects.requireNonNull(listener);
  }

  /** Tells of all records, as a source does at its beginning and when it has lost count. */
  void listAll() throws InterruptedException {
    listener().reached();
    listener().beginListing();
    listener().records(records.keySet().stream().map(this::stored).toList());
    listener().listed();
  }

  private StoredRecord stored(String name) {
    String text = records.get(name);
    return text == null
        ? StoredRecord.gone(name)
        : new StoredRecord(name, 0, text.getBytes(UTF_8), null);
  }

  @Override
  public void follow(SourceListener follower) throws InterruptedException {
    listener = follower;
    followed.countDown();
    closed.await();
  }

  @Override
  public void list(Consumer<StoredRecord> taker) {
    records.keySet().stream().map(this::stored).forEach(taker);
  }

  @Override
  public int keysAtOnce() {
    return keysAtOnce;
  }

  @Override
  public List<LookedUp> lookUp(List<PublicKey> keys) throws InterruptedException {
    together.add(keys.size());
    if (breaks) {
      throw new IllegalStateException("a defect");
    }
    return PeerSource.super.lookUp(keys);
  }

  @Override
  public @Nullable StoredRecord lookUp(PublicKey key) throws IOException, InterruptedException {
    StoredRecord found = stored(key.toBase64());
    lookups.incrementAndGet();
    answering.await();
    if (fails) {
      throw new IOException("nobody answers");
    }
    return found.isGone() ? null : found;
  }

  @Override
  public @Nullable PublicKey keyOf(String name) {
    return PublicKey.fromBase64(name);
  }

  @Override
  public void put(Map<PublicKey, String> records) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte @Nullable [] beside(String name) {
    return null;
  }

  @Override
  public boolean tells() {
    return tells;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
