package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.cli.PeerWish.ClientWish;
import io.wgnetty.config.FileFailure;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * New peers from a table: comma-separated values (RFC 4180) whose first line names the columns.
 * What a line leaves open is as the command's options say.
 */
final class PeerTable {
  private static final List<String> COLUMNS =
      List.of(
          "name",
          "public_key",
          "preshared_key",
          "address",
          "allowed_ips",
          "site",
          "client_allowed_ips",
          "endpoint",
          "dns",
          "keepalive",
          "expires",
          "limit",
          "quota",
          "group");

  private static final int MAX_BYTES = 256 << 20;

  /** A table with a thousand faults is not understood better by all of them. */
  private static final int MAX_FAULTS = 20;

  private final Path file;
  private final PeerWish defaults;

  PeerTable(Path file, PeerWish defaults) {
    this.file = file;
    this.defaults = defaults;
  }

  List<PeerWish> read() throws CommandFailure {
    List<Row> rows = rows(text());
    if (rows.isEmpty()) {
      throw new CommandFailure(file + " is empty; its first line names the columns");
    }
    List<String> columns = columns(rows.getFirst());
    List<PeerWish> wishes = new ArrayList<>(rows.size());
    List<String> faults = new ArrayList<>();
    for (Row row : rows.subList(1, rows.size())) {
      try {
        wishes.add(wish(columns, row));
      } catch (IllegalArgumentException e) {
        faults.add(file + ":" + row.line() + ": " + e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      int more = faults.size() - MAX_FAULTS;
      throw new CommandFailure(
          String.join("\n", faults.subList(0, Math.min(faults.size(), MAX_FAULTS)))
              + (more > 0 ? "\nand " + more + " lines more" : ""));
    }
    if (wishes.isEmpty()) {
      throw new CommandFailure(file + " has no peers, only the names of columns");
    }
    return wishes;
  }

  private String text() throws CommandFailure {
    byte[] bytes = new byte[0];
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CommandFailure(file + " is larger than " + (MAX_BYTES >> 20) + " MiB");
      }
      bytes = Files.readAllBytes(file);
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CommandFailure(file + " is not in UTF-8");
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + FileFailure.reason(e));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private List<String> columns(Row head) throws CommandFailure {
    List<String> columns = new ArrayList<>();
    for (String each : head.fields()) {
      String column = each.strip().toLowerCase(Locale.ROOT);
      if (!COLUMNS.contains(column)) {
        throw new CommandFailure(
            file
                + ":1: there is no column '"
                + column.replaceAll("[^a-z0-9_ -]", "?")
                + "'; there are "
                + String.join(", ", COLUMNS));
      }
      if (columns.contains(column)) {
        throw new CommandFailure(file + ":1: the column " + column + " is there twice");
      }
      columns.add(column);
    }
    return columns;
  }

  private PeerWish wish(List<String> columns, Row row) {
    if (row.fields().size() != columns.size()) {
      throw new IllegalArgumentException(
          row.fields().size() + " values for " + columns.size() + " columns");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String value = row.fields().get(i).strip();
      if (!value.isEmpty()) {
        values.put(columns.get(i), value);
      }
    }
    PeerLimit limit = PeerWish.limit(defaults.limit(), values::get);
    String column = "";
    try {
      column = "public_key";
      String key = values.get(column);
      var publicKey = key == null ? null : PeerWish.publicKey(key);
      column = "preshared_key";
      PresharedKey shared = presharedKey(values.get(column));
      column = "allowed_ips";
      var allowedIps = PeerWish.prefixes(values.getOrDefault(column, ""));
      column = "site";
      var sites = PeerWish.prefixes(values.getOrDefault(column, ""));
      column = "keepalive";
      String seconds = values.get(column);
      int keepalive =
          seconds == null ? defaults.client().keepaliveSeconds() : Integer.parseInt(seconds);
      column = "expires";
      String end = values.get(column);
      long notAfter = end == null ? defaults.notAfter() : PeerWish.end(end);
      column = "address";
      String addresses = values.getOrDefault(column, "");
      PeerWish.prefixes(addresses);
      ClientWish client = defaults.client();
      return new PeerWish(
          values.get("name"),
          publicKey,
          shared,
          values.containsKey("preshared_key") ? null : defaults.presharedKeyFile(),
          addresses.isEmpty() ? List.of() : List.of(addresses.split("[\\s,]+")),
          allowedIps,
          sites,
          new ClientWish(
              values.getOrDefault("client_allowed_ips", client.allowedIps()),
              values.getOrDefault("endpoint", client.endpoint()),
              values.getOrDefault("dns", client.dns()),
              keepalive),
          notAfter,
          limit);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(column + ": is no number", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(column + ": " + e.getMessage(), e);
    }
  }

  private @Nullable PresharedKey presharedKey(@Nullable String text) {
    if (text == null) {
      return defaults.presharedKey();
    }
    try {
      return PresharedKey.fromBase64(text);
    } catch (IllegalArgumentException e) {
      // What stands here is not to be quoted.
      throw new IllegalArgumentException("is no key, which is 32 bytes in base64", e);
    }
  }

  /**
   * One record of the table.
   *
   * @param line where it begins
   */
  private record Row(int line, List<String> fields) {}

  /** Quotation marks go around a value with commas or line ends, two of them make one. */
  private List<Row> rows(String text) throws CommandFailure {
    List<Row> rows = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    var field = new StringBuilder();
    int line = 1;
    int begin = 1;
    boolean quoted = false;
    int at = text.startsWith("\ufeff") ? 1 : 0;
    for (; at <= text.length(); at++) {
      int c = at == text.length() ? -1 : text.charAt(at);
      if (quoted) {
        if (c < 0) {
          throw new CommandFailure(file + ":" + begin + ": a quotation mark is not closed");
        }
        boolean twice = c == '"' && at + 1 < text.length() && text.charAt(at + 1) == '"';
        line += c == '\n' ? 1 : 0;
        at += twice ? 1 : 0;
        quoted = c != '"' || twice;
        if (quoted) {
          field.append((char) c);
        }
      } else if (c == '"' && field.toString().isBlank()) {
        quoted = true;
      } else if (c == ',' || c == '\n' || c < 0) {
        fields.add(field.toString());
        field.setLength(0);
        if (c != ',') {
          if (fields.size() > 1 || !fields.getFirst().isBlank()) {
            rows.add(new Row(begin, List.copyOf(fields)));
          }
          fields.clear();
          begin = ++line;
        }
      } else {
        field.append((char) c);
      }
    }
    return rows;
  }
}
