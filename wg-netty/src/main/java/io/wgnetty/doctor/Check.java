package io.wgnetty.doctor;

import java.util.List;

/** Judges one thing by what was found out; asks nobody itself. */
@FunctionalInterface
interface Check {
  /** What it has to say; nothing if the facts that it needs are not there. */
  List<Diagnosis> judge(Evidence evidence);
}
