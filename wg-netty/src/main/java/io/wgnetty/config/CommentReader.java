package io.wgnetty.config;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads each comment of a file once, and hands it to whom it speaks of. */
final class CommentReader {
  private final byte[] text;
  private final LineCursor line;
  private final InterfaceSection settings;
  private final PeerComments peers = new PeerComments();
  private final Map<String, String> ofInterface = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private boolean anyPeer;

  CommentReader(byte[] text, LineCursor line, InterfaceSection settings) {
    this.text = text;
    this.line = line;
    this.settings = settings;
  }

  /** What the comments of [Interface] say, by their words, which may be written in any case. */
  Map<String, String> ofInterface() {
    return ofInterface;
  }

  /** A peer's section begins: comments of the interface stand above all peers. */
  void beginPeer() {
    anyPeer = true;
  }

  /** Reads a line of nothing but a comment. */
  void readLine(boolean inPeer) {
    Comment comment = Comment.in(text, line.commentStart(), line.end());
    if (comment == null) {
      return;
    }
    switch (comment.word().of()) {
      case PEER -> peers.take(comment, line);
      case GROUPS -> settings.groups().take(comment, line, inPeer);
      case GATEWAY -> settings.gateway().take(comment, line, inPeer);
      case INTERFACE -> take(comment);
    }
  }

  /** Reads the comment behind a header or a value, if there is one: it can only be a peer's. */
  void readBehind() {
    Comment comment = line.hasComment() ? Comment.in(text, line.commentStart(), line.end()) : null;
    if (comment != null && comment.word().of() == CommentWord.Of.PEER) {
      peers.take(comment, line);
    }
  }

  /** The first of each word counts. */
  private void take(Comment comment) {
    String value = comment.value();
    boolean oneWord = !value.isEmpty() && value.chars().noneMatch(Character::isWhitespace);
    if (!anyPeer && comment.plain() && oneWord) {
      boolean first = ofInterface.putIfAbsent(comment.word().written(), value) == null;
      if (first && comment.word() == CommentWord.PRIVATE_KEY_FILE) {
        settings.setPrivateKeyFile(value, line.placeOf(line.commentStart()));
      }
    }
  }

  /** What was said of a peer belongs to this one; to nobody if there is none. */
  void give(@Nullable PeerSection peer) {
    peers.give(peer);
  }
}
