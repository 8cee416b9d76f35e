#!/bin/bash
# The files of docs/recipes.md, as they stand there but for keys, names and interfaces: site to site, and a road warrior behind
# the gateway of docker/ (which gateway.sh tries further).
#
#   site: a 10.1.0.1 (gateway A) --- 10.1.0.2 b (gateway B), behind them 192.168.1.1 and 192.168.2.1
#   road warrior: c 10.2.0.2 --- 10.2.0.1 b
#
# usage: recipes.sh ours
. "$(dirname "$0")/lib.sh"

recipes=$home/docs/recipes.md

block() { # HEADING NUMBER: the numbered [Interface] block under a heading, without its indent
  awk -v heading="## $1" -v wanted="$2" '
    /^## / {inside = $0 == heading}
    inside && /^    \[Interface\]/ {number++}
    inside && number == wanted && /^(    |$)/ {print substr($0, 5); next}
    inside && number == wanted {exit}' "$recipes"
}

file() { # HOST HEADING NUMBER SED...
  block "$2" "$3" | sed "${@:4}" >"$work/$(iface "$1").conf"
  chmod 600 "$work/$(iface "$1").conf"
  LOG_LEVEL=info ip netns exec "$(host_of "$1")" "$ours" run "$work/$(iface "$1").conf" >"$work/$1.log" 2>&1 </dev/null &
  echo $! >"$work/$1.pid"
  eventually $start_wait_s answers "$1" || { cat "$work/$1.log"; return 1; }
}

network() { ip -n "$(host_of "$1")" addr add "$2" dev lo; } # HOST ADDRESS: as of a network behind it

sites() {
  host a b c
  cable a b 1
  cable b c 2
  network a 192.168.1.1/24
  network b 192.168.2.1/24
  local keys=(-e "s|A-PRIVATE-KEY|$(cat "$(key_file a)")|" -e "s|B-PRIVATE-KEY|$(cat "$(key_file b)")|"
    -e "s|A-PUBLIC-KEY|$(public_key a)|" -e "s|B-PUBLIC-KEY|$(public_key b)|"
    -e "s|a.example.net|10.1.0.1|" -e "s|b.example.net|10.1.0.2|")
  file a "Site to site" 1 "${keys[@]}"
  file b "Site to site" 2 "${keys[@]}"
}

sites_meet() {
  eventually 10 reaches a 192.168.2.1 -I 192.168.1.1
  reaches b 192.168.1.1 -I 192.168.2.1
}

warrior() {
  end a
  end b
  sed "s|^PrivateKey = .*|PrivateKey = $(cat "$(key_file b)")|" "$home/docker/wg0.conf.example" >"$work/$(iface b).conf"
  printf '\n[Peer]\nPublicKey = %s\nPresharedKey = %s\nAllowedIPs = 10.9.0.2/32, fd00:9::2/128\n' "$(public_key c)" \
    "$(cat "$(preshared_key_file)")" >>"$work/$(iface b).conf"
  on b sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  ip -n "$(host_of b)" route add default via 10.1.0.1 # what `# Masquerade = yes` goes by
  ip -n "$(host_of b)" route add default via fd99:1::1
  LOG_LEVEL=info ip netns exec "$(host_of b)" "$ours" run "$work/$(iface b).conf" >"$work/b.log" 2>&1 </dev/null &
  echo $! >"$work/b.pid"
  eventually $start_wait_s answers b
  file c "A road warrior" 1 -e "s|LAPTOP-PRIVATE-KEY|$(cat "$(key_file c)")|" -e "s|GATEWAY-PUBLIC-KEY|$(public_key b)|" \
    -e "s|PRE-SHARED-KEY|$(cat "$(preshared_key_file)")|" -e "s|vpn.example.net|10.2.0.1|" -e '/^DNS/d'
}

warrior_reaches() {
  eventually 10 reaches c 10.1.0.1 # the world is a, which knows no way to the tunnel's network
  eventually 10 reaches c fd99:1::1
}

must "the files of two sites come up" sites
check "site to site: hosts of the two networks reach each other" sites_meet
must "the files of a gateway and a road warrior come up" warrior
check "road warrior: everything goes through the gateway, IPv4 and IPv6" warrior_reaches
