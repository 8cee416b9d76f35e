package io.wgnetty.simulation;

/** Defects that a simulated node is given on purpose, to see that the simulation notices. */
enum Fault {
  NONE,
  SKIPS_REPLAY_CHECK,
  CONFIRMS_TOO_EARLY,
  FORGETS_JITTER,
  SKIPS_SOURCE_CHECK,
  USES_COUNTER_TWICE,
  USES_SESSIONS_TOO_LONG,
  FORGETS_SPACING
}
