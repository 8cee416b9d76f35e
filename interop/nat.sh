#!/bin/bash
# A peer behind a NAT whose mappings live for three seconds. Persistent keepalive keeps the way in open.
#
#   a (FIRST, inside) 10.1.0.1 --- 10.1.0.2 n (masquerade) 10.2.0.1 --- 10.2.0.2 b (SECOND, outside)
#
# usage: nat.sh FIRST SECOND
. "$(dirname "$0")/lib.sh"

mapping_s=3

start() {
  host a n b
  cable a n 1
  cable n b 2
  ip -n "$(host_of a)" route add default via 10.1.0.2
  on n sysctl -qw net.ipv4.ip_forward=1
  on n nft "add table ip nat; add chain ip nat out { type nat hook postrouting priority srcnat; }
    add rule ip nat out oifname to-b masquerade random
    add table ip fw; add chain ip fw through { type filter hook forward priority 0; policy drop; }
    add rule ip fw through ct state established,related accept; add rule ip fw through iifname to-a accept"
  on n sysctl -qw net.netfilter.nf_conntrack_udp_timeout=$mapping_s net.netfilter.nf_conntrack_udp_timeout_stream=$mapping_s
  node a "$1"
  node b "$2"
  peer a b endpoint 10.2.0.2:51820
  peer b a
  reaches a "$(inner4 b)"
}

mapping_expires() {
  reaches_within b "$(inner4 a)" 1 # the mapping is fresh
  field b endpoints a >"$work/mapping"
  sleep $((mapping_s + 1)) # a is silent meanwhile: its reply to the ping was its last word for 15 s
  never_reaches b "$(inner4 a)"
  equals "$(cat "$work/mapping")" "$(field b endpoints a)" "where b sees a"
}

inside_calls_again() {
  reaches a "$(inner4 b)"
  reaches_within b "$(inner4 a)" 1
  echo "was $(cat "$work/mapping"), is $(field b endpoints a)"
  moved "$(cat "$work/mapping")" # a new mapping is a new port
}

keepalive_holds_the_door_open() {
  wg set "$(iface a)" peer "$(public_key b)" persistent-keepalive 1
  local mapping
  sleep 1.5
  mapping=$(field b endpoints a)
  for _ in 1 2 3; do
    sleep $((mapping_s + 1))
    reaches_within b "$(inner4 a)" 1
    reaches_within b "$(inner6 a)" 1
  done
  equals "$mapping" "$(field b endpoints a)" "the mapping"
}

mapping_lost() { # the router forgets everything; the next keepalive brings a new mapping, and b follows without traffic of its own
  local before
  before=$(field b endpoints a)
  on n python3 - <<'FLUSH'
import socket, struct
# ctnetlink, delete without a tuple: the whole table
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
s.send(struct.pack("=IHHIIBBH", 20, (1 << 8) | 2, 1 | 4, 1, 0, socket.AF_INET, 0, 0))
assert struct.unpack_from("=i", s.recv(4096), 16)[0] == 0
FLUSH
  eventually 3 moved "$before"
  reaches_within b "$(inner4 a)" 1
}
moved() { [[ $(field b endpoints a) != "$1" ]]; }

must "two nodes meet through the NAT" start "$1" "$2"
check "without keepalive the mapping expires and the outside is shut out" mapping_expires
check "the inside calls again from a new mapping and is answered" inside_calls_again
check "persistent keepalive keeps the inside reachable" keepalive_holds_the_door_open
check "after the router lost its mappings the next keepalive finds the outside" mapping_lost
