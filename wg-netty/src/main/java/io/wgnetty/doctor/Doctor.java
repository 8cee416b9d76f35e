package io.wgnetty.doctor;

import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which they help to understand each other. */
public final class Doctor {
  private static final List<Check> CHECKS =
      List.of(
          new RunningCheck(),
          new FileCheck(),
          new ClockCheck(),
          new PortCheck(),
          new NamesCheck(),
          new SilentPeersCheck(),
          new WrongKeyCheck(),
          new DataCheck(),
          new PathCheck(),
          new ForwardingCheck(),
          new MasqueradeCheck(),
          new ReversePathCheck(),
          new OverlapCheck(),
          new CipherCheck(),
          new BuffersCheck(),
          new DropsCheck());

  private Doctor() {}

  static List<Diagnosis> judge(Evidence evidence) {
    List<Diagnosis> all = new ArrayList<>();
    CHECKS.forEach(check -> all.addAll(check.judge(evidence)));
    return all;
  }

  /** The worst of all. */
  public static Verdict worst(List<Diagnosis> diagnoses) {
    Verdict worst = Verdict.OK;
    for (Diagnosis diagnosis : diagnoses) {
      worst = diagnosis.verdict().compareTo(worst) > 0 ? diagnosis.verdict() : worst;
    }
    return worst;
  }
}
