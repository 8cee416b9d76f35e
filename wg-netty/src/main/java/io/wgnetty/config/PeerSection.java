package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.GroupText;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.Quota;
import io.wgnetty.limit.QuotaText;
import io.wgnetty.protocol.IpText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one {@code [Peer]} section says, as it is read; then, what all sections of a peer say. */
final class PeerSection {
  private static final String ONE_OF_TWO =
      "there are PresharedKey and PresharedKeyFile: one of them";

  private final Surroundings surroundings;
  private final Findings findings;
  private final Place header;

  private @Nullable PublicKey publicKey;
  private Place keyPlace;
  private @Nullable PresharedKey presharedKey;
  private boolean hasPresharedKeyLine;

  /** With {@code true} those that the section takes away. */
  private record Change(IpPrefix prefix, Place place, boolean removes) {}

  private final List<Change> changes = new ArrayList<>(2);

  /** Whether there was a + or -: what the peer has already then stays (protocol 7.4). */
  private boolean incremental;

  /** What was there could not be read, which was said. */
  private boolean allowedIpsWrong;

  private final Map<IpPrefix, Place> allowedIps = new LinkedHashMap<>(2);
  private @Nullable EndpointName endpoint;
  private @Nullable Integer keepaliveSeconds;
  private Place keepalivePlace = Place.BEGIN;
  private @Nullable String label;
  private @Nullable PeerLimit rates;
  private @Nullable Quota quota;
  private @Nullable String group;
  private @Nullable Long notAfter;
  private @Nullable String presharedKeyFile;

  PeerSection(Place header, Surroundings surroundings, Findings findings) {
    this.header = header;
    this.keyPlace = header;
    this.surroundings = surroundings;
    this.findings = findings;
  }

  void set(Keyword keyword, Value value) throws InvalidValue {
    switch (keyword) {
      case PUBLIC_KEY -> {
        publicKey = KeyValue.decode(value, PublicKey::fromBase64);
        keyPlace = value.place(0);
      }
      case PRESHARED_KEY -> {
        if (presharedKeyFile != null) {
          throw new InvalidValue(0, ONE_OF_TWO);
        }
        setPresharedKey(KeyValue.decode(value, PresharedKey::fromBase64));
        hasPresharedKeyLine = true;
      }
      case ALLOWED_IPS -> addAllowedIps(value);
      case ENDPOINT -> setEndpoint(value);
      case PERSISTENT_KEEPALIVE -> {
        keepaliveSeconds = NumberText.keepaliveSeconds(value.toString());
        keepalivePlace = value.place(0);
      }
      default -> throw new IllegalArgumentException(keyword.written());
    }
  }

  private void addAllowedIps(Value value) {
    for (ListText.Piece piece : ListText.atCommas(value)) {
      if (findings.areEnough()) {
        return;
      }
      try {
        addAllowedIp(piece, value);
      } catch (InvalidValue e) {
        findings.error(value.place(e.index()), Keyword.ALLOWED_IPS.written(), e.reason());
        allowedIpsWrong = true;
      }
    }
  }

  private void addAllowedIp(ListText.Piece piece, Value value) throws InvalidValue {
    String text = piece.text();
    if (text.isEmpty()) {
      throw new InvalidValue(piece.index(), "an address is missing in front of or behind a comma");
    }
    int signLength = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
    PrefixText prefix = PrefixText.parse(text.substring(signLength), piece.index() + signLength);
    Place place = value.place(piece.index());
    if (prefix.hasHostBits()) {
      findings.warning(
          place,
          Keyword.ALLOWED_IPS.written(),
          IpText.format(prefix.host().addressBytes())
              + " has bits set behind its /"
              + prefix.length()
              + "; "
              + prefix.network()
              + " is used");
    }
    incremental |= signLength == 1;
    changes.add(new Change(prefix.network(), place, text.charAt(0) == '-'));
  }

  private void setEndpoint(Value value) throws InvalidValue {
    String text = value.toString();
    endpoint = EndpointText.parse(text, surroundings);
    if (text.charAt(0) != '[' && endpoint.host().indexOf(':') >= 0) {
      findings.warning(
          value.place(0),
          Keyword.ENDPOINT.written(),
          "read as " + endpoint + ", and better written so");
    }
    if (endpoint.port() == 0) {
      findings.warning(
          value.place(text.length() - 1), Keyword.ENDPOINT.written(), "nobody listens on port 0");
    }
  }

  /** There is a line of AllowedIPs that cannot be read. */
  void allowedIpsAreWrong() {
    allowedIpsWrong = true;
  }

  /** The first comment of each kind counts. */
  void comment(Comment comment, Place place) {
    switch (comment.word()) {
      case LIMIT -> setLimit(comment, place, LimitText::parse, it -> rates = first(rates, it));
      case QUOTA -> setLimit(comment, place, QuotaText::parse, it -> quota = first(quota, it));
      case GROUP -> setLimit(comment, place, GroupText::name, it -> group = first(group, it));
      case EXPIRES -> setExpiry(comment.value(), place);
      case PRESHARED_KEY_FILE -> {
        if (comment.plain()) {
          setPresharedKeyFile(comment.value(), place);
        }
      }
      default -> setLabel(comment.value());
    }
  }

