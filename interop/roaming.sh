#!/bin/bash
# A peer moves to a new address and a new port while traffic flows; the other side follows, on authenticated packets only.
# Topology as in traffic.sh.
#
# usage: roaming.sh FIRST SECOND
. "$(dirname "$0")/lib.sh"

declare -A runs=([a]=${1:?} [b]=${2:?})

start() {
  pair "$1" "$2"
  reaches a "$(inner4 b)"
}

change_address() { # HOST INTERFACE OLD NEW: the new one first, so that the host is never without
  local at
  at=$(host_of "$1")
  on "$1" sysctl -qw "net.ipv4.conf.$2.promote_secondaries=1"
  ip -n "$at" addr add "$4" dev "$2"
  ip -n "$at" addr del "$3" dev "$2"
}

# MOVER STAYER: both directions of traffic work before and after, and the session survives the move
moves_to_address() {
  local n before
  n=$(number "$1")
  before=$(field "$2" latest-handshakes "$1")
  change_address "$1" "to-$2" "10.99.0.$n/24" "10.99.0.2$n/24"
  # Debian's wireguard-go sticks to the source address that is gone (newer kernels refuse it with ENETUNREACH, and it
  # expects EINVAL); being told the endpoint again makes it forget.
  [[ ${runs[$1]} != go ]] || wg set "$(iface "$1")" peer "$(public_key "$2")" endpoint "$(field "$1" endpoints "$2")"
  reaches "$1" "$(inner4 "$2")"
  equals "10.99.0.2$n:51820" "$(field "$2" endpoints "$1")" "where $2 sees $1"
  pings "$2" "$(inner4 "$1")" 20 0.02
  equals "$before" "$(field "$2" latest-handshakes "$1")" "latest handshake"
}

moves_to_port() {
  local n=$(($(number "$1") + 40000)) before
  before=$(field "$2" latest-handshakes "$1")
  wg set "$(iface "$1")" listen-port "$n"
  reaches "$1" "$(inner6 "$2")"
  equals "$n" "$(field "$2" endpoints "$1" | sed 's/.*://')" "the port where $2 sees $1"
  pings "$2" "$(inner4 "$1")" 20 0.02
  equals "$before" "$(field "$2" latest-handshakes "$1")" "latest handshake"
}

moves_to_other_family() {
  wg set "$(iface a)" peer "$(public_key b)" endpoint "[fd99:99::2]:$(wg show "$(iface b)" listen-port)"
  reaches a "$(inner4 b)"
  equals "[fd99:99::1]:$(wg show "$(iface a)" listen-port)" "$(field b endpoints a)" "where b sees a"
  pings b "$(inner6 a)" 20 0.02
}

# While both talk, a moves back and forth; b's pings may be lost only between a move and a's next own packet.
keeps_talking_while_moving() {
  local lost
  on b ping -n -q -i 0.02 -c 250 -W 2 "$(inner4 a)" >"$work/moving" &
  on a ping -n -q -i 0.02 -c 250 -W 2 "$(inner4 b)" >"$work/own" &
  for port in 40011 40012 40013; do
    sleep 1
    wg set "$(iface a)" listen-port "$port"
  done
  wait
  cat "$work/moving" "$work/own"
  for report in moving own; do
    lost=$(sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p' "$work/$report")
    awk -v lost="$lost" 'BEGIN {exit !(lost < 5)}'
  done
}

# Datagrams that look like ours but are not authenticated must not move anybody.
forgeries_move_nobody() {
  local before
  reaches a "$(inner4 b)"
  before=$(field b endpoints a)
  ip -n "$(host_of a)" addr add 10.99.0.77/24 dev to-b
  on a python3 - "$(wg show "$(iface b)" listen-port)" <<'FORGE'
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.99.0.77", 51820))
for kind, size in ((1, 148), (2, 92), (3, 64), (4, 32), (4, 128)):
    for _ in range(50):
        s.sendto(bytes([kind, 0, 0, 0]) + os.urandom(size - 4), ("10.99.0.2", int(sys.argv[1])))
FORGE
  pings b "$(inner4 a)" 5 0.05
  equals "$before" "$(field b endpoints a)" "where b sees a"
}

must "two nodes come up" start "$1" "$2"
check "the second moves to a new address" moves_to_address b a
check "the first moves to a new address" moves_to_address a b
check "the second moves to a new port" moves_to_port b a
check "the first moves to a new port" moves_to_port a b
check "from IPv4 to IPv6" moves_to_other_family
check "traffic goes on while a port changes three times" keeps_talking_while_moving
check "forged datagrams move nobody" forgeries_move_nobody
