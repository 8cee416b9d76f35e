package io.wgnetty.peers.record;

import com.google.gson.stream.JsonWriter;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** Writes records: as the JSON object that {@link RecordReader} reads, or as a file's section. */
public final class RecordWriter {
  private RecordWriter() {}

  /** One line of JSON, with the secret if the record holds it. */
  public static String json(PeerRecord record) {
    var text = new StringWriter();
    PeerSettings settings = record.settings();
    try (var json = new JsonWriter(text)) {
      json.setHtmlSafe(false);
      json.beginObject().name("public_key").value(settings.publicKey().toBase64());
      list(json, "allowed_ips", settings.allowedIps().stream().map(IpPrefix::toString).toList());
      SecretName secret = record.secret();
      if (secret != null) {
        json.name(
                secret.place() == SecretName.Place.FILE
                    ? "preshared_key_file"
                    : "preshared_key_etcd")
            .value(secret.name());
      } else if (!settings.presharedKey().isNone()) {
        json.name("preshared_key").value(settings.presharedKey().toBase64());
      }
      if (settings.label() != null) {
        json.name("label").value(settings.label());
      }
      if (settings.limit().hasRates()) {
        json.name("limit").value(settings.limit().toString());
      }
      if (settings.limit().quota() != null) {
        json.name("quota").value(settings.limit().quota().toString());
      }
      if (settings.endpoint() != null) {
        json.name("endpoint").value(settings.endpoint().toString());
      }
      if (settings.keepaliveSeconds() != 0) {
        json.name("persistent_keepalive").value(settings.keepaliveSeconds());
      }
      if (record.disabled()) {
        json.name("disabled").value(true);
      }
      if (record.notAfter() != PeerRecord.FOR_EVER) {
        json.name("not_after").value(Instant.ofEpochSecond(record.notAfter()).toString());
      }
      if (!record.groups().isEmpty()) {
        list(json, "groups", record.groups());
      }
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text takes everything
    }
    return text.toString();
  }

  private static void list(JsonWriter json, String name, List<String> values) throws IOException {
    json.name(name).beginArray();
    for (String value : values) {
      json.value(value);
    }
    json.endArray();
  }

  /** A {@code [Peer]} section; what sections have no keys for is left out. */
  public static String section(PeerRecord record) {
    PeerSettings settings = record.settings();
    var text = new StringBuilder("[Peer]\n");
    if (settings.label() != null) {
      text.append("# Name = ").append(settings.label()).append('\n');
    }
    PeerFields.limitLines(settings.limit()).forEach(line -> text.append(line).append('\n'));
    text.append("PublicKey = ").append(settings.publicKey().toBase64()).append('\n');
    if (!settings.presharedKey().isNone()) {
      text.append("PresharedKey = ").append(settings.presharedKey().toBase64()).append('\n');
    }
    if (!settings.allowedIps().isEmpty()) {
      List<String> prefixes = settings.allowedIps().stream().map(IpPrefix::toString).toList();
      text.append("AllowedIPs = ").append(String.join(", ", prefixes)).append('\n');
    }
    if (settings.endpoint() != null) {
      text.append("Endpoint = ").append(settings.endpoint()).append('\n');
    }
    if (settings.keepaliveSeconds() != 0) {
      text.append("PersistentKeepalive = ").append(settings.keepaliveSeconds()).append('\n');
    }
    return text.toString();
  }
}
