package io.wgnetty.client;

import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What peers have carried, as a table, as JSON and as CSV. */
public final class AccountText {
  private AccountText() {}

  /** For people. */
  public static void table(String name, AccountRequest account, PrintStream out, Palette palette) {
    var quantities = new Quantities(palette);
    out.printf("%-24s %12s %12s%n", name, "received", "sent");
    for (AccountRequest.Row row : account.rows()) {
      String shown =
          row.label().isEmpty()
              ? row.publicKey().toBase64().substring(0, 8)
              : ShowText.printable(row.label());
      out.printf(
          "%-24s %12s %12s%s%n",
          shown,
          quantities.bytes(row.receivedBytes()),
          quantities.bytes(row.sentBytes()),
          row.present() ? "" : "  removed");
    }
  }

  /** One document. Its names stay. */
  public static void json(
      String name, @Nullable LocalDate since, AccountRequest account, PrintStream out) {
    var json = new JsonText().beginObject().name("name").value(name);
    json.name("generation").value(account.generation());
    json.name("since").valueOrNothing(since == null ? null : since.toString());
    json.name("peers").beginArray();
    for (AccountRequest.Row row : account.rows()) {
      json.beginObject().name("public_key").value(row.publicKey().toBase64());
      json.name("name").valueOrNothing(row.label().isEmpty() ? null : row.label());
      json.name("received_bytes").value(row.receivedBytes());
      json.name("sent_bytes").value(row.sentBytes());
      json.name("configured").value(row.present());
      json.name("latest_handshake_epoch_seconds").momentOrNothing(row.handshakeEpochSeconds());
      json.endObject();
      out.print(json.take());
    }
    out.print(json.endArray().endObject());
  }

  /** A line for each peer (RFC 4180), behind one with the names of the columns. */
  public static void csv(String name, AccountRequest account, PrintStream out) {
    out.print(
        "interface,generation,public_key,name,received_bytes,sent_bytes,configured,"
            + "latest_handshake\r\n");
    for (AccountRequest.Row row : account.rows()) {
      long handshake = row.handshakeEpochSeconds();
      out.print(
          String.join(
                  ",",
                  quoted(name),
                  Long.toString(account.generation()),
                  row.publicKey().toBase64(),
                  quoted(ShowText.printable(row.label())),
                  Long.toString(row.receivedBytes()),
                  Long.toString(row.sentBytes()),
                  row.present() ? "yes" : "no",
                  handshake == 0 ? "" : Instant.ofEpochSecond(handshake).toString())
              + "\r\n");
    }
  }

  private static String quoted(String text) {
    boolean needs = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return needs ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
