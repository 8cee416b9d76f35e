#!/bin/bash
# Ping, TCP and UDP, inner IPv4 and IPv6, over outer IPv4 and IPv6, with and without a preshared key.
#
#   a (FIRST)  wg 10.0.0.1 fd00::1                      b (SECOND)  wg 10.0.0.2 fd00::2
#              to-b 10.99.0.1 fd99:99::1  <---------->              to-a 10.99.0.2 fd99:99::2
#
# usage: traffic.sh FIRST SECOND     each: ours or go; the first initiates
. "$(dirname "$0")/lib.sh"

start() {
  pair "$1" "$2"
  iperf_server b
}

meet_again() { # OUTER PSK: both forget each other, so that what follows needs a new handshake
  local a_at=10.99.0.1 b_at=10.99.0.2 key=/dev/null
  [[ $1 == IPv4 ]] || a_at=[fd99:99::1] b_at=[fd99:99::2]
  [[ $2 == without ]] || key=$(preshared_key_file)
  forget a b
  forget b a
  peer b a endpoint "$a_at:51820" preshared-key "$key"
  peer a b endpoint "$b_at:51820" preshared-key "$key"
  reaches a "$(inner4 b)"
  [[ $(field b latest-handshakes a) -gt 0 ]]
  equals "$b_at:51820" "$(field a endpoints b)" "where a sees b"
}

ping_both_families() {
  pings a "$(inner4 b)" 20 0.01
  pings a "$(inner6 b)" 20 0.01
  pings b "$(inner4 a)" 20 0.01
  pings b "$(inner6 a)" 20 0.01
  on a ping -n -c 3 -i 0.1 -s 1372 -M do -W 2 "$(inner4 b)" # exactly the MTU of 1420
}

wrong_psk() {
  peer a b preshared-key <(wg genpsk)
  forget b a
  peer b a preshared-key "$(preshared_key_file)"
  never_reaches a "$(inner4 b)"
}

mtu_of() { on "$1" cat "/sys/class/net/$(iface "$1")/mtu"; }
set_back() { [[ $(mtu_of a) == 65475 ]]; }
largest_packets() { # more than a datagram carries is set back; what is left goes through
  local h
  for h in a b; do
    on "$h" ip link set "$(iface "$h")" mtu 65475
  done
  on a ip link set "$(iface a)" mtu 65535
  eventually 5 set_back
  on a ping -n -c 3 -i 0.1 -s 65447 -M do -W 5 "$(inner4 b)"
  carries_tcp a "$(inner4 b)"
  carries_tcp a "$(inner4 b)" -R
  for h in a b; do
    on "$h" ip link set "$(iface "$h")" mtu 1420
  done
}

must "two nodes come up" start "$1" "$2"
for outer in IPv4 IPv6; do
  for psk in without with; do
    check "handshake over $outer $psk preshared key" meet_again "$outer" "$psk"
    check "ping IPv4 and IPv6 over $outer $psk preshared key" ping_both_families
  done
  check "TCP over $outer, inner IPv4" carries_tcp a "$(inner4 b)"
  check "TCP over $outer, inner IPv4, towards the initiator" carries_tcp a "$(inner4 b)" -R
  check "TCP over $outer, inner IPv6" carries_tcp a "$(inner6 b)"
  check "UDP over $outer, inner IPv4" carries_udp a "$(inner4 b)"
  check "UDP over $outer, inner IPv6" carries_udp a "$(inner6 b)"
done
if [[ $1 == ours && $2 == ours ]]; then
  check "the largest packets, after an MTU that no datagram carries" largest_packets
fi
check "a wrong preshared key lets nothing through" wrong_psk
