package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file: what wg and wg-quick accept (protocol 7.4, 7.5), and says everything
 * that is wrong at once.
 *
 * <p>What comes out is what is in force when wg has applied the file from its first line to its
 * last: sections of one peer are merged, and an allowed IP of two peers is the later one's alone.
 */
public final class ConfigurationReader {
  private final byte[] text;
  private final Surroundings surroundings;
  private final LineCursor line;
  private final Findings findings = new Findings();
  private final LineCharacters characters;
  private final UnknownWords unknown;

  private final InterfaceSection settings;
  private final Map<PublicKey, PeerSection> peers = new LinkedHashMap<>();
  private final SeenKeys seenInInterface = new SeenKeys();
  private final SeenKeys seenInPeer = new SeenKeys();

  private @Nullable Place firstInterface;
  private @Nullable Section section;

  /** Whether a header was there, be it an unknown one. */
  private boolean inSection;

  private @Nullable PeerSection peer;

  /** They are the next section's if that follows without an empty line. */
  private final CommentReader comments;

  /** Whether there is a peer that is disabled; few files have one. */
  private boolean anyDisabled;

  private ConfigurationReader(byte[] text, Surroundings surroundings) {
    this.text = text;
    this.surroundings = surroundings;
    line = new LineCursor(text);
    characters = new LineCharacters(text, line, findings);
    unknown = new UnknownWords(line, findings);
    settings = new InterfaceSection(surroundings, findings);
    comments = new CommentReader(text, line, settings);
  }

  /**
   * Reads a file's text. Never throws, whatever the text is; keeps none of it, so that the caller
   * can overwrite it.
   */
  public static ConfigurationResult read(byte[] text) {
    return read(text, Surroundings.NONE);
  }

  /** Reads a file's text, where words may mean what they mean on this machine. */
  public static ConfigurationResult read(byte[] text, Surroundings surroundings) {
    return new ConfigurationReader(text, surroundings).result();
  }

  private ConfigurationResult result() {
    if (isUtf16()) {
      findings.error(Place.BEGIN, "", "the file is in UTF-16; save it as UTF-8 or ASCII");
      return new ConfigurationResult(null, findings.inOrder(1));
    }
    while (!findings.areEnough() && line.advance()) {
      readLine();
    }
    comments.give(peer);
    endPeer();
    line.wipe();
    check();
    int lastLine = Math.max(1, line.number());
    if (findings.hasErrors()) {
      settings.wipe();
      peers.values().forEach(PeerSection::wipe);
      return new ConfigurationResult(null, findings.inOrder(lastLine));
    }
    List<PeerSettings> list = new ArrayList<>(peers.size());
    peers.forEach((key, section) -> list.add(section.settings(key)));
    return new ConfigurationResult(
        new Configuration(
            settings.settings(),
            list,
            comments.ofInterface(),
            anyDisabled ? DisabledPeers.settings(text, surroundings) : List.of()),
        findings.inOrder(lastLine));
  }

  private boolean isUtf16() {
    return text.length >= 2
        && ((text[0] == (byte) 0xff && text[1] == (byte) 0xfe)
            || (text[0] == (byte) 0xfe && text[1] == (byte) 0xff));
  }

  private void readLine() {
    if (line.isTooLong()) {
      findings.error(
          new Place(line.number(), 1),
          "",
          "the line is longer than " + (LineCursor.MAX_LINE_BYTES >> 20) + " MiB");
    } else if (line.length() == 0) {
      readNoContent();
    } else if (characters.fit(keyword())) {
      if (line.charAt(0) == '[') {
        readHeader();
      } else {
        comments.give(peer);
        readKey();
      }
    } else {
      noteDamaged(line.length() == 0 ? null : Keyword.named(characters.visible()));
    }
  }

  private void readNoContent() {
    if (DisabledPeers.isMarked(text, line)) {
      anyDisabled = true;
      comments.give(peer);
    } else if (line.hasComment()) {
      comments.readLine(section == Section.PEER);
    } else {
      comments.give(peer);
    }
  }

  /** A key is there, though its line cannot be read: nobody is to be told that it is missing. */
  private void noteDamaged(@Nullable Keyword keyword) {
    if (keyword == null) {
      return;
    }
    (keyword.section() == Section.INTERFACE ? seenInInterface : seenInPeer)
        .put(keyword, line.number());
    if (keyword == Keyword.ALLOWED_IPS && peer != null) {
      peer.allowedIpsAreWrong();
    }
  }

  private @Nullable Keyword keyword() {
    int separator = line.separator();
    return separator < 0 || separator > Keyword.MAX_LENGTH
        ? null
        : Keyword.named(line.text(0, separator));
  }

  private void readHeader() {
    int close = 1;
    while (close < line.length() && line.charAt(close) != ']') {
      close++;
    }
    String name = close <= Keyword.MAX_LENGTH ? line.text(1, close) : "";
    Section named = Section.named(name);
    if (close == line.length()) {
      findings.error(line.place(close), "", "the section's ']' is missing");
    } else if (named == null) {
      named = unknown.section(name);
    } else if (close + 1 < line.length()) {
      findings.error(
          line.place(close + 1), named.written(), "a section's name stands alone in its line");
    }
    begin(named, line.place(0));
  }

