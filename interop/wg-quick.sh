#!/bin/bash
# wg-quick up and down with our program as its userspace implementation. Topology as in traffic.sh; b also has
# 198.51.100.7 and 2001:db8::7, which a reaches through the tunnel only.
#
# usage: wg-quick.sh ours go
. "$(dirname "$0")/lib.sh"

start() {
  host a b
  cable a b 99
  node b "$2"
  peer b a
  ip -n "$(host_of b)" addr add 198.51.100.7/32 dev lo
  ip -n "$(host_of b)" addr add 2001:db8::7/128 dev lo
  # wg-quick leaves the kernel's own WireGuard no chance to be second choice.
  ! ip -n "$(host_of a)" link add probe type wireguard 2>/dev/null ||
    { echo "this kernel has WireGuard of its own: wg-quick would use that, and this test would test nothing"; return 1; }
}

write_configuration() { # ALLOWED_IPS [LINES of the interface section]
  cat >"$work/$(iface a).conf" <<CONF
[Interface]
PrivateKey = $(cat "$(key_file a)")
Address = 10.0.0.1/24, fd00::1/64
ListenPort = 51820
${2:-}

[Peer]
PublicKey = $(public_key b)
PresharedKey = $(cat "$(preshared_key_file)")
AllowedIPs = $1
Endpoint = 10.99.0.2:51820
PersistentKeepalive = 25
CONF
  wg set "$(iface b)" peer "$(public_key a)" preshared-key "$(preshared_key_file)"
}

quick() { # up or down, as a user would: its output and its end do not depend on the daemon
  on a env WG_QUICK_USERSPACE_IMPLEMENTATION="$(program "$implementation")" timeout 60 \
    wg-quick "$1" "$work/$(iface a).conf" 2>&1 | cat
  return "${PIPESTATUS[0]}"
}
gone() { [[ ! -e /var/run/wireguard/$(iface a).sock ]] && ! ip -n "$(host_of a)" link show "$(iface a)" &>/dev/null; }

goes_up() {
  (umask 077; write_configuration 10.0.0.2/32,fd00::2/128)
  quick up
  equals "$(public_key b)" "$(wg show "$(iface a)" peers)" "the peers"
  contains "$(ip -n "$(host_of a)" -br addr show "$(iface a)")" "10.0.0.1/24 fd00::1/64"
  contains "$(ip -n "$(host_of a)" link show "$(iface a)")" "mtu 1420"
}
traffic() {
  pings a "$(inner4 b)" 5 0.05
  pings a "$(inner6 b)" 5 0.05
  pings b "$(inner4 a)" 5 0.05
}
goes_down() {
  quick down
  eventually 5 gone
}

default_route() {
  (umask 077; write_configuration 0.0.0.0/0,::/0 "MTU = 1380")
  on a sysctl -qw net.ipv4.conf.all.rp_filter=0
  quick up
  equals 0xca6c "$(wg show "$(iface a)" fwmark)" "fwmark"
  contains "$(ip -n "$(host_of a)" link show "$(iface a)")" "mtu 1380"
  pings a 198.51.100.7 5 0.05
  pings a 2001:db8::7 5 0.05
  reaches a 10.99.0.2 # the cable's own network is not in the tunnel
  contains "$(ip -n "$(host_of a)" rule)" "not from all fwmark 0xca6c"
  quick down
  eventually 5 gone
  equals "" "$(ip -n "$(host_of a)" rule | grep ca6c || true)" "policy rules that stayed behind"
}

hooks_and_saving() {
  (umask 077; write_configuration 10.0.0.2/32,fd00::2/128 \
    "SaveConfig = true"$'\n'"PostUp = wg set %i fwmark 0x2a"$'\n'"PostDown = touch $work/post-down")
  quick up
  reaches a "$(inner4 b)"
  quick down
  eventually 5 gone
  [[ -e $work/post-down ]]
  contains "$(cat "$work/$(iface a).conf")" "FwMark = 0x2a"
  contains "$(cat "$work/$(iface a).conf")" "PublicKey = $(public_key b)"
}

refused() { # a configuration that wg refuses leaves nothing behind
  (umask 077; write_configuration 10.0.0.2/32)
  sed -i 's/^PublicKey = .*/PublicKey = nonsense/' "$work/$(iface a).conf"
  fails quick up
  eventually 5 gone
}

implementation=${1:?}
must "the other node comes up" start "$1" "${2:?}"
check "wg-quick up" goes_up
check "traffic through what wg-quick set up" traffic
check "wg-quick down removes link and socket" goes_down
check "wg-quick with a default route (0.0.0.0/0, ::/0)" default_route
check "wg-quick with hooks, and the configuration saved" hooks_and_saving
check "wg-quick with a wrong configuration leaves nothing behind" refused
