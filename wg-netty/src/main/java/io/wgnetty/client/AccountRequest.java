package io.wgnetty.client;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.AccountOperation;
import io.wgnetty.node.CommandFailure;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running node what its peers have carried.
 *
 * @param generation when its totals began, in seconds since 1970
 * @param rows who carried most first
 * @param warnings what is missing, in words
 */
public record AccountRequest(long generation, List<Row> rows, List<String> warnings) {
  private static final int FIELDS = 6;

  /**
   * One peer.
   *
   * @param label the empty text if it has no name
   * @param present whether it is a peer now
   * @param handshakeEpochSeconds its latest one in this run; 0 if there was none
   */
  public record Row(
      PublicKey publicKey,
      String label,
      long receivedBytes,
      long sentBytes,
      boolean present,
      long handshakeEpochSeconds) {
    long bytes() {
      return receivedBytes + sentBytes;
    }
  }

  public AccountRequest {
    rows = List.copyOf(rows);
    warnings = List.copyOf(warnings);
  }

  /**
   * The answer of a node.
   *
   * @param since from the beginning of this day (UTC) on; {@code null} for since ever
   */
  public static AccountRequest of(ControlSockets sockets, String name, @Nullable LocalDate since)
      throws CommandFailure {
    List<Row> rows = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    var generation = new long[1];
    List<Map.Entry<String, String>> arguments =
        since == null
            ? List.of()
            : List.of(Map.entry(AccountOperation.SINCE_KEY, since.toString()));
    try (var client = ManagementClient.connect(sockets, name)) {
      client
          .ask(
              "account",
              arguments,
              (key, value) -> {
                switch (key) {
                  case AccountOperation.GENERATION_KEY -> generation[0] = Long.parseLong(value);
                  case AccountOperation.WARNING_KEY -> warnings.add(ShowText.printable(value));
                  case AccountOperation.ACCOUNT_KEY -> rows.add(row(value));
                  default -> {
                    // Of a newer node.
                  }
                }
              })
          .orFail(name, "account");
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(name + ": the answer cannot be understood");
    }
    rows.sort(
        Comparator.comparingLong(Row::bytes)
            .reversed()
            .thenComparing(row -> row.publicKey().toBase64()));
    return new AccountRequest(generation[0], rows, warnings);
  }

  private static Row row(String line) {
    String[] fields = line.split(",", FIELDS);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException("fields are missing");
    }
    return new Row(
        PublicKey.fromHex(fields[0]),
        fields[5],
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        fields[4].equals(AccountOperation.PRESENT),
        Long.parseLong(fields[3]));
  }
}
