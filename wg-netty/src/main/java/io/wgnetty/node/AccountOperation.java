package io.wgnetty.node;

import io.wgnetty.account.AccountReport;
import io.wgnetty.account.Accounts;
import io.wgnetty.control.AnswerWriter;
import io.wgnetty.control.Operation;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.device.DeviceControl;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code do=account}: what peers have carried, with {@code since=YYYY-MM-DD} from that day on.
 * {@code generation=SECONDS}, {@code warning=TEXT}, and for each peer {@code
 * account=HEX,RECEIVED,SENT,HANDSHAKE,present|removed,LABEL}.
 */
public final class AccountOperation implements Operation {
  public static final String GENERATION_KEY = "generation";
  public static final String WARNING_KEY = "warning";
  public static final String ACCOUNT_KEY = "account";
  public static final String SINCE_KEY = "since";
  public static final String PRESENT = "present";

  private final DeviceControl device;
  private final Supplier<@Nullable Accounts> kept;

  AccountOperation(DeviceControl device, Supplier<@Nullable Accounts> kept) {
    this.device = device;
    this.kept = kept;
  }

  /** It reads files, and may have a million lines to say. */
  @Override
  public Pace pace() {
    return Pace.ENDLESS;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    Accounts accounts = kept.get();
    if (accounts == null) {
      throw new OperationFailure("no totals are kept: start the node with --account");
    }
    String since = arguments.get(SINCE_KEY);
    AccountReport report;
    try {
      report = accounts.report(since == null ? null : LocalDate.parse(since));
    } catch (DateTimeException e) {
      throw new OperationFailure("since= takes a day, such as 2026-11-30");
    }
    out.line(GENERATION_KEY, report.generation());
    for (String warning : report.warnings()) {
      out.line(WARNING_KEY, warning);
    }
    for (AccountReport.Line line : report.lines()) {
      String label = device.label(line.publicKey());
      out.line(
          ACCOUNT_KEY,
          line.publicKey().toHex()
              + ','
              + line.receivedBytes()
              + ','
              + line.sentBytes()
              + ','
              + line.lastHandshakeEpochSeconds()
              + ','
              + (line.present() ? PRESENT : "removed")
              + ','
              + (label == null ? "" : label));
    }
  }
}
