package io.wgnetty.handover;

/** The kinds of messages between two processes; the numbers are on the wire. */
enum Message {
  /** To the one that has the interfaces: who asks, and which formats it reads. */
  HELLO(1),
  /** Back: the format of what follows. */
  WELCOME(2),
  /** An interface, with its descriptors. */
  INTERFACE(3),
  /** The configuration of some of its peers. */
  PEERS(4),
  /** What is set up around it; the interface is complete. */
  SETUP(5),
  /** There are no more interfaces. */
  OFFERED(6),
  /** To the one that has them: all is built, and waits. */
  BUILT(7),
  /** What some peers have become. */
  STATE(8),
  /** There is no more. */
  TOLD(9),
  /** To the one that had them: all was taken in. */
  LOADED(10),
  /** Whoever says this never sends again. */
  YOURS(11),
  /** Back: all goes on. */
  MINE(12),
  /** To the one that is built: what does not change any more of some peers, while all goes on. */
  AHEAD(14),
  /** There is no more of that. */
  TOLD_AHEAD(15),
  /** Back: that was taken in, and the rest is waited for. */
  PREPARED(16),
  /** Either to the other: it comes to nothing, and why. */
  REFUSED(13);

  private final int number;

  Message(int number) {
    this.number = number;
  }

  /** What stands for it on the wire. */
  int number() {
    return number;
  }
}
