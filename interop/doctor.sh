#!/bin/bash
# What `wg-netty doctor` finds, where something is made wrong on purpose, and where nothing is.
#
#   a: client 10.1.0.1 --- 10.1.0.2 b: gateway
#
# usage: doctor.sh ours
. "$(dirname "$0")/lib.sh"

start() {
  host a b
  cable a b 1
  printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\nAddress = 10.9.0.1/24\n[Peer]\n# Name = client\nPublicKey = %s\nAllowedIPs = 10.9.0.2/32\n' \
    "$(cat "$(key_file b)")" "$(public_key a)" >"$work/$(iface b).conf"
  printf '[Interface]\nPrivateKey = %s\nAddress = 10.9.0.2/24\n[Peer]\n# Name = gateway\nPublicKey = %s\nEndpoint = 10.1.0.2:51820\nAllowedIPs = 10.9.0.1/32\n' \
    "$(cat "$(key_file a)")" "$(public_key b)" >"$work/$(iface a).conf"
  chmod 600 "$work"/*.conf
  run_file b
  run_file a
  reaches a 10.9.0.1
}

run_file() { # HOST
  LOG_LEVEL=info ip netns exec "$(host_of "$1")" "$ours" run "$work/$(iface "$1").conf" >"$work/$1.log" 2>&1 </dev/null &
  echo $! >"$work/$1.pid"
  eventually $start_wait_s comes_up "$1" || { cat "$work/$1.log"; return 1; }
}
comes_up() { answers "$1" && [[ $(ip -n "$(host_of "$1")" -br addr show up dev "$(iface "$1")") == *10.9.0.* ]]; }

doctor() { # STATUS HOST ARGUMENTS...: its words in $work/said
  local expected=$1 h=$2 status=0
  shift 2
  on "$h" timeout 60 "$ours" doctor --seconds 1 "$@" >"$work/said" 2>&1 </dev/null || status=$?
  cat "$work/said"
  equals "$expected" "$status" "exit status"
}
says() { contains "$(<"$work/said")" "$1"; }

well() {
  doctor 0 b "$(iface b)"
  says "ok       port: 51820 is bound, and takes datagrams"
  says "ok       MTU: packets of 1420 bytes reach client (10.9.0.2)"
  says "ok       peers: heard: 1 of 1"
  doctor 0 a "$(iface a)" gateway
  fails on a timeout 60 "$ours" doctor "$(iface a)" nobody
  contains "$(<"$work/said")" "has no peer nobody"
}

json() {
  doctor 0 b --json "$(iface b)"
  python3 -c '
import json, sys
document = json.load(sys.stdin)
only = document["interfaces"][0]
assert only["worst"] == "ok", only
assert {"verdict", "subject", "message", "remedy"} == set(only["diagnoses"][0])' <"$work/said"
}

narrow_path() {
  on b nft -f - <<<'table ip narrow { chain c { type filter hook prerouting priority raw; udp dport 51820 meta length > 1300 drop; }; }'
  doctor 1 a "$(iface a)"
  says "problem  MTU: the interface allows 1420 bytes"
  local proposed
  proposed=$(sed -n 's/.*-> MTU = \([0-9]*\) .*/\1/p' "$work/said")
  ((proposed > 1200 && proposed <= 1240)) || { echo "proposed $proposed"; return 1; } # 60 bytes around a padded packet
  on b nft delete table ip narrow
}

gateway_without_forwarding() {
  sed -i 's/^ListenPort/# Masquerade = to-a\nListenPort/' "$work/$(iface b).conf"
  doctor 1 b "$(iface b)"
  says "problem  forwarding: IPv4 is off"
  says "-> sysctl -w net.ipv4.ip_forward=1"
  says "problem  NAT: the file asks for masquerading, and there is no such rule -> wg-netty reload"
  on b sysctl -qw net.ipv4.ip_forward=1
  on b timeout 60 "$ours" reload "$(iface b)"
  doctor 0 b "$(iface b)"
  says "ok       NAT: rules translate source addresses"
}

overlapping() {
  sed 's|AllowedIPs.*|AllowedIPs = 10.1.0.0/25|' "$work/$(iface b).conf" >"$work/overlap.conf"
  doctor 1 b "$work/overlap.conf"
  says "problem  allowed IPs: 10.1.0.0/25 of client is in the network 10.1.0.0/24 of to-a"
  says "warning  node: overlap is not running"
}

wrong_source() { # a speaks from an address that is not its own
  ip -n "$(host_of a)" addr add 10.9.0.77/32 dev "$(iface a)"
  on a ping -n -q -i 0.2 -w 20 -I 10.9.0.77 10.9.0.1 >/dev/null 2>&1 &
  local pinger=$!
  doctor 1 b "$(iface b)" client
  kill "$pinger"
  says "problem  data: handshake but no data: client sends from addresses that are not its own"
  says "drops: wrong-source"
}

unknown_caller() { # a takes another key
  wg set "$(iface a)" private-key <(wg genkey)
  on a ping -n -q -i 0.2 -w 20 10.9.0.1 >/dev/null 2>&1 &
  local pinger=$!
  eventually 15 refused handshake-invalid
  on b timeout 60 "$ours" doctor --seconds 6 "$(iface b)" >"$work/said" 2>&1 </dev/null || true
  kill "$pinger"
  cat "$work/said"
  says "problem  keys: somebody calls with a key that no peer here has"
}
refused() { # REASON: b has counted such a drop
  [[ $("$ours" show "$(iface b)") == *"$1"* ]]
}

must "a client and a gateway come up" start
check "where all is well it says so" well
check "it speaks JSON" json
check "it finds a path that is too narrow, and the MTU that fits" narrow_path
check "it finds a gateway without forwarding and NAT" gateway_without_forwarding
check "it judges a file without a node, and finds a local network taken away" overlapping
check "it finds a peer that sends from foreign addresses" wrong_source
check "it finds a caller with a wrong key" unknown_caller
