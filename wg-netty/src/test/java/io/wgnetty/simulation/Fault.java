package io.wgnetty.simulation;

/** Defects that a simulated node is given on purpose, to see that the simulation notices. */
enum Fault {
  NONE,
  SKIPS_REPLAY_CHECK,
  CONFIRMS_TOO_EARLY,
  /** Both give up an attempt of their own for the peer's, and retry in step. */
  FORGETS_JITTER,
  GIVES_UP_ITS_OWN_ATTEMPT,
  FORGETS_REFUSED_SENDS,
  SKIPS_SOURCE_CHECK,
  USES_COUNTER_TWICE,
  TELLS_COUNTERS_TOO_EARLY,
  USES_SESSIONS_TOO_LONG,
  FORGETS_SPACING
}
