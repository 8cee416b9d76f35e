package io.wgnetty.cli;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.GroupText;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.QuotaText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for a new peer, by options or by a line of a table.
 *
 * @param label {@code null} to choose one
 * @param publicKey of a client that has made its own key; {@code null} to make one for it
 * @param presharedKey {@code null} to make one
 * @param presharedKeyFile where it is, for the file to name it; {@code null} to write it there
 * @param addresses the client's; empty to choose them
 * @param allowedIps what the node accepts from the peer; empty for its addresses
 * @param sites networks behind the peer, beside that
 * @param client what goes into the client's file
 */
record PeerWish(
    @Nullable String label,
    @Nullable PublicKey publicKey,
    @Nullable PresharedKey presharedKey,
    @Nullable String presharedKeyFile,
    List<String> addresses,
    List<IpPrefix> allowedIps,
    List<IpPrefix> sites,
    ClientWish client,
    long notAfter,
    PeerLimit limit) {
  /**
   * What is asked for the client's file.
   *
   * @param allowedIps what it sends into the tunnel; {@code null} for everything
   * @param endpoint where it finds this machine; {@code null} to find out
   * @param dns its name servers; empty for none
   * @param keepaliveSeconds 0 for never
   */
  record ClientWish(
      @Nullable String allowedIps, @Nullable String endpoint, String dns, int keepaliveSeconds) {}

  PeerWish {
    addresses = List.copyOf(addresses);
    allowedIps = List.copyOf(allowedIps);
    sites = List.copyOf(sites);
  }

  /** A list of prefixes with commas or white space between them. */
  static List<IpPrefix> prefixes(String list) {
    List<IpPrefix> prefixes = new ArrayList<>();
    for (String each : list.strip().split("[\\s,]+", -1)) {
      if (!each.isEmpty()) {
        prefixes.add(PeerFields.prefix(each));
      }
    }
    return prefixes;
  }

  /** An end that lies ahead. */
  static long end(String text) {
    long notAfter;
    try {
      notAfter = PeerFields.expiry(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' " + e.getMessage(), e);
    }
    if (notAfter != PeerSettings.FOR_EVER && notAfter < Instant.now().getEpochSecond()) {
      throw new IllegalArgumentException(text + " is over already");
    }
    return notAfter;
  }

  /**
   * A limit some parts of which are said anew.
   *
   * @param texts what is said of {@code limit}, {@code quota} and {@code group}; {@code null} for
   *     nothing
   * @throws IllegalArgumentException with the name of the part that is wrong, and why it is
   */
  static PeerLimit limit(PeerLimit otherwise, Function<String, @Nullable String> texts) {
    PeerLimit wanted =
        part("limit", texts, otherwise, (limit, text) -> limit.withRates(LimitText.parse(text)));
    wanted = part("quota", texts, wanted, (limit, text) -> limit.withQuota(QuotaText.parse(text)));
    return part("group", texts, wanted, (limit, text) -> limit.withGroup(group(text)));
  }

  private static PeerLimit part(
      String name,
      Function<String, @Nullable String> texts,
      PeerLimit limit,
      BiFunction<PeerLimit, String, PeerLimit> change) {
    String text = texts.apply(name);
    try {
      return text == null ? limit : change.apply(limit, text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /** A group's name; {@code null} for {@code off}. */
  private static @Nullable String group(String text) {
    return text.equalsIgnoreCase("off") ? null : GroupText.name(text);
  }

  static PublicKey publicKey(String text) {
    try {
      return PublicKey.fromBase64(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is no public key, which is 32 bytes in base64", e);
    }
  }
}
