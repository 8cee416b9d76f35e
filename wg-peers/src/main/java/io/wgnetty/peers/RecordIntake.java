package io.wgnetty.peers;

import io.wgnetty.peers.plan.PeerPlan;
import io.wgnetty.peers.plan.Refusal;
import io.wgnetty.peers.record.PeerRecord;
import io.wgnetty.peers.record.RecordException;
import io.wgnetty.peers.record.RecordReader;
import io.wgnetty.peers.record.SectionReader;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.StoredRecord;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes records of what lies in a source, and enters them into the plan. */
final class RecordIntake {
  private final PeerSource source;
  private final RecordSecrets secrets;

  RecordIntake(PeerSource source) {
    this.source = source;
    this.secrets = new RecordSecrets(source);
  }

  /** Reads a record's text, in either form. Its secret may still be elsewhere. */
  static PeerRecord read(StoredRecord stored, PeerSource source) throws RecordException {
    byte[] text = stored.text();
    if (text == null) {
      throw new RecordException(String.valueOf(stored.fault()));
    }
    if (text.length > RecordReader.MAX_BYTES) {
      throw new RecordException("is longer than " + (RecordReader.MAX_BYTES >> 10) + " KiB");
    }
    return stored.name().endsWith(".conf")
        ? SectionReader.one(text)
        : RecordReader.read(text, source.keyOf(stored.name()));
  }

  /**
   * Enters what a source has of a record now.
   *
   * @param problems gets what is wrong with it, by its name
   */
  void take(StoredRecord stored, PeerPlan plan, Map<String, String> problems)
      throws InterruptedException {
    if (stored.isGone()) {
      plan.remove(stored.name());
      return;
    }
    PeerRecord record = null;
    try {
      record = read(stored, source);
      plan.put(stored.name(), stored.order(), secrets.complete(record));
    } catch (RecordException e) {
      refuse(stored, plan, Refusal.INVALID, e.getMessage(), problems);
    } catch (IOException e) {
      if (record != null) {
        record.wipe();
      }
      refuse(stored, plan, Refusal.SECRET, e.getMessage(), problems);
    }
  }

  private static void refuse(
      StoredRecord stored,
      PeerPlan plan,
      Refusal fault,
      @Nullable String why,
      Map<String, String> problems) {
    plan.refuse(stored.name(), stored.order(), fault);
    problems.put(stored.name(), String.valueOf(why));
  }
}
