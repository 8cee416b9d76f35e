#!/bin/bash
# Endpoints that are names: one that leads nowhere, one that moves, one whose IPv6 address is dead.
#
#   b (go) ---99--- a (ours, by a file) ---98--- c (go)
#
# usage: names.sh ours
. "$(dirname "$0")/lib.sh"

hosts_file() { printf '127.0.0.1 localhost\n%s\n' "$@" >"/etc/netns/$(host_of a)/hosts"; } # ip netns mounts it over /etc/hosts

start() {
  host a b c
  cable a b 99
  cable a c 98
  node b go
  node c go
  mkdir -p "/etc/netns/$(host_of a)"
  hosts_file "10.99.0.2 moves.example"
  : >"/etc/netns/$(host_of a)/resolv.conf"
  (umask 077; cat >"$work/$(iface a).conf") <<EOF
[Interface]
PrivateKey = $(<"$(key_file a)")
ListenPort = 51820
Address = 10.0.0.1/24, fd00::1/64
Table = off
[Peer]
PublicKey = $(public_key b)
Endpoint = moves.example:51820
AllowedIPs = 10.0.0.2/32, fd00::2/128
[Peer]
PublicKey = $(public_key c)
Endpoint = later.example:51820
AllowedIPs = 10.0.0.3/32, fd00::3/128
EOF
  peer b a endpoint 10.99.0.1:51820
  peer c a
  LOG_LEVEL=info ip netns exec "$(host_of a)" "$ours" run "$work/$(iface a).conf" >"$work/a.log" 2>&1 </dev/null &
  echo $! >"$work/a.pid"
  eventually "$start_wait_s" answers a
  eventually 20 reaches_within a "$(inner4 b)" 2
}

waits_for_its_name() {
  contains "$(<"$work/a.log")" "waits for its endpoint later.example:51820"
  equals 1 "$(grep -c 'waits for its endpoint' "$work/a.log")" "warnings"
  equals "(none)" "$(field a endpoints c)" "c's endpoint"
  # Packets on the way up: nobody has the IPv6 address, the IPv4 one is c's.
  hosts_file "10.99.0.2 moves.example" "fd99:98::77 later.example" "10.98.0.2 later.example"
  eventually 80 has_endpoint
}
has_endpoint() { [[ $(field a endpoints c) != "(none)" ]]; }

other_family() {
  on a ping -n -i 1 -w 60 -c 1 "$(inner4 c)" >/dev/null
  equals 10.98.0.2:51820 "$(field a endpoints c)" "c's endpoint"
}

moved_by_reload() { # b is at another address, and the one before is gone
  ip -n "$(host_of b)" addr add 10.99.0.22/24 dev to-a
  ip -n "$(host_of b)" addr del 10.99.0.2/24 dev to-a
  ip -n "$(host_of b)" addr add 10.99.0.22/24 dev to-a 2>/dev/null || true
  hosts_file "10.99.0.22 moves.example" "10.98.0.2 later.example"
  contains "$(on a "$ours" reload "$(iface a)")" "changed"
  equals 10.99.0.22:51820 "$(field a endpoints b)" "b's endpoint"
  reaches a "$(inner4 b)"
}

moved_by_itself() { # after 135 s without a sign
  ip -n "$(host_of b)" addr add 10.99.0.33/24 dev to-a
  ip -n "$(host_of b)" addr del 10.99.0.22/24 dev to-a
  ip -n "$(host_of b)" addr add 10.99.0.33/24 dev to-a 2>/dev/null || true
  wg set "$(iface b)" peer "$(public_key a)" remove # or it would call from there, and roam
  peer b a
  hosts_file "10.99.0.33 moves.example" "10.98.0.2 later.example"
  on a ping -n -i 1 -w 200 -c 1 "$(inner4 b)" >/dev/null
  equals 10.99.0.33:51820 "$(field a endpoints b)" "b's endpoint"
  contains "$(<"$work/a.log")" "is tried at 10.99.0.33:51820, by its name moves.example:51820"
}

remove_hosts() { rm -rf "/etc/netns/$(host_of a)"; }
trap 'remove_hosts; clean_up' EXIT

must "one name leads nowhere, and the others work" start
check "its peer waits, is told of once, and gets the address as soon as there is one" waits_for_its_name
check "a dead IPv6 address: the IPv4 one has its turn" other_family
check "a reload takes the new address of a name" moved_by_reload
check "a peer that was not heard for 135 s gets the new address by itself" moved_by_itself
