#!/bin/bash
# Several nodes with the same peers: real etcd with three members, BIRD on two nodes and on a router, FRR on a third node,
# clients of wireguard-go.
#
#   c, d (go) ---21,22--- r ---11,12,13--- a, b, f (ours): all have the address 10.77.0.1
#                         |
#               31,32,33  x, y, z: etcd
#
# The router learns 10.77.0.1 and the peers' addresses by BGP. `to` has it send a client's datagrams to one node, as a hash
# that changes would.
#
# usage: cluster.sh ours go
. "$(dirname "$0")/lib.sh"
. "$interop/nodes.sh"

declare -A cables=([a]=11 [b]=12 [f]=13 [c]=21 [d]=22 [x]=31 [y]=32 [z]=33)
nodes=(a b f)
inside=10.10.0.1/24
beyond=10.50.0.1 # the router's own address, which peers reach through the tunnel

tunnel4() { echo "10.10.0.$((${cables[$1]} - 19))"; } # HOST: c is .2, d is .3

hosts() {
  network a b
  ip -n "$(host_of r)" addr add "$beyond/32" dev lo
  frr_at f
}

# etcdctl gives up after five seconds, which members that choose a leader on a busy machine can take: as its operator would, again.
put() { eventually 30 etcdctl_ put "$prefix/$(public_key "$1")" "$2" || { cat "$work/etcdctl"; return 1; }; } # HOST RECORD
del() { eventually 30 etcdctl_ del "$prefix/$(public_key "$1")" || { cat "$work/etcdctl"; return 1; }; }
record() { printf '{"allowed_ips":["%s/32"]%s}' "$(tunnel4 "$1")" "${2:+,$2}"; } # HOST [MORE FIELDS]

# ---- FRR

frr_at() { # HOST
  local neighbor=10.${cables[$1]}.0.1 daemon
  true >"$frr/zebra.conf"
  cat >"$frr/bgpd.conf" <<EOF
ip prefix-list TUNNEL permit 10.10.0.0/24 ge 32
ip prefix-list TUNNEL permit $common/32
route-map TUNNEL permit 10
 match ip address prefix-list TUNNEL
 set origin igp
router bgp 65001
 bgp router-id 10.${cables[$1]}.0.2
 neighbor $neighbor remote-as 65000
 neighbor $neighbor timers 1 3
 neighbor $neighbor timers connect 1
 neighbor $neighbor advertisement-interval 0
 address-family ipv4 unicast
  neighbor $neighbor route-map TUNNEL out
  redistribute kernel route-map TUNNEL
  redistribute connected route-map TUNNEL
EOF
  chown -R frr:frr "$frr"
  for daemon in zebra bgpd; do
    on "$1" "/usr/lib/frr/$daemon" -d -f "$frr/$daemon.conf" -i "$frr/$daemon.pid" -z "$frr/zserv" \
      --vty_socket "$frr" --log "file:$frr/log" >"$work/$daemon.out" 2>&1
  done
}

# ---- nodes and peers

node_of() { cluster "$1" ".peers[] | select(.public_key == \"$(public_key "$2")\").node"; } # HOST CLIENT
is_at() { [[ $(node_of "$1" "$2" 2>/dev/null) == "$3" ]]; } # HOST CLIENT NODE
has() { [[ $(wg show "$(iface "$1")" peers) == *"$(public_key "$2")"* ]]; } # HOST CLIENT
has_not() { ! has "$1" "$2"; }

two_nodes() {
  put c "$(record c)"
  run_node a 1
  run_node b 2
  eventually 90 cluster_is a '.nodes | length' 2
  eventually 60 cluster_is b '.nodes | length' 2
  eventually 30 leads_to "$common" a
  eventually 30 leads_to "$common" b
}

# ---- clients

to() { # CLIENT HOST: where the router sends its datagrams from now on
  on r ip rule del from "10.${cables[$1]}.0.2" lookup "${cables[$1]}" 2>/dev/null || true
  on r ip route replace "$common" via "10.${cables[$2]}.0.2" table "${cables[$1]}"
  on r ip rule add from "10.${cables[$1]}.0.2" lookup "${cables[$1]}"
}
client() { # HOST
  daemon "$1" go
  wg set "$(iface "$1")" private-key "$(key_file "$1")" peer "$(public_key a)" endpoint "$common:51820" allowed-ips "10.10.0.0/24,$beyond/32"
  ip -n "$(host_of "$1")" addr add "$(tunnel4 "$1")/24" dev "$(iface "$1")"
  ip -n "$(host_of "$1")" link set "$(iface "$1")" up
  ip -n "$(host_of "$1")" route add "$beyond" dev "$(iface "$1")"
}
arrives() { eventually 20 reaches_within "$1" "$beyond" 1; } # CLIENT: the first answer may be faster than its route
anew() { # CLIENT: calls again
  wg set "$(iface "$1")" peer "$(public_key a)" remove
  wg set "$(iface "$1")" peer "$(public_key a)" endpoint "$common:51820" allowed-ips "10.10.0.0/24,$beyond/32"
}

