package io.wgnetty.doctor;

import java.util.List;

/** Whether somebody translates the addresses of peers that go out through this machine. */
final class MasqueradeCheck implements Check {
  private static final String SUBJECT = "NAT";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    if (!evidence.looksLikeGateway()) {
      return List.of();
    }
    FileFacts file = evidence.file();
    boolean asked = file != null && file.masquerades();
    return List.of(
        switch (evidence.host().nat()) {
          case FOUND -> Diagnosis.ok(SUBJECT, "rules translate source addresses");
          case UNKNOWN ->
              Diagnosis.ok(SUBJECT, "not known: neither nft nor iptables-save is installed");
          case NONE ->
              asked && evidence.node() != null
                  ? Diagnosis.problem(
                      SUBJECT,
                      "the file asks for masquerading, and there is no such rule",
                      "wg-netty reload " + evidence.name() + " makes it again")
                  : Diagnosis.warning(
                      SUBJECT,
                      "no rule translates source addresses: hosts behind this machine answer peers"
                          + " only if they have a route back",
                      "`# Masquerade = yes' in [Interface], or that route");
        });
  }
}