  private void begin(@Nullable Section named, Place place) {
    if (named != Section.PEER) {
      comments.give(peer);
    }
    endPeer();
    section = named;
    inSection = true;
    if (named == Section.INTERFACE && firstInterface == null) {
      firstInterface = place;
    }
    if (named == Section.PEER) {
      peer = new PeerSection(place, surroundings, findings);
      comments.beginPeer();
      comments.readBehind();
    }
    // The last lines of comment in front of a peer's header speak of that peer.
    comments.give(peer);
  }

  private void endPeer() {
    PeerSection ended = peer;
    if (ended == null) {
      return;
    }
    peer = null;
    boolean hadKey = seenInPeer.has(Keyword.PUBLIC_KEY);
    seenInPeer.clear();
    PublicKey key = ended.publicKey();
    if (key == null) {
      if (!hadKey) {
        findings.error(ended.header(), Section.PEER.written(), "this peer has no PublicKey");
      }
      ended.wipe();
      return;
    }
    PeerSection before = peers.putIfAbsent(key, ended);
    if (before == null) {
      ended.finish();
    } else {
      before.merge(ended);
      findings.warning(
          ended.keyPlace(),
          Keyword.PUBLIC_KEY.written(),
          "the peer in line "
              + before.header().line()
              + " has the same key; they are taken for one, and of both the later settings count"
              + (ended.isIncremental() ? "" : ", among them all AllowedIPs"));
    }
  }

  private void readKey() {
    Keyword keyword = keyword();
    int separator = line.separator();
    if (!inSection) {
      findings.error(
          line.place(0),
          keyword == null ? "" : keyword.written(),
          "stands in front of the first section; "
              + (keyword == null ? "[Interface] or [Peer]" : keyword.section().header())
              + " is missing above");
    } else if (section == null) {
      return; // an unknown section was reported, and nobody knows what it may hold
    } else if (separator < 0 || keyword == null) {
      unknown.key(section);
    } else if (keyword.section() != section) {
      findings.error(
          line.place(0),
          line.text(0, separator),
          "belongs into " + keyword.section().header() + ", not into " + section.header());
    } else {
      readValue(keyword);
    }
    readCommentBehindValue(keyword);
  }

  private void readCommentBehindValue(@Nullable Keyword keyword) {
    if (peer != null && (keyword == null || !keyword.isHook())) {
      comments.readBehind();
      comments.give(peer);
    }
  }

  private void readValue(Keyword keyword) {
    var value = new Value(line);
    noteRepeated(keyword);
    if (keyword.isHook()) {
      readHook(keyword);
      return;
    }
    if (value.length() == 0 && !keyword.mayBeEmpty()) {
      findings.error(value.place(0), keyword.written(), "the value is missing");
      noteDamaged(keyword);
      return;
    }
    try {
      if (keyword.section() == Section.INTERFACE) {
        settings.set(keyword, value);
      } else if (peer != null) {
        peer.set(keyword, value);
      }
    } catch (InvalidValue e) {
      findings.error(value.place(e.index()), keyword.written(), e.reason());
    }
  }

  private void noteRepeated(Keyword keyword) {
    SeenKeys seen = keyword.section() == Section.INTERFACE ? seenInInterface : seenInPeer;
    Integer before = seen.put(keyword, line.number());
    if (before != null && !keyword.accumulates()) {
      findings.warning(
          line.place(0),
          keyword.written(),
          "stands in line " + before + " already; the later one counts");
    }
  }

  /** A command keeps its white space, and its {@code #}, which means something to the shell. */
  private void readHook(Keyword keyword) {
    int from = line.originOf(line.separator()) + 1;
    int to = line.end();
    while (from < to && LineCursor.isSpace(text[from])) {
      from++;
    }
    while (to > from && LineCursor.isSpace(text[to - 1])) {
      to--;
    }
    if (from == to) {
      return;
    }
    try {
      settings.addHook(
          keyword,
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(text, from, to - from))
              .toString());
    } catch (CharacterCodingException e) {
      findings.error(line.placeOf(from), keyword.written(), "the command is not in UTF-8");
    }
  }

  private void check() {
    settings.warnOfMtu();
    settings.checkKeys(seenInInterface.has(Keyword.PRIVATE_KEY));
    Place place = firstInterface == null ? Place.BEGIN : firstInterface;
    if (!settings.hasPrivateKey() && !seenInInterface.has(Keyword.PRIVATE_KEY)) {
      findings.warning(
          place, Section.INTERFACE.written(), "no PrivateKey: nobody can be talked to");
    }
    if (!settings.hasAddresses() && !seenInInterface.has(Keyword.ADDRESS)) {
      findings.warning(
          place,
          Section.INTERFACE.written(),
          "no Address: the interface will have none of its own");
    }
    Overlaps.resolve(peers.values(), findings);
    peers.values().forEach(PeerSection::warnOfUselessSettings);
    warnOfOwnKey();
  }

  private void warnOfOwnKey() {
    if (settings.privateKey() == null || peers.isEmpty()) {
      return;
    }
    PeerSection own = peers.get(settings.privateKey().publicKey(X25519Providers.fastest()));
    if (own != null) {
      findings.warning(
          own.keyPlace(),
          Keyword.PUBLIC_KEY.written(),
          "this is the interface's own key; the peer is ignored");
    }
  }
}
