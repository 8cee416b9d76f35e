#!/bin/bash
# The way between the nodes is narrower than they think, or does not segment: nothing is lost, and nothing stalls.
#
#   a (FIRST), under test                       b (SECOND)
#   to-b 10.99.0.1 fd99:99::1  <- MTU 1280 ->   to-a 10.99.0.2 fd99:99::2
#
# With the interface's usual MTU of 1420 an outer datagram has up to 1480 bytes: it goes in fragments. Messages that the
# kernel would have to cut into such datagrams it refuses (EMSGSIZE, EINVAL): they go out one by one.
#
# usage: pathmtu.sh ours SECOND
. "$(dirname "$0")/lib.sh"

start() {
  pair "$1" "$2"
  flow_server b
  on a nft -f - <<'RULES'
table netdev out {
  counter joined { }
  counter fragments { }
  chain leaving {
    type filter hook egress device "to-b" priority 0;
    meta protocol ip ip frag-off & 0x1fff != 0 counter name fragments
    meta protocol ip6 ip6 nexthdr 44 counter name fragments
    udp dport 51820 meta length > 1600 counter name joined
  }
}
RULES
  reaches a "$(inner4 b)"
}
counted() { on a nft list counter netdev out "$1" | awk '$1 == "packets" {print $2}'; }

outer_mtu() { # MTU
  ip -n "$(host_of a)" link set to-b mtu "$1"
  ip -n "$(host_of b)" link set to-a mtu "$1"
}
meet_over() { # OUTER
  forget a b
  forget b a
  # Other sockets: they remember for ten minutes where segments were refused.
  wg set "$(iface a)" listen-port 51821
  wg set "$(iface a)" listen-port 51820
  peer b a
  peer a b endpoint "$([[ $1 == IPv4 ]] && echo 10.99.0.2 || echo '[fd99:99::2]'):51820"
  on a nft reset counters >/dev/null
  reaches a "$(inner4 b)"
}

traffic() {
  local at
  for at in "$(inner4 b)" "$(inner6 b)"; do
    pings a "$at" 10 0.01
    # Debian's wireguard-go takes no more than some ninety packets at once; in fragments they need more room.
    flows a "$at" --tcp 3000000 --udp 12+500+1372 --udp 1300 --udp 100x40 --udp 1300x24 --window 36 --count 200
  done
  on a ping -n -c 3 -i 0.1 -s 1372 -M do -W 5 "$(inner4 b)" # the interface's MTU counts, not what is beneath it
}

wide() { # OUTER: how it is without all this
  meet_over "$1"
  traffic
  equals 0 "$(counted fragments)" "fragments"
  (($(counted joined) > 0))
}
narrow() { # OUTER
  outer_mtu 1280
  meet_over "$1"
  traffic
  echo "$(counted fragments) fragments, $(counted joined) joined"
  (($(counted fragments) > 200)) # full packets of all flows
}
becomes_narrow() { # OUTER: in the middle of a transfer
  local transfer
  outer_mtu 1500
  meet_over "$1"
  flows a "$(inner4 b)" --tcp 200000000 &
  transfer=$!
  sleep 0.3
  outer_mtu 1280
  wait $transfer
  (($(counted fragments) > 0 && $(counted joined) > 0))
  outer_mtu 1500
}
without_segmentation() { # OUTER: the cable's device does not segment, so the kernel has to, or refuses
  local feature
  outer_mtu 1500
  on a ethtool -K to-b tx-udp-segmentation off tso off gso off tx off sg off 2>/dev/null || true
  equals off "$(on a ethtool -k to-b | awk '$1 == "tx-udp-segmentation:" {print $2}')" "segmentation by the device"
  equals off "$(on a ethtool -k to-b | awk '$1 == "tx-checksumming:" {print $2}')" "checksums by the device"
  meet_over "$1"
  traffic
  echo "$(counted joined) joined"
}

[[ ${1:?} == ours ]] || { echo "$0: the first has to be ours" >&2; exit 2; }
must "two nodes come up" start "$1" "$2"
for outer in IPv4 IPv6; do
  outer_mtu 1500
  check "over $outer with MTU 1500" wide "$outer"
  check "over $outer with MTU 1280" narrow "$outer"
  check "over $outer it becomes narrow in the middle of a transfer" becomes_narrow "$outer"
done
for outer in IPv4 IPv6; do
  check "over $outer without segmentation and checksums by the device" without_segmentation "$outer"
done
