#!/bin/bash
# What a peer may carry: TCP and UDP keep to the limit in both directions, nobody waits long, and other traffic is not touched;
# what the peers of a group carry together, and what happens when a quota is used up.
#
#   a (FIRST: keeps the limit) 10.99.0.1 --- 10.99.0.2 b (SECOND)
#                                         c (SECOND) at 10.98.0.2
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

of_group() { on a "$program" limit "$(iface a)" group:sales "$@"; } # [WORDS...]
joined() {
  host c
  cable a c 98
  node c "$1"
  peer a c endpoint 10.98.0.2:51820
  peer c a endpoint 10.98.0.1:51820
  iperf_server c
  reaches a "$(inner4 c)"
  equals "20M" "$(of_group 20M)" "limit of the group"
  contains "$(limit --group sales)" "group sales"
  on a "$program" limit "$(iface a)" "$(public_key c)" --group sales >/dev/null
  contains "$(on a "$program" show "$(iface a)")" "group: sales"
  fails on a "$program" limit "$(iface a)" group:sales fast
  contains "$(<"$work/said")" "a limit is bits a second"
}
together() { # [-R]: both get something, and the sum is the group's
  iperf a "$(inner4 c)" -t "$seconds" -O 1 "$@" >"$work/to_c" &
  iperf a "$(inner4 b)" -t "$seconds" -O 1 "$@" >"$work/to_b"
  wait $!
  python3 -c '
import json, sys
rates = [json.load(open(file))["end"]["sum_received"]["bits_per_second"] / 1e6 for file in sys.argv[2:]]
wanted = 20 * float(sys.argv[1])
print(rates, wanted, "wanted")
sys.exit(not (0.95 * wanted <= sum(rates) <= 1.05 * wanted and min(rates) > 0.2 * wanted))' "$payload" "$work/to_b" "$work/to_c"
}
alone() { iperf a "$(inner4 b)" -t "$seconds" -O 1 | near 20 "$payload"; }
group_ends() { of_group off; carries_more_than 100; }

used() { on a "$program" show "$(iface a)" --json | jq ".interfaces[0].peers[] | select(.public_key == \"$(public_key b)\") | .quota_used_bytes"; }
has_used() { (($(used) >= $1)); }
quota_slows() {
  limit --group off --quota "20MB a day, then 5M"
  iperf a "$(inner4 b)" -n 30M >/dev/null
  eventually 5 has_used 20000000
  iperf a "$(inner4 b)" -t "$seconds" -O 1 | near 5 "$payload"
  contains "$(limit)" "quota 20MB a day, then 5M (used: "
}
quota_survives() { # a restart, whose peers are set anew
  end a
  forget b a # before a is back and calls it
  peer b a endpoint 10.99.0.1:51820
  node a "$1"
  peer a b endpoint 10.99.0.2:51820
  reaches a "$(inner4 b)"
  limit --quota "20MB a day, then off"
  eventually 5 never_reaches a "$(inner4 b)"
  has_used 20000000
}
quota_is_counted() {
  local drops
  drops=$(on a "$program" show "$(iface a)" --json | jq '.interfaces[0].peers[0].drops["send-quota"]')
  echo "send-quota: $drops"
  ((drops > 0))
}
quota_is_raised() { limit --quota "100GB a day, then off"; eventually 5 reaches a "$(inner4 b)"; }
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
check "two peers join a group with a limit" joined "$2"
check "they share it, TCP to them" together
check "they share it, TCP from them" together -R
check "one alone gets all of it" alone
check "without the group's limit everything goes" group_ends
check "a quota that is used up slows its peer" quota_slows
check "what was used outlives a restart, and ends the traffic if the quota says so" quota_survives "$1"
check "what it drops is counted" quota_is_counted
check "a larger quota lets it go on" quota_is_raised
