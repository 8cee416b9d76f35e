package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;

/**
 * The form of a {@link Ledger} in a file: a line for each peer, and a checksum that finds damage.
 *
 * <pre>
 * wg-netty-accounts 1 GENERATION DAY open|closed
 * PUBLIC-KEY RECEIVED SENT RECEIVED-TODAY SENT-TODAY LAST-DAY RECEIVED-THEN SENT-THEN
 * end NUMBER-OF-LINES CRC32C
 * </pre>
 *
 * <p>THEN are the run's own counters when this was written.
 */
final class LedgerText {
  private static final String HEAD = "wg-netty-accounts 1";

  private static final int FIELDS = 8;

  /** Nothing of the run is missing that wrote it. */
  private static final String CLOSED = "closed";

  private static final String OPEN = "open";

  private LedgerText() {}

  /**
   * What a file said.
   *
   * @param closed whether it was written at the end of its run
   */
  record Content(Ledger ledger, boolean closed) {}

  static void write(Ledger ledger, boolean closed, OutputStream to) throws IOException {
    var out = new CheckedLines.Writer(to);
    out.line(
        HEAD + ' ' + ledger.generation() + ' ' + ledger.day() + ' ' + (closed ? CLOSED : OPEN));
    for (Map.Entry<PublicKey, Ledger.Account> entry : ledger.accounts().entrySet()) {
      Ledger.Account account = entry.getValue();
      out.line(
          entry.getKey().toBase64()
              + ' '
              + account.received
              + ' '
              + account.sent
              + ' '
              + account.receivedToday
              + ' '
              + account.sentToday
              + ' '
              + account.lastDay
              + ' '
              + account.seenReceived
              + ' '
              + account.seenSent);
    }
    out.end();
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IOException if it is anything else, which the message says in a few words
   */
  static Content read(InputStream from, int mostAccounts) throws IOException {
    var in = new CheckedLines.Reader(from);
    String[] head = in.head(HEAD, 3);
    try {
      var ledger = new Ledger(Long.parseLong(head[0]), LocalDate.parse(head[1]), mostAccounts);
      for (String[] fields = in.fields(FIELDS); fields.length > 0; fields = in.fields(FIELDS)) {
        var account = new Ledger.Account(LocalDate.parse(fields[5]));
        account.received = CheckedLines.count(fields[1]);
        account.sent = CheckedLines.count(fields[2]);
        account.receivedToday = CheckedLines.count(fields[3]);
        account.sentToday = CheckedLines.count(fields[4]);
        account.seenReceived = CheckedLines.count(fields[6]);
        account.seenSent = CheckedLines.count(fields[7]);
        ledger.accounts().put(PublicKey.fromBase64(fields[0]), account);
      }
      return new Content(ledger, head[2].equals(CLOSED));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw in.damaged(e);
    }
  }
}
