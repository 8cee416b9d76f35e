#!/bin/bash
# The gateway of docker/: what its example file says, in namespaces. A client reaches the world through it, and the world
# sees the gateway's address alone; the gateway's metrics are closed to the tunnel.
#
#   a: client 10.1.0.1 --- 10.1.0.2 b: gateway 10.2.0.1 --- 10.2.0.2 c: world
#
# usage: gateway.sh ours
. "$(dirname "$0")/lib.sh"

port=9586
example=$home/docker/wg0.conf.example

start() {
  host a b c
  cable a b 1
  cable b c 2
  # As the compose files set them.
  local setting
  while read -r setting; do on b sysctl -qw "$setting"; done < <(settings)
  sed "s|^PrivateKey = .*|PrivateKey = $(cat "$(key_file b)")|" "$example" >"$work/$(iface b).conf"
  printf '\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.9.0.2/32, fd00:9::2/128\n' "$(public_key a)" >>"$work/$(iface b).conf"
  printf '[Interface]\nPrivateKey = %s\nAddress = 10.9.0.2/24, fd00:9::2/64\n[Peer]\nPublicKey = %s\n' \
    "$(cat "$(key_file a)")" "$(public_key b)" >"$work/$(iface a).conf"
  printf 'Endpoint = 10.1.0.2:51820\nAllowedIPs = 10.9.0.0/24, fd00:9::/64, 10.2.0.0/24, fd99:2::/64\n' >>"$work/$(iface a).conf"
  chmod 600 "$work"/*.conf
  run_file b --metrics "$(metrics_address)"
  run_file a
  reaches a 10.9.0.1
}

settings() { sed -n 's/^ *- \(net\.[a-z0-9_.]*=[0-9]*\)$/\1/p' "$home"/docker/compose{,.ipv6}.yaml; }

# The address that compose.yaml gives to --metrics.
metrics_address() { sed -n 's/.*"--metrics", "\([^"]*\)".*/\1/p' "$home/docker/compose.yaml"; }

run_file() { # HOST OPTIONS...
  local h=$1
  shift
  LOG_LEVEL=info ip netns exec "$(host_of "$h")" "$ours" run "$work/$(iface "$h").conf" "$@" >"$work/$h.log" 2>&1 </dev/null &
  echo $! >"$work/$h.pid"
  eventually $start_wait_s comes_up "$h" || { cat "$work/$h.log"; return 1; }
}
comes_up() { # it has its addresses, and is up: that comes last
  answers "$1" && [[ $(ip -n "$(host_of "$1")" -br addr show up dev "$(iface "$1")") == *10.9.0.* ]]
}

forwards() {
  equals 1 "$(on b sysctl -n net.ipv4.ip_forward)" "IPv4 forwarding"
  equals 1 "$(on b sysctl -n net.ipv6.conf.all.forwarding)" "IPv6 forwarding"
}

world() { # FAMILY ADDRESS: reached, and the world answers the gateway: it has no way back to the client
  lacks "$(ip -n "$(host_of c)" "-$1" route)" "default"
  on c timeout 20 tcpdump -lni to-b -c 2 "icmp or (icmp6 and ip6[40] == 128)" >"$work/seen" 2>"$work/tcpdump.log" </dev/null &
  local watcher=$!
  eventually 10 grep -q listening "$work/tcpdump.log"
  reaches a "$2" -i 0.2
  reaches a "$2"
  wait "$watcher" || true
  cat "$work/seen"
  contains "$(cat "$work/seen")" "$3 > $2"
}

large_transfers() {
  iperf_server c
  on a timeout 30 iperf3 -J -c 10.2.0.2 -t 1 >"$work/iperf" </dev/null
}

serves() { # HOST ADDRESS: is somebody let in at the metrics' port there?
  on "$1" "$interop/metrics.py" page "http://$2:$port/healthz"
}

metrics_are_closed_to_peers() {
  equals ok "$(serves c 10.2.0.1)" "what the project's network sees"
  local address
  for address in 10.9.0.1 "[fd00:9::1]" 10.2.0.1; do fails timeout 5 ip netns exec "$(host_of a)" "$interop/metrics.py" page "http://$address:$port/metrics"; done
  reaches a 10.9.0.1 # ping is answered
}

counter_proof() { # without the rule the same request would be let in
  on b nft flush chain inet "$(iface b)" input
  equals ok "$(serves a 10.9.0.1)" "without the rule"
}

leaves_nothing() {
  end b
  lacks "$(on b nft list ruleset)" "$(iface b)"
}

must "client and gateway come up from the example file" start
check "it forwards with the settings of the compose files" forwards
check "the world is reached over IPv4 and sees the gateway's address" world 4 10.2.0.2 10.2.0.1
check "the world is reached over IPv6 and sees the gateway's address" world 6 fd99:2::2 fd99:2::1
check "TCP goes through" large_transfers
check "metrics are open to the container's network and closed to the tunnel" metrics_are_closed_to_peers
check "that is the rule's doing" counter_proof
check "the end takes the rules away" leaves_nothing
