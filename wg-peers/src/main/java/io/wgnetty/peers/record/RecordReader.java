package io.wgnetty.peers.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record: a JSON object by docs/peers.md. Strict where it knows a field, and passes over
 * those it does not know; everything has a bound.
 */
public final class RecordReader {
  /** Far more than a peer with {@link #MAX_ALLOWED_IPS} needs. */
  public static final int MAX_BYTES = 64 << 10;

  static final int MAX_ALLOWED_IPS = 1024;
  static final int MAX_GROUPS = 64;
  private static final int MAX_GROUP_CHARACTERS = 64;
  private static final int MAX_NAME_CHARACTERS = 1024;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_KEEPALIVE = 65_535;

  private final JsonReader json;
  private final Set<String> seen = new HashSet<>();
  private @Nullable PublicKey publicKey;
  private PresharedKey presharedKey = PresharedKey.none();
  private @Nullable SecretName secret;
  private final Set<IpPrefix> allowedIps = new LinkedHashSet<>();
  private @Nullable String label;
  private PeerLimit limit = PeerLimit.NONE;
  private @Nullable EndpointName endpoint;
  private int keepaliveSeconds;
  private boolean disabled;
  private long notAfter = PeerRecord.FOR_EVER;
  private final List<String> groups = new ArrayList<>();

  private RecordReader(String text) {
    json = new JsonReader(new StringReader(text));
    json.setStrictness(Strictness.STRICT);
    json.setNestingLimit(MAX_DEPTH);
  }

  /**
   * Reads a record.
   *
   * @param key the public key that the record's place stands for, if it stands for one
   */
  public static PeerRecord read(byte[] text, @Nullable PublicKey key) throws RecordException {
    if (text.length > MAX_BYTES) {
      throw new RecordException("is longer than " + (MAX_BYTES >> 10) + " KiB");
    }
    var reader = new RecordReader(decode(text));
    try {
      return reader.read(key);
    } catch (RecordException e) {
      reader.presharedKey.wipe();
      throw e;
    }
  }

