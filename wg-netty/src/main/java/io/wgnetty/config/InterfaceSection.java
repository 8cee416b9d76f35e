package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PrivateKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the {@code [Interface]} sections of a file say, as it is read. */
final class InterfaceSection {
  private final Surroundings surroundings;
  private final Findings findings;

  private @Nullable PrivateKey privateKey;
  private @Nullable Place privateKeyFilePlace;
  private int listenPort;
  private int fwmark;
  private final Map<IpPrefix, InterfaceAddress> addresses = new LinkedHashMap<>();
  private @Nullable Integer mtu;
  private Place mtuPlace = Place.BEGIN;
  private final List<String> dnsServers = new ArrayList<>();
  private final List<String> dnsSearchDomains = new ArrayList<>();
  private RouteTable table = RouteTable.AUTO;
  private final Map<Keyword, List<String>> hooks = new EnumMap<>(Keyword.class);
  private boolean saveConfig;
  private final GatewayComments gateway;
  private final GroupComments groups;

  InterfaceSection(Surroundings surroundings, Findings findings) {
    this.surroundings = surroundings;
    this.findings = findings;
    this.gateway = new GatewayComments(findings);
    this.groups = new GroupComments(findings);
  }

  /** The comments that speak of what the node does as a gateway. */
  GatewayComments gateway() {
    return gateway;
  }

  /** The comments that speak of groups of peers. */
  GroupComments groups() {
    return groups;
  }

  void set(Keyword keyword, Value value) throws InvalidValue {
    if (value.length() == 0) {
      clear(keyword);
      return;
    }
    switch (keyword) {
      case PRIVATE_KEY -> setPrivateKey(value);
      case LISTEN_PORT -> listenPort = NumberText.port(value.toString(), surroundings);
      case FW_MARK -> fwmark = NumberText.mark(value.toString());
      case ADDRESS -> addAddresses(value);
      case MTU -> {
        mtu = NumberText.mtu(value.toString());
        mtuPlace = value.place(0);
      }
      case DNS -> addNameServers(value);
      case TABLE -> table = NumberText.table(value.toString(), surroundings);
      case SAVE_CONFIG -> saveConfig = NumberText.truth(value.toString());
      default -> throw new IllegalArgumentException(keyword.written());
    }
  }

  /** A key of wg-quick's without a value: as if it were not there, and what was before is not. */
  private void clear(Keyword keyword) throws InvalidValue {
    switch (keyword) {
      case MTU -> mtu = null;
      case TABLE -> table = RouteTable.AUTO;
      case SAVE_CONFIG -> throw new InvalidValue(0, "the value is missing: true or false");
      default -> {
        // A list gets longer by nothing.
      }
    }
  }

  void addHook(Keyword keyword, String command) {
    hooks.computeIfAbsent(keyword, k -> new ArrayList<>()).add(command);
  }

  private void setPrivateKey(Value value) throws InvalidValue {
    PrivateKey decoded = KeyValue.decode(value, PrivateKey::fromBase64);
    wipe();
    if (isZero(value)) {
      decoded.wipe();
      findings.warning(
          value.place(0), Keyword.PRIVATE_KEY.written(), "the key of zeros means no key");
    } else {
      privateKey = decoded;
    }
  }

  /** The key is elsewhere. */
  void setPrivateKeyFile(String where, Place place) {
    privateKeyFilePlace = place;
    PrivateKey read =
        surroundings
            .secrets()
            .read(CommentWord.PRIVATE_KEY_FILE, where, place, PrivateKey::fromBase64, findings);
    if (read != null) {
      wipe();
      privateKey = read;
    }
  }

  /** Whether there is one, be it elsewhere. */
  boolean hasPrivateKey() {
    return privateKey != null || privateKeyFilePlace != null;
  }

  /** Nobody could say which of two was meant. */
  void checkKeys(boolean hasLine) {
    if (privateKeyFilePlace != null && hasLine) {
      findings.error(
          privateKeyFilePlace,
          CommentWord.PRIVATE_KEY_FILE.written(),
          "there is a PrivateKey as well: one of them");
    }
  }

  private static boolean isZero(Value value) {
    int differing = 0;
    for (int i = 0; i < value.length() - 1; i++) {
      differing |= value.charAt(i) ^ 'A';
    }
    return differing == 0;
  }

  private void addAddresses(Value value) {
    for (ListText.Piece piece : ListText.atCommasAndSpaces(value)) {
      if (findings.areEnough()) {
        return;
      }
      Place place = value.place(piece.index());
      try {
        PrefixText text = PrefixText.parse(piece.text(), piece.index());
        var address = new InterfaceAddress(text.host(), text.length());
        if (addresses.putIfAbsent(text.host(), address) != null) {
          findings.warning(place, Keyword.ADDRESS.written(), piece.text() + " is there already");
        } else if (isNetworkItself(address)) {
          findings.warning(
              place,
              Keyword.ADDRESS.written(),
              piece.text() + " is the network's own address, not one of a host");
        }
      } catch (InvalidValue e) {
        findings.error(value.place(e.index()), Keyword.ADDRESS.written(), e.reason());
      }
    }
  }

  private static boolean isNetworkItself(InterfaceAddress address) {
    IpPrefix network = address.network();
    // In a network of two (RFC 3021) there is no such address; in IPv6 it is used.
    return !network.isIpv6() && network.length() < 31 && network.high() == address.host().high();
  }

  private void addNameServers(Value value) {
    for (ListText.Piece piece : ListText.atCommasAndSpaces(value)) {
      if (findings.areEnough()) {
        return;
      }
      String text = piece.text();
      int percent = text.indexOf('%');
      boolean isServer = text.indexOf(':') >= 0 || EndpointText.isDotted(text);
      if (isServer && !EndpointText.isAddress(percent < 0 ? text : text.substring(0, percent))) {
        findings.error(
            value.place(piece.index()),
            Keyword.DNS.written(),
            Shown.quoted(text) + " is no address of a name server");
      } else if (isServer) {
        dnsServers.add(text);
      } else if (text.matches("~?[A-Za-z0-9_.-]+")) {
        dnsSearchDomains.add(text);
      } else {
        findings.error(
            value.place(piece.index()),
            Keyword.DNS.written(),
            Shown.quoted(text) + " is neither an address of a name server nor a search domain");
      }
    }
  }

  @Nullable PrivateKey privateKey() {
    return privateKey;
  }

  boolean hasAddresses() {
    return !addresses.isEmpty();
  }

  void warnOfMtu() {
    if (mtu != null) {
      boolean hasIpv6 = addresses.keySet().stream().anyMatch(IpPrefix::isIpv6);
      MtuCheck.warn(mtu, hasIpv6, surroundings.largestMtu(), mtuPlace, findings);
    }
  }

  InterfaceSettings settings() {
    return new InterfaceSettings(
        privateKey,
        listenPort,
        fwmark,
        List.copyOf(addresses.values()),
        mtu,
        dnsServers,
        dnsSearchDomains,
        table,
        new Hooks(
            commands(Keyword.PRE_UP),
            commands(Keyword.POST_UP),
            commands(Keyword.PRE_DOWN),
            commands(Keyword.POST_DOWN)),
        saveConfig,
        gateway.settings(),
        groups.groups());
  }

  private List<String> commands(Keyword keyword) {
    return hooks.getOrDefault(keyword, List.of());
  }

  void wipe() {
    if (privateKey != null) {
      privateKey.wipe();
      privateKey = null;
    }
  }
}
