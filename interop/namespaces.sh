#!/bin/bash
# The interface is moved to another network namespace, as containers are set up: its UDP socket stays in a, its packets
# come out in c, and the node must follow link changes that it cannot see from a.
#
#   c: wg 10.0.0.1 fd00::1  .........  a ---99--- b: wg 10.0.0.2 fd00::2
#
# usage: namespaces.sh FIRST SECOND
. "$(dirname "$0")/lib.sh"

start() {
  host a b c
  cable a b 99
  daemon a "$1"
  identify a
  node b "$2"
  peer a b endpoint 10.99.0.2:51820
  peer b a endpoint 10.99.0.1:51820
  iperf_server b
}

in_c() { ip -n "$(host_of c)" "$@"; }

moves_while_down() {
  ip -n "$(host_of a)" link set "$(iface a)" netns "$(host_of c)"
  in_c addr add 10.0.0.1/24 dev "$(iface a)"
  in_c addr add fd00::1/64 dev "$(iface a)" nodad
  in_c link set "$(iface a)" up
  pings c "$(inner4 b)" 10 0.02
  pings b "$(inner6 a)" 10 0.02
}

mtu_changes() {
  in_c link set "$(iface a)" mtu 1280
  ip -n "$(host_of b)" link set "$(iface b)" mtu 1280
  on c ping -n -c 3 -i 0.1 -s 1252 -M do -W 2 "$(inner4 b)"
  carries_tcp c "$(inner4 b)"
  in_c link set "$(iface a)" mtu 1420
  ip -n "$(host_of b)" link set "$(iface b)" mtu 1420
  on c ping -n -c 3 -i 0.1 -s 1372 -M do -W 2 "$(inner4 b)"
  carries_tcp c "$(inner4 b)" -R
  carries_tcp c "$(inner6 b)"
}

down_and_up() {
  in_c link set "$(iface a)" down
  never_reaches b "$(inner4 a)"
  in_c link set "$(iface a)" up
  in_c addr replace fd00::1/64 dev "$(iface a)" nodad # the kernel drops IPv6 addresses with the link
  reaches c "$(inner4 b)"
  pings b "$(inner6 a)" 10 0.02
}

control_still_works() {
  wg set "$(iface a)" listen-port 41820
  reaches c "$(inner4 b)"
  equals 10.99.0.1:41820 "$(field b endpoints a)" "where b sees a"
  contains "$(wg show "$(iface a)")" "latest handshake"
}

moves_while_up() { # to b's own namespace would be silly; back home and out again
  in_c link set "$(iface a)" netns "$(host_of a)"
  ip -n "$(host_of a)" link set "$(iface a)" netns "$(host_of c)"
  in_c addr replace 10.0.0.1/24 dev "$(iface a)"
  in_c link set "$(iface a)" up
  pings c "$(inner4 b)" 10 0.02
}

namespace_dies() { # the interface goes with its namespace, and so does the daemon
  in_c link del "$(iface a)"
  eventually 5 ended
  [[ ! -e /var/run/wireguard/$(iface a).sock ]]
}
ended() { ! kill -0 "$(cat "$work/a.pid")" 2>/dev/null; }

must "two nodes come up, one of them without addresses" start "$1" "$2"
check "moved to another namespace, set up there, with traffic" moves_while_down
check "its MTU changes there" mtu_changes
check "it goes down and up there" down_and_up
check "it is configured as before" control_still_works
check "moved home and away again" moves_while_up
check "deleted there, the node ends and removes its socket" namespace_dies
