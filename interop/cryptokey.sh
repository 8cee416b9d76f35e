#!/bin/bash
# Cryptokey routing between three nodes: allowed IPs moved, wrong sources dropped, the private key changed while running.
#
#   b (SECOND) ---99--- a (FIRST) ---98--- c (go)
#
# usage: cryptokey.sh FIRST SECOND
. "$(dirname "$0")/lib.sh"

start() {
  host a b c
  cable a b 99
  cable a c 98
  node a "$1"
  node b "$2"
  node c go
  peer a b endpoint 10.99.0.2:51820
  peer b a endpoint 10.99.0.1:51820
  peer a c endpoint 10.98.0.2:51820
  peer c a endpoint 10.98.0.1:51820
  # On b and c, counts what comes for the address that will move; on a, what comes from addresses that must not.
  for h in b c; do
    ip -n "$(host_of $h)" addr add 10.0.0.100/32 dev "$(iface $h)"
    ip -n "$(host_of $h)" addr add fd00::100/128 dev "$(iface $h)" nodad
    on $h nft "add table inet t; add chain inet t in { type filter hook input priority 0; }
      add rule inet t in ip daddr 10.0.0.100 counter; add rule inet t in ip6 daddr fd00::100 counter"
  done
  on a nft "add table inet t; add chain inet t in { type filter hook prerouting priority -400; }
    add rule inet t in ip saddr 10.0.0.77 counter; add rule inet t in ip6 saddr fd00::77 counter"
  reaches a "$(inner4 b)"
  reaches a "$(inner4 c)"
}

counted() { on "$1" nft list table inet t | awk '/counter packets/ {for (i = 1; i < NF; i++) if ($i == "packets") n += $(i + 1)} END {print n + 0}'; }

moves_from_b_to_c() {
  local at_b
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips "10.0.0.2/32,fd00::2/128,10.0.0.100/32,fd00::100/128"
  reaches a 10.0.0.100
  reaches a fd00::100
  equals 0 "$(counted c)" "packets that reached c before"
  at_b=$(counted b)
  ((at_b >= 2))
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips "10.0.0.3/32,fd00::3/128,10.0.0.100/32,fd00::100/128"
  reaches a 10.0.0.100
  reaches a fd00::100
  equals "$at_b" "$(counted b)" "packets that reached b, after the move"
  (($(counted c) >= 2))
  equals "10.0.0.2/32 fd00::2/128" "$(field a allowed-ips b)" "what b has left"
  pings a "$(inner4 b)" 3 0.05
}

longest_prefix_wins() { # c has 10.0.0.100/32; b gets all around it
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips "10.0.0.2/32,fd00::2/128,10.0.0.64/26"
  local at_b at_c
  at_b=$(counted b) at_c=$(counted c)
  reaches a 10.0.0.100
  equals "$at_b" "$(counted b)" "packets that reached b"
  (($(counted c) > at_c))
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips "10.0.0.3/32,fd00::3/128"
  reaches a 10.0.0.100 # uncovered: now b's
  (($(counted b) > at_b))
}

wrong_source_is_dropped() {
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips "10.0.0.2/32,fd00::2/128"
  ip -n "$(host_of b)" addr add 10.0.0.77/32 dev "$(iface b)"
  ip -n "$(host_of b)" addr add fd00::77/128 dev "$(iface b)" nodad
  never_reaches b "$(inner4 a)" -I 10.0.0.77
  never_reaches b "$(inner6 a)" -I fd00::77
  equals 0 "$(counted a)" "packets with a wrong source that came out of a's tunnel"
  # c's address, well known to a, but not b's to use
  ip -n "$(host_of b)" addr add 10.0.0.3/32 dev "$(iface b)"
  never_reaches b "$(inner4 a)" -I 10.0.0.3
  ip -n "$(host_of b)" addr del 10.0.0.3/32 dev "$(iface b)"
  # The same packets pass as soon as they are allowed: the counter and the pings above do measure it.
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips "10.0.0.2/32,fd00::2/128,10.0.0.77/32,fd00::77/128"
  reaches b "$(inner4 a)" -I 10.0.0.77
  reaches b "$(inner6 a)" -I fd00::77
  equals 2 "$(counted a)" "packets with a source that is now right"
}

private_key_changes() {
  local old new
  old=$(public_key a)
  reaches a "$(inner4 b)"
  (umask 077; wg genkey >"$work/a.key")
  new=$(public_key a)
  wg set "$(iface a)" private-key "$work/a.key"
  equals "$new" "$(wg show "$(iface a)" public-key)" "a's public key"
  # b knows the old identity only: nothing new can be agreed
  never_reaches a "$(inner4 b)"
  wg set "$(iface b)" peer "$old" remove
  peer b a endpoint 10.99.0.1:51820
  reaches b "$(inner4 a)"
  pings a "$(inner4 b)" 10 0.02
  pings a "$(inner6 b)" 10 0.02
}

private_key_removed() {
  local old
  old=$(key_file a)
  wg set "$(iface a)" private-key /dev/null
  equals "(none)" "$(wg show "$(iface a)" public-key)" "a's public key"
  wg set "$(iface a)" private-key "$old"
  forget b a
  peer b a endpoint 10.99.0.1:51820
  reaches b "$(inner4 a)"
}

own_key_as_peer() { # accepted and ignored
  wg set "$(iface a)" peer "$(public_key a)" allowed-ips 10.0.0.200/32
  lacks "$(wg show "$(iface a)" peers)" "$(public_key a)"
}

must "three nodes come up" start "$1" "$2"
check "an allowed IP moves from one peer to another" moves_from_b_to_c
check "the longest prefix wins over all peers" longest_prefix_wins
check "a wrong inner source is dropped" wrong_source_is_dropped
check "the private key changes while running" private_key_changes
check "the private key is removed and set again" private_key_removed
check "its own public key as a peer is ignored" own_key_as_peer
