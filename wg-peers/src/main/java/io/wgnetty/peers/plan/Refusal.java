package io.wgnetty.peers.plan;

/** Why a record is not in force, though it would like to be. */
public enum Refusal {
  /** It cannot be read. A peer that it was for before stays as it was. */
  INVALID("invalid"),
  /** Its pre-shared key is not where the record says. As above. */
  SECRET("secret_missing"),
  /** Its key is the interface's own. */
  OWN_KEY("own_key"),
  /** Its key, or a prefix, is that of a peer of the file. */
  IN_FILE("in_file"),
  /** Its key, or a prefix, is that of a record that came before. */
  TAKEN("taken"),
  /** The interface has as many peers as it can have. */
  FULL("full");

  private final String word;

  Refusal(String word) {
    this.word = word;
  }

  /** In metrics and reports. */
  public String word() {
    return word;
  }
}
