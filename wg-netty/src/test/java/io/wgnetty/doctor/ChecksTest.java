package io.wgnetty.doctor;

import static io.wgnetty.doctor.EvidenceBuilder.NOW;
import static io.wgnetty.doctor.EvidenceBuilder.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.client.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each check says of what was found out. */
class ChecksTest {
  private static final String FORWARDING = "net/ipv4/ip_forward";
  private static final String OUTER_FILTER = "net/ipv4/conf/eth0/rp_filter";
  private static final String MARKED = "net/ipv4/conf/all/src_valid_mark";

  private static final String CALLERS =
      peer(0, "AllowedIPs = 10.9.0.2/32\n") + peer(1, "AllowedIPs = 10.9.0.3/32\n");

  private static EvidenceBuilder evidence() {
    return new EvidenceBuilder();
  }

  private static List<String> lines(Check check, EvidenceBuilder evidence) {
    return check.judge(evidence.build()).stream().map(Diagnosis::line).toList();
  }

  private static String only(Check check, EvidenceBuilder evidence) {
    assertThat(lines(check, evidence)).hasSize(1);
    return lines(check, evidence).getFirst();
  }

  @Test
  void shouldFindNothingWhereAllIsWell() {
    EvidenceBuilder well =
        evidence()
            .file("# Masquerade = eth0\n" + CALLERS)
            .setting(FORWARDING, "1")
            .network("eth0", "192.0.2.0/24")
            .node("cipher", "boringssl")
            .node("cipher_ns", "1000")
            .runningPeer("phone", "session_age_ms=9", "heard_ms_ago=10", "tx_bytes=1>2")
            .path("phone", true, 1420)
            .drops("no-peer", 1, 2);
    List<Diagnosis> all = Doctor.judge(well.build());
    assertThat(all).allMatch(each -> each.verdict() == Verdict.OK);
    assertThat(all.stream().map(Diagnosis::subject))
        .contains("node", "file", "clock", "port", "peers", "keys", "data", "MTU", "forwarding")
        .contains("NAT", "rp_filter", "allowed IPs", "cipher", "socket buffers", "drops");
    assertThat(Doctor.worst(all)).isEqualTo(Verdict.OK);
  }

  @Test
  void shouldWorkWithAFileAlone() {
    List<Diagnosis> all = Doctor.judge(evidence().file(CALLERS).stopped().build());
    assertThat(Doctor.worst(all)).isEqualTo(Verdict.WARNING);
    assertThat(all.getFirst().line())
        .isEqualTo(
            "warning  node: wg0 is not running; only its file and this machine were looked at"
                + " -> wg-netty up wg0");
  }

  @Test
  void shouldWorkWithANodeOfAnotherKind() {
    List<Diagnosis> all = Doctor.judge(evidence().foreign().build());
    assertThat(Doctor.worst(all)).isEqualTo(Verdict.OK);
  }

  @Test
  void shouldSayWhatIsWrongWithTheFile() {
    assertThat(only(new FileCheck(), evidence().file("MTU = 9x\n")))
        .startsWith("problem  file: /etc/wireguard/wg0.conf:4:7: error: MTU: '9x' is no MTU")
        .endsWith(" -> correct it: a reload would be refused");
  }

