#!/bin/bash
# Packets that have nowhere to go are answered with ICMP to the sender, as the kernel's WireGuard does.
#
# usage: unreachable.sh ours
. "$(dirname "$0")/lib.sh"

start() {
  host a
  node a "$1"
  wg set "$(iface a)" peer "$(wg genkey | wg pubkey)" allowed-ips 10.0.0.50/32,fd00::50/128 # and no endpoint
}

ping_says_unreachable() { # ADDRESS WORDS
  local said
  said=$(on a ping -n -c 2 -i 0.2 -W 2 "$1" || true)
  contains "$said" "$2"
  contains "$said" "From $1" # a local source would be dropped as martian
}

connect_fails_at_once() { # ADDRESS
  local begin=${EPOCHREALTIME/./} said
  said=$(on a python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
s.settimeout(10)
print(s.connect_ex((sys.argv[1], 80)))' "$1")
  equals 113 "$said" "errno of connect (EHOSTUNREACH is 113)"
  ((${EPOCHREALTIME/./} - begin < 1000000))
}

large_packets_too() { # the answer quotes no more than fits
  contains "$(on a ping -n -c 1 -s 1372 -W 2 10.0.0.60 || true)" "Destination Host Unreachable"
  contains "$(on a ping -n -c 1 -s 1372 -W 2 fd00::60 || true)" "Address unreachable"
}

must "a node comes up" start "$1"
check "no peer: ping says Destination Host Unreachable" ping_says_unreachable 10.0.0.60 "Destination Host Unreachable"
check "no peer: ping over IPv6 says Address unreachable" ping_says_unreachable fd00::60 "Address unreachable"
check "no endpoint: ping says Destination Host Unreachable" ping_says_unreachable 10.0.0.50 "Destination Host Unreachable"
check "no endpoint: ping over IPv6 says Address unreachable" ping_says_unreachable fd00::50 "Address unreachable"
check "large packets are answered as well" large_packets_too
check "no peer: a TCP connect fails at once" connect_fails_at_once 10.0.0.60
check "no endpoint: a TCP connect over IPv6 fails at once" connect_fails_at_once fd00::50
