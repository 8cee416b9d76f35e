#!/bin/bash
# The gateway of docker/: what its example file says, in namespaces. Clients reach the world through it, and the world sees the
# gateway's address alone; with Isolate they do not reach each other; the gateway's metrics are closed to the tunnel.
#
#   a: client 10.1.0.1 --- 10.1.0.2 b: gateway 10.2.0.1 --- 10.2.0.2 c: world
#   d: client 10.3.0.1 --- 10.3.0.2 b
#
# usage: gateway.sh ours
. "$(dirname "$0")/lib.sh"

port=9586
example=$home/docker/wg0.conf.example

start() {
  host a b c d
  cable a b 1
  cable b c 2
  cable d b 3
  # The world's path is narrower than Ethernet.
  ip -n "$(host_of b)" link set to-c mtu 1400
  ip -n "$(host_of c)" link set to-b mtu 1400
  sed "s|^PrivateKey = .*|PrivateKey = $(cat "$(key_file b)")|" "$example" >"$work/$(iface b).conf"
  client_of_gateway a 2 10.1.0.2
  client_of_gateway d 4 10.3.0.2
  chmod 600 "$work"/*.conf
  run_file b --metrics "$(metrics_address)"
  run_file a
  run_file d
  reaches a 10.9.0.1
  reaches d 10.9.0.1
}

client_of_gateway() { # HOST NUMBER ADDRESS: its file, and its section in the gateway's
  printf '\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.9.0.%s/32, fd00:9::%s/128\n' "$(public_key "$1")" "$2" "$2" >>"$work/$(iface b).conf"
  printf '[Interface]\nPrivateKey = %s\nAddress = 10.9.0.%s/24, fd00:9::%s/64\n[Peer]\nPublicKey = %s\nEndpoint = %s:51820\nAllowedIPs = %s\n' \
    "$(cat "$(key_file "$1")")" "$2" "$2" "$(public_key b)" "$3" "10.9.0.0/24, fd00:9::/64, 10.2.0.0/24, fd99:2::/64" >"$work/$(iface "$1").conf"
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
reload() { on b timeout 60 "$ours" reload "$(iface b)"; }

warns() { # of what is not there yet: no forwarding, no default route
  contains "$(<"$work/b.log")" "IPv4 forwarding is off"
  contains "$(<"$work/b.log")" "sysctl -w net.ipv4.ip_forward=1"
  contains "$(<"$work/b.log")" "there is no default route"
  # As the compose files set them; and the way to the world.
  local setting
  while read -r setting; do on b sysctl -qw "$setting"; done < <(settings)
  ip -n "$(host_of b)" route add default via 10.2.0.2
  ip -n "$(host_of b)" route add default via fd99:2::2
  local said
  said=$(reload)
  contains "$said" "IPv4: masquerading by to-c"
  contains "$said" "IPv6: masquerading by to-c"
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

large_transfers() { # the segment size of both directions fits the narrow path
  on c timeout 20 tcpdump -lni to-b -c 1 "tcp[tcpflags] & tcp-syn != 0 and dst port 5201" >"$work/seen" 2>"$work/tcpdump.log" </dev/null &
  local watcher=$!
  eventually 10 grep -q listening "$work/tcpdump.log"
  iperf_server c
  on a timeout 30 iperf3 -J -c 10.2.0.2 -t 1 >"$work/iperf" </dev/null
  wait "$watcher" || true
  cat "$work/seen"
  contains "$(cat "$work/seen")" "mss 1360" # 1400 less 40; the client's own would be 1380
}

each_other() { # before Isolate: they meet
  reaches a 10.9.0.4
  reaches d fd00:9::2
}
isolated() {
  sed -i 's/^# Masquerade = yes/# Masquerade = to-c\n# Isolate = yes/' "$work/$(iface b).conf"
  contains "$(reload)" "IPv4: masquerading by to-c, peers isolated"
  never_reaches a 10.9.0.4 -c 1
  never_reaches d 10.9.0.2 -c 1
  never_reaches a fd00:9::4 -c 1
  never_reaches d fd00:9::2 -c 1
  reaches a 10.2.0.2
  reaches d fd99:2::2
  reaches d 10.9.0.1
}
flushed_rules_come_back() {
  on b nft delete table ip "wg-netty-$(iface b)"
  reaches a 10.9.0.4 # that was its doing
  contains "$(reload)" "IPv4: masquerading by to-c, peers isolated"
  never_reaches a 10.9.0.4 -c 1
}

wrong_values() {
  sed 's/^# Isolate = yes/# Isolate = on/' "$work/$(iface b).conf" >"$work/wrong.conf"
  fails "$ours" check "$work/wrong.conf"
  contains "$(<"$work/said")" "Isolate: 'on' is neither yes nor no"
}

serves() { # HOST ADDRESS: is somebody let in at the metrics' port there?
  on "$1" "$interop/metrics.py" page "http://$2:$port/healthz"
}

metrics_are_closed_to_peers() {
  equals ok "$(serves c 10.2.0.1)" "what the project's network sees"
  local address
  for address in 10.9.0.1 "[fd00:9::1]" 10.2.0.1; do fails timeout 2 ip netns exec "$(host_of a)" "$interop/metrics.py" page "http://$address:$port/metrics"; done
  reaches a 10.9.0.1 # ping is answered
}

counter_proof() { # without the rule the same request would be let in
  on b nft flush chain inet "$(iface b)" input
  equals ok "$(serves a 10.9.0.1)" "without the rule"
}

killed_leaves_nothing() { # what a killed run left, `down` removes by the file
  kill -9 "$(<"$work/b.pid")"
  eventually 20 ended "$(<"$work/b.pid")"
  rm -f "$work/b.pid"
  contains "$(on b nft list ruleset)" "wg-netty-$(iface b)"
  contains "$(on b "$ours" down "$work/$(iface b).conf")" "masquerading and isolation"
  lacks "$(on b nft list ruleset)" "$(iface b)"
}

leaves_nothing() {
  run_file b
  eventually "$start_wait_s" grep -q "interface $(iface b) is ready" "$work/b.log" # PostUp is done; PostDown runs only then
  contains "$(on b nft list ruleset)" "wg-netty-$(iface b)"
  end b
  lacks "$(on b nft list ruleset)" "$(iface b)"
}

must "clients and gateway come up from the example file" start
check "up says that forwarding is off, and what to do; reload finds the default route" warns
check "it forwards with the settings of the compose files" forwards
check "the world is reached over IPv4 and sees the gateway's address" world 4 10.2.0.2 10.2.0.1
check "the world is reached over IPv6 and sees the gateway's address" world 6 fd99:2::2 fd99:2::1
check "TCP goes through, with segments that fit the path" large_transfers
check "clients reach each other" each_other
check "with Isolate they do not, and still reach the world" isolated
check "reload makes rules again that somebody removed" flushed_rules_come_back
check "check explains a wrong value" wrong_values
check "metrics are open to the container's network and closed to the tunnel" metrics_are_closed_to_peers
check "that is the rule's doing" counter_proof
check "down removes the rules of a killed run" killed_leaves_nothing
check "the end takes the rules away" leaves_nothing