  @Test
  void shouldAskForForwardingOfGateways() {
    assertThat(only(new ForwardingCheck(), evidence().setting(FORWARDING, "0")))
        .startsWith("ok       forwarding: not needed");
    assertThat(only(new ForwardingCheck(), evidence().file(CALLERS).setting(FORWARDING, "0")))
        .startsWith("warning  forwarding: IPv4 is off")
        .contains("-> sysctl -w net.ipv4.ip_forward=1");
    assertThat(
            only(
                new ForwardingCheck(),
                evidence().file("# Masquerade = yes\n").setting(FORWARDING, "0")))
        .startsWith("problem  forwarding: IPv4 is off");
    assertThat(
            lines(
                new ForwardingCheck(),
                evidence()
                    .file("Address = fd00::1/64\n# Masquerade = yes\n")
                    .setting(FORWARDING, "1")
                    .setting("net/ipv6/conf/all/forwarding", "0")))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("ok       forwarding: IPv4 is on"),
            line -> assertThat(line).startsWith("problem  forwarding: IPv6 is off"));
  }

  @Test
  void shouldMissMasqueradingOfGatewaysOnly() {
    EvidenceBuilder none = evidence().nat(HostFacts.Nat.NONE);
    assertThat(lines(new MasqueradeCheck(), none)).isEmpty();
    assertThat(only(new MasqueradeCheck(), none.file(CALLERS))).startsWith("warning  NAT: no rule");
    assertThat(only(new MasqueradeCheck(), none.file("# Masquerade = eth0\n")))
        .startsWith("problem  NAT: the file asks for masquerading, and there is no such rule");
    assertThat(only(new MasqueradeCheck(), none.nat(HostFacts.Nat.UNKNOWN)))
        .startsWith("ok       NAT: not known");
  }

  @Test
  void shouldFindAStrictFilterThatDropsAnswers() {
    EvidenceBuilder everything =
        evidence()
            .file(peer(0, "AllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.1:1\n"))
            .setting(OUTER_FILTER, "1")
            .setting(MARKED, "0");
    assertThat(only(new ReversePathCheck(), everything))
        .startsWith("problem  rp_filter: strict on eth0, and src_valid_mark is off");
    assertThat(only(new ReversePathCheck(), everything.setting(MARKED, "1"))).startsWith("ok");
    assertThat(
            only(
                new ReversePathCheck(),
                evidence().file("Table = off\n").setting("net/ipv4/conf/wg0/rp_filter", "1")))
        .startsWith("warning  rp_filter: strict on wg0, and Table = off");
  }

  @ParameterizedTest
  @EnumSource(NodeFacts.PortAnswer.class)
  void shouldSayWhatBecameOfADatagram(NodeFacts.PortAnswer answer) {
    Verdict expected =
        switch (answer) {
          case COUNTED -> Verdict.OK;
          case CLOSED -> Verdict.PROBLEM;
          case SILENT, NOT_TRIED -> Verdict.WARNING;
        };
    assertThat(only(new PortCheck(), evidence().port(answer))).startsWith(expected.word());
  }

  @Test
  void shouldSayWhyThePortIsNotBound() {
    assertThat(only(new PortCheck(), evidence().node("not_listening", "address in use")))
        .startsWith("problem  port: 51820 cannot be bound: address in use -> ss -lunp");
  }

  @Test
  void shouldProposeAnMtuThatFits() {
    assertThat(only(new PathCheck(), evidence().path("phone", true, 1300)))
        .isEqualTo(
            "problem  MTU: the interface allows 1420 bytes, but only packets of up to 1300 reach"
                + " phone (10.9.0.2) and come back -> MTU = 1300 in [Interface], on both sides");
    assertThat(only(new PathCheck(), evidence().path("phone", false, 0)))
        .startsWith("ok       MTU: phone (10.9.0.2) answers no pings");
  }

  @Test
  void shouldSeeAClockThatWentBack() {
    assertThat(only(new ClockCheck(), evidence().now(1_000))).startsWith("problem  clock");
    assertThat(only(new ClockCheck(), evidence().file("").now(NOW - 3600)))
        .startsWith("warning  clock: the file was changed later than now");
    assertThat(
            only(
                new ClockCheck(),
                evidence().runningPeer("a", "last_handshake_time_sec=" + (NOW + 3600))))
        .startsWith("warning  clock: handshakes were made later than now");
  }

  @Test
  void shouldNameEndpointsThatAreNotFound() {
    assertThat(
            lines(
                new NamesCheck(),
                evidence().file("").name("a.example", "").name("b.example", "not known")))
        .containsExactly(
            "problem  names: the endpoint b.example is not found: not known -> getent hosts"
                + " b.example; correct it, or the name servers of this machine");
    assertThat(only(new NamesCheck(), evidence().file("").name("a.example", "")))
        .isEqualTo("ok       names: endpoints are found: 1");
  }

  @Test
  void shouldAdviseAFasterCipher() {
    assertThat(only(new CipherCheck(), evidence().node("cipher", "jdk").node("cipher_ns", "5696")))
        .startsWith("warning  cipher: jdk, 5696 ns for a packet of 1424 bytes: 2.0 Gbit/s a core");
    assertThat(only(new CipherCheck(), evidence().node("cipher", "openssl")))
        .isEqualTo("ok       cipher: openssl, not measured yet");
  }

  @Test
  void shouldSeeDatagramsThatAreLost() {
    assertThat(only(new BuffersCheck(), evidence().lost(12)))
        .startsWith("problem  socket buffers: 12 datagrams found a full buffer");
    assertThat(only(new BuffersCheck(), evidence().node("pending_messages", "3")))
        .startsWith("warning  socket buffers: 3 messages wait");
    assertThat(only(new BuffersCheck(), evidence())).contains("none lost now; 7 since");
  }

  @Test
  void shouldExplainDropsAndWarnOfThoseThatTellOfAMistakeNow() {
    assertThat(only(new DropsCheck(), evidence().drops("wrong-source", 5, 9)))
        .startsWith("warning  drops: wrong-source, 9, 4 now: The inner source address is not among")
        .contains(" -> Compare the peer's Address with its AllowedIPs here.");
    assertThat(only(new DropsCheck(), evidence().drops("wrong-source", 9, 9)))
        .startsWith("ok       drops: wrong-source, 9, none now: ");
    assertThat(only(new DropsCheck(), evidence().drops("malformed-message", 0, 99)))
        .startsWith("ok       drops: malformed-message, 99, 99 now: Not a WireGuard message");
    assertThat(only(new DropsCheck(), evidence().drops("of-a-newer-node", 0, 1)))
        .isEqualTo("ok       drops: of-a-newer-node, 1");
  }

  @Test
  void shouldTellWhoCallsWithAWrongKey() {
    assertThat(
            only(
                new WrongKeyCheck(),
                evidence().drops("bad-mac1", 0, 2).runningPeer("phone", "tx_bytes=0")))
        .startsWith("problem  keys: somebody calls with another public key of this interface")
        .contains("; perhaps phone, which has no session -> compare PublicKey");
    assertThat(only(new WrongKeyCheck(), evidence().drops("handshake-invalid", 1, 2)))
        .startsWith("problem  keys: somebody calls with a key that no peer here has ->");
    assertThat(
            only(
                new WrongKeyCheck(),
                evidence()
                    .drops("handshake-invalid", 1, 2)
                    .runningPeer("phone", "drop=handshake-invalid:1>handshake-invalid:2")))
        .startsWith("problem  keys: phone answers, but the handshake does not fit");
    assertThat(
            only(new WrongKeyCheck(), evidence().runningPeer("phone", "handshake_state=answering")))
        .startsWith("problem  keys: phone calls and is answered, and never goes on");
    assertThat(
            only(
                new WrongKeyCheck(),
                evidence().runningPeer("phone", "handshake_state=none>answering")))
        .startsWith("ok");
  }

  @Test
  void shouldSeeHandshakesWithoutData() {
    assertThat(
            only(
                new DataCheck(),
                evidence()
                    .runningPeer(
                        "phone", "session_age_ms=1", "tx_bytes=1>601", "heard_ms_ago=20000")))
        .startsWith("problem  data: handshake but no data: phone was sent 600 bytes, and says");
    assertThat(
            only(
                new DataCheck(),
                evidence()
                    .runningPeer(
                        "phone",
                        "session_age_ms=1",
                        "heard_ms_ago=1",
                        "drop=wrong-source:1>wrong-source:4")))
        .startsWith("problem  data: handshake but no data: phone sends from addresses that are not")
        .contains("own, 3 packets now");
    assertThat(lines(new DataCheck(), evidence().runningPeer("idle", "tx_bytes=1>9"))).isEmpty();
  }

  @Test
  void shouldSeeAllowedIpsThatTakeALocalNetworkAway() {
    EvidenceBuilder home = evidence().network("eth0", "192.168.1.0/24");
    assertThat(
            only(
                new OverlapCheck(),
                home.file(peer(0, "AllowedIPs = 192.168.1.0/25, 10.0.0.0/8\n"))))
        .startsWith("problem  allowed IPs: 192.168.1.0/25 of B")
        .contains("is in the network 192.168.1.0/24 of eth0");
    assertThat(only(new OverlapCheck(), home.file(peer(0, "AllowedIPs = 192.168.0.0/16, ::/0\n"))))
        .startsWith("ok");
  }

  @Test
  void shouldListPeersThatWereNeverHeard() {
    EvidenceBuilder many = evidence();
    for (int i = 0; i < 7; i++) {
      many.runningPeer("p" + i, "handshake_state=none");
    }
    many.runningPeer("away", "handshake_state=initiating").runningPeer("here", "heard_ms_ago=1");
    assertThat(lines(new SilentPeersCheck(), many))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("problem  peers: called, and never answered: away"),
            line -> assertThat(line).endsWith(": p0, p1, p2, p3, p4 and 2 more"),
            line -> assertThat(line).isEqualTo("ok       peers: heard: 1 of 9"));
  }

  @Test
  void shouldSpeakToPrograms() {
    var document = new JsonText();
    Diagnosis.warning("a \"subject\"", "message", "remedy").addTo(document);
    assertThat(document.toString().replaceAll("\\s+", " "))
        .isEqualTo(
            "{ \"verdict\": \"warning\", \"subject\": \"a \\\"subject\\\"\", \"message\":"
                + " \"message\", \"remedy\": \"remedy\" } ");
    var other = new JsonText();
    Diagnosis.ok("a", "b").addTo(other);
    assertThat(other.toString()).contains("\"remedy\": null");
  }

  @Test
  void shouldFindAColumnOfTheKernelsTable() {
    List<String> table =
        List.of("Ip: A B", "Ip: 1 2", "Udp: InDatagrams RcvbufErrors", "Udp: 5 42", "UdpLite: x");
    assertThat(HostExamination.udpCounter(table, "RcvbufErrors")).isEqualTo(42);
    assertThat(HostExamination.udpCounter(table, "Other")).isZero();
    assertThat(HostExamination.udpCounter(List.of(), "Other")).isZero();
  }
}
