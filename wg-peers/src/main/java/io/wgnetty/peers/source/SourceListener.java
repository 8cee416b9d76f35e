package io.wgnetty.peers.source;

import java.util.List;

/**
 * Hears what a source has. Calls come from the source's thread, and wait until what they bring was
 * taken in.
 */
public interface SourceListener {
  /** All records follow; those that do not are gone. */
  void beginListing() throws InterruptedException;

  /** Some records: of a listing, or changed since. */
  void records(List<StoredRecord> some) throws InterruptedException;

  /** That were all, and from now on changes come. Also without a listing, where there is none. */
  void listed() throws InterruptedException;

  /** The source cannot be reached; it may be said often. */
  void away(String why);

  /** It can be reached; it may be said often. */
  void reached();
}
