package io.wgnetty.doctor;

import java.util.ArrayList;
import java.util.List;

/** Whether packets as large as the interface allows come through to peers. */
final class PathCheck implements Check {
  private static final String SUBJECT = "MTU";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    List<Diagnosis> all = new ArrayList<>();
    for (PathFacts path : evidence.paths()) {
      String to = path.peer() + " (" + path.address() + ")";
      if (!path.answers()) {
        all.add(
            Diagnosis.ok(SUBJECT, to + " answers no pings, so the path to it was not measured"));
      } else if (path.largest() >= path.linkMtu()) {
        all.add(Diagnosis.ok(SUBJECT, "packets of " + path.linkMtu() + " bytes reach " + to));
      } else {
        all.add(
            Diagnosis.problem(
                SUBJECT,
                "the interface allows %d bytes, but only packets of up to %d reach %s and come back"
                    .formatted(path.linkMtu(), path.largest(), to),
                "MTU = " + path.largest() + " in [Interface], on both sides"));
      }
    }
    return all;
  }
}