comes() { # by the router's hash; then where it is known to everybody, and the router reaches it
  client c
  arrives c
  local node
  eventually 10 cluster_is a '.peers | length' 1
  node=$(node_of a c)
  eventually 10 is_at b c "$node"
  eventually 10 leads_to "$(tunnel4 c)" "$node"
  on r ping -n -c 1 -W 5 -I "$beyond" "$(tunnel4 c)"
  contains "$(value_of "$prefix/sessions/$(public_key c)")" "\"node\":\"$node\""
}

stays_in_its_process() { # what others know of it does not cross to another process, so nothing is stopped for that
  local before
  before=$(processes_of a java)
  fails "$ours" upgrade "$(iface a)"
  contains "$(<"$work/said")" "is a node of a cluster, which is not handed over"
  equals "$before" "$(processes_of a java)" "the process"
}

steady() { # pings of c while something is done; not one may be lost
  local status=0
  on c ping -n -q -i 0.02 -w 60 -c "$1" "$beyond" >"$work/steady" &
  local pinger=$!
  "${@:2}"
  wait "$pinger" || status=$?
  tail -3 "$work/steady"
  equals 0 "$status" "status of the pings"
  contains "$(<"$work/steady")" " 0% packet loss"
}

changes() { # d is added, named, disabled, added again, expires and goes
  local h
  put d "$(record d)"
  for h in a b; do eventually 20 has "$h" d; done
  put d "$(record d '"disabled":true')"
  for h in a b; do eventually 20 has_not "$h" d; done
  put d "$(record d "\"not_after\":\"$(date -u -d '+2 seconds' +%FT%TZ)\"")"
  eventually 20 has a d
  eventually 20 has_not a d
  put d "$(record d)"
  for h in a b; do eventually 20 has "$h" d; done
}
gone_takes_its_route_along() { # a peer with a session whose record goes
  client d
  arrives d
  eventually 10 cluster_is a '.peers | length' 2
  del d
  eventually 20 has_not a d
  eventually 20 leads_nowhere "$(tunnel4 d)"
  eventually 20 cluster_is b '.peers | length' 1
  put d "$(record d)"
  eventually 20 has b d
}
member_lost() {
  kill_all x etcd
  put d "$(record d '"label":"without x"')"
  eventually 20 shows a "without x"
  eventually 20 shows b "without x"
}
shows() { [[ $("$ours" show "$(iface "$1")") == *"$2"* ]]; }
all_killed_and_back() {
  kill_all y etcd
  kill_all z etcd
  eventually 30 is_away a
  for h in x y z; do member "$h"; done
  eventually 60 etcdctl_ endpoint health
  put d "$(record d '"label":"all are back"')"
  eventually 60 shows a "all are back"
  eventually 60 shows b "all are back"
  eventually 30 cluster_is b '.nodes | length' 2
  eventually 30 cluster_is b '.peers | length' 1
}
is_away() { [[ $("$ours" show --json "$(iface "$1")" | jq -r '.interfaces[0].directory.state') == away ]]; }

compacted_meanwhile() { # b is stopped, so that it misses a change whose revision is gone then
  local pid
  for pid in $(processes_of b java); do kill -STOP "$pid"; done
  del d
  etcdctl_ get "$prefix" -w json
  etcdctl_ compact "$(jq .header.revision "$work/etcdctl")"
  for pid in $(processes_of b java); do kill -CONT "$pid"; done
  eventually 60 has_not b d
  put d "$(record d)"
  eventually 20 has b d
}

bad_records() {
  put d 'garbage{'
  etcdctl_ put "$prefix/sessions/$(public_key d)" 'garbage{'
  etcdctl_ put "$prefix/sessions/nobody" '{"node":"a"}'
  etcdctl_ put "$prefix/nodes/z" '{"since":1,"number":3,"address":"10.13.0.2:51830","proof":"00"}'
  eventually 20 cluster_is a '.events.unreadable >= 2' true
  eventually 20 cluster_is a '.nodes[] | select(.name == "z").address' null
  put d "{\"allowed_ips\":[\"$(tunnel4 c)/32\"]}"
  eventually 20 refused_as_taken b
  etcdctl_ del "$prefix/nodes/z"
  etcdctl_ del "$prefix/sessions/nobody"
  put d "$(record d)"
  eventually 20 has b d
}
refused_as_taken() { [[ $("$ours" show --json "$(iface "$1")" | jq -r '.interfaces[0].directory.refused.taken') == 1 ]]; }

