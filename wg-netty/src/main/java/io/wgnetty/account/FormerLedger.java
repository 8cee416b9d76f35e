package io.wgnetty.account;

import io.wgnetty.device.DeviceControl;
import java.io.IOException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the run before has left, or the process that had the interface until now.
 *
 * @param ledger what to go on with
 * @param countsFromHere whether the peers' counters have a past that is on no account
 */
record FormerLedger(Ledger ledger, boolean countsFromHere) {
  private static final Logger LOG = LoggerFactory.getLogger(FormerLedger.class);

  /**
   * Reads it; what cannot be read is reported and set aside.
   *
   * @param inherited whether another process has handed the interface over, and its counters go on
   */
  static FormerLedger of(String interfaceName, AccountFiles files, Clock clock, boolean inherited) {
    try {
      LedgerText.Content content = files.read(DeviceControl.MAX_PEERS).orElse(null);
      if (content == null) {
        return new FormerLedger(empty(clock), inherited);
      }
      Ledger ledger = content.ledger();
      if (inherited && !content.closed()) {
        return new FormerLedger(ledger, false); // what came since is the difference of the counters
      }
      ledger.beginRun();
      if (content.closed()) {
        return new FormerLedger(ledger, inherited);
      }
      LOG.warn(
          "interface {}: the run before did not end in order: some of its last minute may be"
              + " missing in {}, a new generation begins",
          interfaceName,
          files.file());
      long next = Math.max(ledger.generation() + 1, clock.instant().getEpochSecond());
      return new FormerLedger(ledger.inGeneration(next), false);
    } catch (IOException e) {
      LOG.error(
          "interface {}: the totals in {} cannot be used: {}; {}",
          interfaceName,
          files.file(),
          e.getMessage(),
          setAside(files));
      return new FormerLedger(empty(clock), inherited);
    }
  }

  private static String setAside(AccountFiles files) {
    try {
      return "they are set aside as " + files.setAside() + ", and all begins anew";
    } catch (IOException e) {
      return "all begins anew";
    }
  }

  private static Ledger empty(Clock clock) {
    long generation = clock.instant().getEpochSecond();
    return new Ledger(generation, Accounts.today(clock), DeviceControl.MAX_PEERS);
  }
}
