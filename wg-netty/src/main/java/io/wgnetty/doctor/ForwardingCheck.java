package io.wgnetty.doctor;

import java.util.ArrayList;
import java.util.List;

/** Whether the kernel passes on what peers send to others. */
final class ForwardingCheck implements Check {
  private static final String SUBJECT = "forwarding";
  private static final String IPV4 = "net/ipv4/ip_forward";
  private static final String IPV6 = "net/ipv6/conf/all/forwarding";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    if (!evidence.looksLikeGateway()) {
      return List.of(Diagnosis.ok(SUBJECT, "not needed: this does not look like a gateway"));
    }
    List<Diagnosis> all = new ArrayList<>();
    all.add(family(evidence, "IPv4", IPV4));
    if (evidence.file() == null || evidence.file().hasIpv6()) {
      all.add(family(evidence, "IPv6", IPV6));
    }
    return all;
  }

  private static Diagnosis family(Evidence evidence, String family, String setting) {
    if (!evidence.host().isOff(setting)) {
      return Diagnosis.ok(SUBJECT, family + " is on");
    }
    String key = setting.replace('/', '.');
    boolean asked = evidence.file() != null && evidence.file().asksForGateway();
    return new Diagnosis(
        asked ? Verdict.PROBLEM : Verdict.WARNING,
        SUBJECT,
        family + " is off: peers reach this machine alone, neither each other nor hosts behind it",
        "sysctl -w "
            + key
            + "=1, and a line in /etc/sysctl.d (a container: --sysctl "
            + key
            + "=1)");
  }
}
