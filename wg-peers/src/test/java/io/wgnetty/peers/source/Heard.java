package io.wgnetty.peers.source;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A listener that holds what it was told. */
public final class Heard implements SourceListener {
  public final Map<String, StoredRecord> records = new ConcurrentHashMap<>();
  public final AtomicInteger listings = new AtomicInteger();
  public final AtomicInteger changes = new AtomicInteger();
  public volatile @Nullable String away;
  private volatile boolean listing;
  private final Map<String, StoredRecord> listed = new ConcurrentHashMap<>();

  @Override
  public void beginListing() {
    listing = true;
    listed.clear();
  }

  @Override
  public void records(List<StoredRecord> some) {
    for (StoredRecord stored : some) {
      if (listing) {
        listed.put(stored.name(), stored);
      } else if (stored.text() == null && stored.fault() == null) {
        records.remove(stored.name());
      } else {
        records.put(stored.name(), stored);
      }
    }
    changes.addAndGet(listing ? 0 : some.size());
  }

  @Override
  public void listed() {
    if (listing) {
      records.keySet().retainAll(listed.keySet());
      records.putAll(listed);
    }
    listing = false;
    listings.incrementAndGet();
  }

  @Override
  public void away(String why) {
    away = why;
  }

  @Override
  public void reached() {
    away = null;
  }
}
