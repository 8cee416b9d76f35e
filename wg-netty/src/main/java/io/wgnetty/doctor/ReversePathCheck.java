package io.wgnetty.doctor;

import io.wgnetty.config.RouteTable;
import java.util.List;

/** Whether strict filtering of sources (rp_filter) drops what belongs to the tunnel. */
final class ReversePathCheck implements Check {
  private static final String SUBJECT = "rp_filter";
  private static final int STRICT = 1;
  private static final String ACCEPT_MARKED = "net/ipv4/conf/all/src_valid_mark";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    HostFacts host = evidence.host();
    FileFacts file = evidence.file();
    String outer = host.defaultLink();
    if (file != null
        && evidence.node() != null
        && file.hasDefaultRoute(false)
        && !outer.isEmpty()
        && host.reversePathFilter(outer) == STRICT
        && host.isOff(ACCEPT_MARKED)) {
      return List.of(
          Diagnosis.problem(
              SUBJECT,
              "strict on " + outer + ", and src_valid_mark is off: answers of peers are dropped",
              "sysctl -w net.ipv4.conf.all.src_valid_mark=1, or net.ipv4.conf.all.rp_filter=2"));
    }
    boolean strict = host.reversePathFilter(evidence.name()) == STRICT;
    if (strict
        && file != null
        && file.configuration() != null
        && file.configuration().settings().table().kind() == RouteTable.Kind.OFF) {
      return List.of(
          Diagnosis.warning(
              SUBJECT,
              "strict on %s, and Table = off: what peers send is dropped unless a route leads back"
                  .formatted(evidence.name()),
              "sysctl -w net.ipv4.conf." + evidence.name() + ".rp_filter=2"));
    }
    return List.of(Diagnosis.ok(SUBJECT, strict ? "strict, and routes lead back" : "not strict"));
  }
}
