#!/bin/bash
# What a peer may carry: TCP and UDP keep to the limit in both directions, nobody waits long, and other traffic is not touched.
#
#   a (FIRST: keeps the limit) 10.99.0.1 --- 10.99.0.2 b (SECOND)
#
# usage: limits.sh FIRST SECOND
. "$(dirname "$0")/lib.sh"

program=$(program "$1")
seconds=${LIMIT_SECONDS:-4}

start() {
  pair "$1" "$2"
  iperf_server b
  reaches a "$(inner4 b)"
}
limit() { on a "$program" limit "$(iface a)" "$(public_key b)" "$@"; } # [WORDS...]

near() { # MBITS OF INNER PACKETS, SHARE OF PAYLOAD: the report on standard input is within 5 %
  python3 -c '
import json, sys
got = json.load(sys.stdin)["end"]["sum_received"]["bits_per_second"] / 1e6
wanted = float(sys.argv[1]) * float(sys.argv[2])
print(f"{got:.2f} Mbit/s of payload, {wanted:.2f} wanted")
sys.exit(not 0.95 * wanted <= got <= 1.05 * wanted)' "$1" "$2"
}
payload=0.963 # of TCP: 1368 of 1420 bytes

says() {
  equals "off" "$(limit)" "at first"
  equals "in 5M, out 20M" "$(limit in 5M, out 20M)" "when it is set"
  equals "in 5M, out 20M" "$(limit)" "later"
  contains "$(on a "$program" show "$(iface a)")" "limit: in 5M, out 20M"
  fails limit fast
  contains "$(<"$work/said")" "a limit is bits a second"
  equals "in 5M, out 20M" "$(limit)" "after what was refused"
}
tcp_out() { limit 20M; iperf a "$(inner4 b)" -t "$seconds" -O 1 | near 20 "$payload"; }
tcp_in() { iperf a "$(inner4 b)" -t "$seconds" -O 1 -R | near 20 "$payload"; }
many() { iperf a "$(inner4 b)" -t "$seconds" -O 1 -P 4 | near 20 "$payload"; }
udp_out() { iperf a "$(inner4 b)" -t "$seconds" -u -b 60M -l 1200 >/dev/null & arrives b 20; }
udp_in() { iperf a "$(inner4 b)" -t "$seconds" -R -u -b 60M -l 1200 >/dev/null & arrives a 20; }
arrives() { # HOST MBITS: so much comes out of its interface, give or take 5 %, while a flow runs in the background
  local before after begin us
  sleep 1
  begin=${EPOCHREALTIME/./}
  before=$(inner_bytes "$1")
  sleep $((seconds - 2))
  after=$(inner_bytes "$1")
  us=$((${EPOCHREALTIME/./} - begin))
  wait
  python3 -c '
import sys
before, after, us, wanted = map(float, sys.argv[1:])
got = (after - before) * 8 / us
print(f"{got:.2f} Mbit/s, {wanted} wanted")
sys.exit(not 0.95 * wanted <= got <= 1.05 * wanted)' "$before" "$after" "$us" "$2"
}
inner_bytes() { on "$1" cat "/sys/class/net/$(iface "$1")/statistics/rx_bytes"; }
drops_are_counted() {
  local said
  said=$(on a "$program" show "$(iface a)" --json)
  python3 -c '
import json, sys
drops = json.load(sys.stdin)["interfaces"][0]["peers"][0]["drops"]
print(drops)
sys.exit(not (drops.get("send-limit", 0) > 0 and drops.get("receive-limit", 0) > 0))' <<<"$said"
}
packets() { # 1000 packets a second, of which 200 go
  limit out 200pps
  iperf a "$(inner4 b)" -t "$seconds" -u -b 576k -l 72 | python3 -c '
import json, sys
end = json.load(sys.stdin)["end"]["sum"]
arrived = end["packets"] - end["lost_packets"]
print(arrived, "of", end["packets"], "packets in", end["seconds"], "s")
sys.exit(not 190 <= arrived / end["seconds"] <= 220)'
}
marks() { # whoever understands marks loses nothing
  local before after
  on a sysctl -qw net.ipv4.tcp_ecn=1
  on b sysctl -qw net.ipv4.tcp_ecn=1
  limit out 20M
  before=$(lost)
  iperf a "$(inner4 b)" -t "$seconds" | python3 -c '
import json, sys
sent = json.load(sys.stdin)["end"]["sum_sent"]
print(sent["retransmits"], "sent again", sent["bits_per_second"] / 1e6, "Mbit/s")
sys.exit(not (sent["retransmits"] == 0 and sent["bits_per_second"] > 15e6))'
  after=$(lost)
  equals "$before" "$after" "packets dropped"
}
lost() {
  on a "$program" show "$(iface a)" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["interfaces"][0]["peers"][0]["drops"].get("send-limit", 0))'
}
waits_are_short() { # a ping beside TCP at the limit waits with it, and that is bounded
  local report
  on a sysctl -qw net.ipv4.tcp_ecn=0
  iperf a "$(inner4 b)" -t "$seconds" >/dev/null &
  sleep 1
  report=$(on a ping -n -q -c 20 -i 0.1 -W 2 "$(inner4 b)" || true)
  wait
  echo "$report"
  python3 -c '
import re, sys
worst = float(re.search(r"= [\d.]+/[\d.]+/([\d.]+)/", sys.argv[1]).group(1))
sys.exit(worst > 250)' "$report"
}
without_limit() { limit off; carries_more_than 100; }
carries_more_than() {
  iperf a "$(inner4 b)" -t 2 | python3 -c '
import json, sys
rate = json.load(sys.stdin)["end"]["sum_received"]["bits_per_second"] / 1e6
print(f"{rate:.0f} Mbit/s")
sys.exit(rate < float(sys.argv[1]))' "$1"
}

must "two nodes come up" start "$1" "$2"
check "a limit is set, shown, and refused when it is none" says
check "TCP to the peer keeps to it" tcp_out
check "TCP from the peer keeps to it" tcp_in
check "four streams together keep to it" many
check "UDP to the peer keeps to it" udp_out
check "UDP from the peer keeps to it" udp_in
check "what was dropped is counted" drops_are_counted
check "packets a second are limited" packets
check "TCP that understands congestion marks loses nothing" marks
check "what waits beside it does not wait long" waits_are_short
check "without a limit everything goes" without_limit
