package io.wgnetty.doctor;

import io.wgnetty.client.Facts;
import java.util.List;

/** Which cipher seals the data, and how fast. */
final class CipherCheck implements Check {
  private static final String SUBJECT = "cipher";
  private static final String SLOW = "jdk";
  private static final int PACKET_BITS = 1424 * 8;

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    NodeFacts node = evidence.node();
    if (node == null || !node.isOurs()) {
      return List.of();
    }
    Facts facts = node.after();
    String name = facts.text("cipher", "unknown");
    long packetNs = facts.number("cipher_ns");
    String text =
        packetNs == 0
            ? name + ", not measured yet"
            : "%s, %d ns for a packet of 1424 bytes: %.1f Gbit/s a core at most"
                .formatted(name, packetNs, (double) PACKET_BITS / packetNs);
    return List.of(
        name.equals(SLOW)
            ? Diagnosis.warning(
                SUBJECT,
                text + "; it is the slowest",
                "install libipsec-mb2 (x86-64), android-libboringssl or OpenSSL, and restart;"
                    + " wg-netty ciphers compares them")
            : Diagnosis.ok(SUBJECT, text));
  }
}
