#!/bin/bash
# All traffic through the tunnel, on a host that filters sources strictly and has its endpoint behind a router; and a hub.
#
#   a  wg<pid>a  <--98-->  c (router; hub)  <--97-->  b  wg<pid>b
#
# usage: routing.sh ours
. "$(dirname "$0")/lib.sh"

program=$(program "${1:?}")
export LOG_LEVEL=

file() { echo "$work/$(iface "$1").conf"; } # HOST
write() { # HOST OTHER OUTER ADDRESS ALLOWED IPS [LINES OF THE INTERFACE]
  (
    umask 077
    printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\nAddress = %s/24, %s/64\n%b\n[Peer]\nPublicKey = %s\nEndpoint = %s:51820\nAllowedIPs = %b\n' \
      "$(<"$(key_file "$1")")" "$(inner4 "$1")" "$(inner6 "$1")" "${5:-}" "$(public_key "$2")" "$3" "$4" >"$(file "$1")"
  )
}
run_on() { timeout 120 ip netns exec "$(host_of "$1")" "$program" "${@:2}"; } # HOST ARGUMENTS...
strict() { on "$1" sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.all.src_valid_mark=0; }

first_ping_under_a_second() { # with a keepalive the first handshake begins before the rules are there
  local round
  strict a
  write a b 10.97.0.2 "0.0.0.0/0, ::/0\nPersistentKeepalive = 25"
  write b a 10.98.0.1 "$(inner4 a)/32, $(inner6 a)/128"
  run_on b up "$(file b)"
  for round in 1 2 3; do
    run_on a up "$(file a)"
    reaches_within a "$(inner4 b)" 1
    [[ $round == 3 ]] || run_on a down "$(iface a)"
  done
}
all_goes_through() {
  contains "$(on a ip route get 10.97.0.2)" "dev $(iface a)"
  contains "$(on a ip route get 10.97.0.2 mark 51820)" "via 10.98.0.2"
}
killed() {
  local pid
  pid=$(ip netns pids "$(host_of a)" | while read -r p; do [[ $(tr '\0' ' ' <"/proc/$p/cmdline") != *io.wgnetty.cli.Main* ]] || echo "$p"; done | head -1)
  kill -KILL "$pid"
  eventually 10 ended "$pid"
  eventually 5 interface_gone
  fails on a ip route get 10.97.0.2
  fails on a ping -c 1 -W 1 10.97.0.2
  on a ping -c 1 -W 1 10.98.0.2 >/dev/null # the network that it is in
  fails on a ip -6 route get fd99:97::2
}
interface_gone() { ! ip -n "$(host_of a)" link show "$(iface a)" >/dev/null 2>&1; }
goes_on() {
  run_on a up "$(file a)"
  contains "$(wg show "$(iface a)" fwmark)" 0xca6c
  reaches_within a "$(inner4 b)" 2
  run_on a down "$(iface a)"
  lacks "$(on a ip rule)" fwmark
  equals "" "$(on a nft list ruleset)" "firewall"
  on a ping -c 1 -W 1 10.97.0.2 >/dev/null
  run_on b down "$(iface b)"
}
key_by_command() {
  write a b 10.97.0.2 "$(inner4 b)/32" "PreUp = wg set %i private-key $(key_file a)"
  sed -i '/^PrivateKey/d' "$(file a)"
  write b a 10.98.0.1 "$(inner4 a)/32"
  run_on b up "$(file b)"
  run_on a up "$(file a)"
  equals "$(public_key a)" "$(wg show "$(iface a)" public-key)" "public key"
  reaches_within a "$(inner4 b)" 2
  run_on a reload "$(iface a)"
  equals "$(public_key a)" "$(wg show "$(iface a)" public-key)" "public key"
  run_on a down "$(iface a)"
  run_on b down "$(iface b)"
}

hub() {
  local h
  on c sysctl -qw net.ipv4.conf.all.send_redirects=1 net.ipv4.conf.default.send_redirects=1
  for h in a b c; do node "$h" ours; done
  wg set "$(iface c)" peer "$(public_key a)" allowed-ips "$(inner4 a)/32" endpoint 10.98.0.1:51820 \
    peer "$(public_key b)" allowed-ips "$(inner4 b)/32" endpoint 10.97.0.2:51820
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips 10.0.0.0/24 endpoint 10.98.0.2:51820
  wg set "$(iface b)" peer "$(public_key c)" allowed-ips 10.0.0.0/24 endpoint 10.97.0.1:51820
}
no_redirects() {
  local said
  reaches a "$(inner4 b)"
  said=$(on a ping -n -c 4 -i 0.3 "$(inner4 b)")
  contains "$said" "4 received"
  lacks "$said" Redirect
}
no_link_local() {
  local h
  for h in a b c; do lacks "$(ip -n "$(host_of "$h")" -6 addr show dev "$(iface "$h")")" fe80:; done
}
nothing_without_peer() { # an interface without addresses: the host itself has nothing to say, no solicitation of routers either
  host d
  daemon d ours
  identify d
  ip -n "$(host_of d)" link set "$(iface d)" up
  sleep 5 # a host that has a link-local address speaks within 4 s (RFC 4861)
  lacks "$("$program" show --json "$(iface d)" | grep -i 'no-peer' || true)" no-peer
}

host a b c
cable a c 98
cable c b 97
on c sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n "$(host_of a)" route add default via 10.98.0.2
ip -n "$(host_of b)" route add default via 10.97.0.1
ip -n "$(host_of a)" -6 route add default via fd99:98::2
check "strict filtering of sources: the first ping gets its answer within a second" first_ping_under_a_second
check "all but what bears the mark goes through the tunnel" all_goes_through
check "the process is killed: nothing leaves in clear" killed
check "it goes on with the next up, and down leaves nothing" goes_on
check "a key that a PreUp command sets stays" key_by_command
must "a hub and two peers" hub
check "the hub forwards between its peers without ICMP redirects" no_redirects
check "no interface has an address of the kernel's making" no_link_local
check "an interface without addresses is silent" nothing_without_peer
