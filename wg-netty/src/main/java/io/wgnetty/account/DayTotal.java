package io.wgnetty.account;

/** What a peer has carried in a time. */
record DayTotal(long received, long sent) {
  DayTotal plus(DayTotal other) {
    return new DayTotal(received + other.received, sent + other.sent);
  }
}