  private static String decode(byte[] text) throws RecordException {
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(text))
          .toString();
    } catch (CharacterCodingException e) {
      throw new RecordException("is not in UTF-8");
    }
  }

  private PeerRecord read(@Nullable PublicKey expected) throws RecordException {
    try {
      json.beginObject();
      while (json.hasNext()) {
        String field = json.nextName();
        if (!seen.add(field)) {
          throw new RecordException(shown(field) + ": stands twice");
        }
        readField(field);
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new RecordException("something follows the object");
      }
    } catch (MalformedJsonException | IllegalStateException e) {
      throw new RecordException("is no JSON object");
    } catch (IOException e) {
      throw new RecordException("ends too early, or is nested too deeply");
    }
    return record(expected);
  }

  private void readField(String field) throws RecordException, IOException {
    switch (field) {
      case "public_key" -> publicKey = key(field, PublicKey::fromBase64);
      case "preshared_key" -> presharedKey = key(field, PresharedKey::fromBase64);
      case "preshared_key_file" -> secret = secretName(field, SecretName.Place.FILE);
      case "preshared_key_etcd" -> secret = secretName(field, SecretName.Place.ETCD);
      case "allowed_ips" ->
          list(field, MAX_ALLOWED_IPS, text -> allowedIps.add(PeerFields.prefix(text)));
      case "quota" -> limit = limit.withQuota(parsed(field, string(field), PeerFields::quota));
      case "limit" -> limit = limit.withRates(parsed(field, string(field), PeerFields::limit));
      case "label" -> label = label(string(field));
      case "endpoint" -> endpoint = parsed(field, string(field), PeerFields::endpoint);
      case "persistent_keepalive" -> keepaliveSeconds = keepalive(field);
      case "disabled" -> disabled = truth(field);
      case "not_after" -> notAfter = time(field);
      case "groups" -> list(field, MAX_GROUPS, text -> groups.add(group(text)));
      default -> json.skipValue();
    }
  }

  private PeerRecord record(@Nullable PublicKey expected) throws RecordException {
    PublicKey key = publicKey == null ? expected : publicKey;
    if (key == null) {
      throw new RecordException("public_key: is missing");
    }
    if (expected != null && !expected.equals(key)) {
      throw new RecordException("public_key: is not the one that the record is filed under");
    }
    if ((seen.contains("preshared_key_file") && seen.contains("preshared_key_etcd"))
        || (secret != null && seen.contains("preshared_key"))) {
      throw new RecordException("preshared_key: is given in more than one way");
    }
    return new PeerRecord(
        new PeerSettings(
            key,
            presharedKey,
            List.copyOf(allowedIps),
            endpoint,
            keepaliveSeconds,
            label,
            groups.isEmpty() ? limit : limit.withGroup(groups.getFirst()),
            notAfter),
        secret,
        disabled,
        notAfter,
        groups);
  }

  private String string(String field) throws RecordException, IOException {
    if (json.peek() != JsonToken.STRING) {
      throw new RecordException(field + ": is no string");
    }
    return json.nextString();
  }

  private boolean truth(String field) throws RecordException, IOException {
    if (json.peek() != JsonToken.BOOLEAN) {
      throw new RecordException(field + ": is neither true nor false");
    }
    return json.nextBoolean();
  }

  private int keepalive(String field) throws RecordException, IOException {
    int value = -1;
    if (json.peek() == JsonToken.NUMBER) {
      try {
        value = json.nextInt();
      } catch (NumberFormatException e) {
        value = -1;
      }
    }
    if (value < 0 || value > MAX_KEEPALIVE) {
      throw new RecordException(field + ": is no number of seconds from 0 to " + MAX_KEEPALIVE);
    }
    return value;
  }

  private long time(String field) throws RecordException, IOException {
    try {
      return OffsetDateTime.parse(string(field)).toEpochSecond();
    } catch (DateTimeParseException e) {
      throw new RecordException(field + ": is no time such as 2030-12-31T23:59:59Z");
    }
  }

  /** Not {@link #parsed}: what is wrong with a key is not to be quoted. */
  private <T> T key(String field, Function<String, T> parser) throws RecordException, IOException {
    try {
      return parser.apply(string(field));
    } catch (IllegalArgumentException e) {
      throw new RecordException(field + ": is no key, which is 32 bytes in base64");
    }
  }

  private SecretName secretName(String field, SecretName.Place place)
      throws RecordException, IOException {
    String name = string(field);
    if (name.isEmpty() || name.length() > MAX_NAME_CHARACTERS || name.indexOf('\0') >= 0) {
      throw new RecordException(field + ": is no name");
    }
    if (place == SecretName.Place.FILE && !name.startsWith("/")) {
      throw new RecordException(field + ": is no absolute path");
    }
    return new SecretName(place, name);
  }

  private void list(String field, int most, Function<String, Object> taker)
      throws RecordException, IOException {
    if (json.peek() != JsonToken.BEGIN_ARRAY) {
      throw new RecordException(field + ": is no list");
    }
    json.beginArray();
    for (int i = 0; json.hasNext(); i++) {
      if (i == most) {
        throw new RecordException(field + ": has more than " + most + " entries");
      }
      Object unusedTaken = parsed(field, string(field), taker);
    }
    json.endArray();
  }

  private static <T extends @Nullable Object> T parsed(
      String field, String text, Function<String, T> parser) throws RecordException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new RecordException(field + ": " + e.getMessage());
    }
  }

  private static @Nullable String label(String text) {
    String label = PeerFields.label(text);
    return label.isEmpty() ? null : label;
  }

  private static String group(String text) {
    if (text.isEmpty() || text.length() > MAX_GROUP_CHARACTERS) {
      throw new IllegalArgumentException(
          "a group's name has 1 to " + MAX_GROUP_CHARACTERS + " characters");
    }
    return text;
  }

  private static String shown(String field) {
    return PeerFields.label(field);
  }
}