wrong_node() { # the session is at a; what the router brings to b arrives all the same, and is answered
  local before
  to c a
  anew c
  arrives c
  eventually 20 is_at b c a
  eventually 20 leads_to "$(tunnel4 c)" a
  before=$(cluster b .events.relay_sent)
  steady 100 to c b
  (($(cluster b .events.relay_sent) - before > 50))
  (($(cluster a .events.relay_received) > 50))
  is_at a c a
}

old_initiation() { # one with which c came to a is played to b, where it was before
  to c b
  anew c
  arrives c
  eventually 20 is_at b c b
  python3 - "$(host_of r)" "$common" >"$work/initiation" <<'CAPTURE' &
import ctypes, os, socket, sys
fd = os.open("/var/run/netns/" + sys.argv[1], os.O_RDONLY)
assert ctypes.CDLL(None, use_errno=True).setns(fd, 0) == 0
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
s.bind(("to-c", 0x0800))
s.settimeout(30)
while True:
    packet = s.recv(2048)
    head = 4 * (packet[0] & 15)
    if packet[9] == 17 and packet[head + 8:head + 12] == b"\1\0\0\0":
        print(packet[head + 8:head + 8 + 148].hex())
        break
CAPTURE
  local capture=$! before
  to c a
  sleep 0.3 # the capture listens
  anew c
  arrives c
  wait "$capture"
  eventually 20 is_at b c a
  eventually 20 told_of_the_call b
  before=$(replays b)
  on r python3 -c 'import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(bytes.fromhex(sys.argv[1]), ("10.12.0.2", 51820))' "$(<"$work/initiation")"
  eventually 20 replayed_since b "$before"
  is_at a c a
}
told_of_the_call() { [[ $(value_of "$prefix/sessions/$(public_key c)") == *'"node":"a"'* ]]; }
replays() { "$ours" show --json "$(iface "$1")" | jq -r '.interfaces[0].drops["handshake-replayed"] // 0'; }
replayed_since() { (($(replays "$1") > $2)); }

node_killed() { # c's session is at a, and the router finds the other one by itself
  on r ip rule del from "10.${cables[c]}.0.2" lookup "${cables[c]}"
  kill_all a java
  eventually 5 leads_to "$common" b
  on c ping -n -q -i 0.2 -w 20 "$beyond" >"$work/lost" || true &
  local pinger=$! begin=${EPOCHREALTIME/./}
  eventually 20 is_at b c b
  echo "back after $(((${EPOCHREALTIME/./} - begin) / 1000)) ms"
  eventually 5 leads_to "$(tunnel4 c)" b
  kill "$pinger" 2>/dev/null || true
  on r ping -n -c 1 -W 5 -I "$beyond" "$(tunnel4 c)"
  eventually 20 cluster_is b '.nodes | length' 1
}

node_added() {
  run_node f 3
  eventually 90 cluster_is f '.nodes | length' 2
  is_at f c b
  eventually 20 leads_to "$common" f
  to d f
  anew d
  arrives d
  eventually 20 is_at b d f
  eventually 20 leads_to "$(tunnel4 d)" f
}

ends() { # all that a node wrote goes with it
  echo "$(processes_of f java)" | xargs kill
  eventually 20 none_left f java
  eventually 5 leads_nowhere "$(tunnel4 d)"
  eventually 5 cluster_is b '.nodes | length' 1
  lacks "$(value_of "$prefix/sessions/$(public_key d)")" node
}

frr=$(mktemp -d /tmp/wg-netty-frr.XXXXXX) # its user cannot read the test's own folder
trap 'rm -rf "$frr"; clean_up' EXIT
must "three members of etcd, BIRD on three hosts, FRR on one" hosts
must "two nodes, and the address that they share" two_nodes
must "a client comes: both nodes know where it is, and so does the router" comes
check "an upgrade is refused before anything stops; others lose nothing" steady 20 stays_in_its_process
check "a peer is added, disabled, expires and comes again; others lose nothing" steady 300 changes
check "a peer goes, and takes its route along" gone_takes_its_route_along
check "etcd: a member is lost; others lose nothing" steady 100 member_lost
check "etcd: all are killed and back; others lose nothing" steady 200 all_killed_and_back
check "etcd: the log compacted while a node was stopped" compacted_meanwhile
check "garbage, another's prefix, a node that proves nothing" bad_records
check "a datagram at the wrong node is handed on; nothing is lost" wrong_node
check "an initiation that one node accepted is refused by the other" old_initiation
check "a node is killed: its client is at the other within 20 s, and routes have moved" node_killed
check "a node is added, and FRR tells the router of its peers" node_added
check "a node ends: nothing of it is left" ends
