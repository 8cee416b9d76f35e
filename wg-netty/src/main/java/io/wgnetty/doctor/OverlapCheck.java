package io.wgnetty.doctor;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.PeerSettings;
import java.util.ArrayList;
import java.util.List;

/** Whether allowed IPs take local networks away. */
final class OverlapCheck implements Check {
  private static final String SUBJECT = "allowed IPs";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    FileFacts file = evidence.file();
    if (file == null) {
      return List.of();
    }
    List<Diagnosis> all = new ArrayList<>();
    for (PeerSettings peer : file.peers()) {
      for (IpPrefix prefix : peer.allowedIps()) {
        for (HostFacts.Network network : evidence.host().networks()) {
          // A wider one is harmless: the local route is more specific.
          if (covers(network.prefix(), prefix)) {
            all.add(
                Diagnosis.problem(
                    SUBJECT,
                    "%s of %s is in the network %s of %s: its hosts are no longer reached"
                        .formatted(prefix, shown(peer), network.prefix(), network.link()),
                    "choose another network for one of them"));
          }
        }
      }
    }
    return all.isEmpty() ? List.of(Diagnosis.ok(SUBJECT, "they leave local networks alone")) : all;
  }

  private static String shown(PeerSettings peer) {
    return peer.label() == null ? peer.publicKey().toBase64() : peer.label();
  }

  static boolean covers(IpPrefix wide, IpPrefix narrow) {
    if (wide.isIpv6() != narrow.isIpv6() || wide.length() > narrow.length()) {
      return false;
    }
    return new IpPrefix(narrow.isIpv6(), narrow.high(), narrow.low(), wide.length()).equals(wide);
  }
}