  private void setPresharedKey(PresharedKey key) {
    wipe();
    presharedKey = key;
  }

  private void setPresharedKeyFile(String where, Place place) {
    if (presharedKeyFile != null) {
      return; // as of each comment, the first counts
    }
    presharedKeyFile = where;
    CommentWord word = CommentWord.PRESHARED_KEY_FILE;
    if (hasPresharedKeyLine) {
      findings.error(place, word.written(), ONE_OF_TWO);
      return;
    }
    PresharedKey read =
        surroundings.secrets().read(word, where, place, PresharedKey::fromBase64, findings);
    if (read != null) {
      setPresharedKey(read);
    }
  }

  private void setLabel(String newLabel) {
    if (label == null) {
      label = newLabel;
    }
  }

  private static <T> @Nullable T first(@Nullable T before, @Nullable T later) {
    return before == null ? later : before;
  }

  private <T> void setLimit(
      Comment comment, Place place, Function<String, @Nullable T> parser, Consumer<T> setter) {
    try {
      T read = parser.apply(comment.value());
      if (read != null) {
        setter.accept(read);
      }
    } catch (IllegalArgumentException e) {
      // A comment of somebody else's may begin the same way, and does not stop wg-quick either.
      findings.warning(
          place,
          comment.word().written(),
          Shown.quoted(comment.value()) + " limits nothing: " + e.getMessage());
    }
  }

  /** An error if it is wrong: who relies on an end must not have a peer that stays for ever. */
  private void setExpiry(String text, Place place) {
    try {
      long read = ExpiryText.parse(text);
      notAfter = notAfter == null ? Long.valueOf(read) : notAfter;
    } catch (IllegalArgumentException e) {
      findings.error(
          place, CommentWord.EXPIRES.written(), Shown.quoted(text) + " " + e.getMessage());
    }
  }

  /** The section is whole, and the first of its peer: its changes of allowed IPs take effect. */
  void finish() {
    apply(changes);
  }

  private void apply(List<Change> list) {
    for (Change change : list) {
      if (change.removes()) {
        allowedIps.remove(change.prefix());
      } else {
        allowedIps.put(change.prefix(), change.place());
      }
    }
    list.clear(); // there may be a million in the file
  }

  /** Takes in a later section of the same peer, as wg does when it applies one after the other. */
  void merge(PeerSection later) {
    if (!later.incremental) {
      allowedIps.clear();
    }
    apply(later.changes);
    if (later.presharedKey != null || later.presharedKeyFile != null) {
      wipe();
      presharedKey = later.presharedKey;
      presharedKeyFile = later.presharedKeyFile;
    }
    if (later.endpoint != null) {
      endpoint = later.endpoint;
    }
    if (later.keepaliveSeconds != null) {
      keepaliveSeconds = later.keepaliveSeconds;
      keepalivePlace = later.keepalivePlace;
    }
    allowedIpsWrong |= later.allowedIpsWrong;
    if (later.label != null) {
      setLabel(later.label);
    }
    rates = first(rates, later.rates);
    quota = first(quota, later.quota);
    group = first(group, later.group);
    notAfter = notAfter == null ? later.notAfter : notAfter;
  }

  @Nullable PublicKey publicKey() {
    return publicKey;
  }

  Place header() {
    return header;
  }

  Place keyPlace() {
    return keyPlace;
  }

  boolean isIncremental() {
    return incremental;
  }

  Map<IpPrefix, Place> allowedIps() {
    return allowedIps;
  }

  /** Another peer, later in the file, has this one. */
  void lose(IpPrefix prefix) {
    allowedIps.remove(prefix);
  }

  void warnOfUselessSettings() {
    if (keepaliveSeconds != null && keepaliveSeconds > 0 && endpoint == null) {
      findings.warning(
          keepalivePlace,
          Keyword.PERSISTENT_KEEPALIVE.written(),
          "this peer has no Endpoint: until it calls us, nothing can be sent to it");
    }
    if (allowedIps.isEmpty() && !allowedIpsWrong) {
      findings.warning(
          header,
          Section.PEER.written(),
          "no AllowedIPs: no packet goes to or comes from this peer");
    }
  }

  PeerSettings settings(PublicKey key) {
    return new PeerSettings(
        key,
        presharedKey == null ? PresharedKey.none() : presharedKey,
        List.copyOf(allowedIps.keySet()),
        endpoint,
        keepaliveSeconds == null ? 0 : keepaliveSeconds,
        label,
        limit(),
        notAfter == null ? PeerSettings.FOR_EVER : notAfter,
        presharedKeyFile);
  }

  private PeerLimit limit() {
    PeerLimit limit = rates == null ? PeerLimit.NONE : rates;
    return limit.withQuota(quota).withGroup(group);
  }

  void wipe() {
    if (presharedKey != null) {
      presharedKey.wipe();
    }
  }
}
