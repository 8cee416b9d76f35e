#!/bin/bash
# Many clients of two nodes: one is killed, and all are at the other soon. The clients are those of bin/storm, each at an
# address of its own; the router spreads them over both nodes by its hash.
#
#   c (the crowd) ---21--- r ---11,12--- a, b (ours): both have the address 192.0.2.1
#                          |
#                 31,32,33 x, y, z: etcd
#
# usage: cluster-crowd.sh ours
. "$(dirname "$0")/lib.sh"
. "$interop/nodes.sh"
fail() { echo "$*"; exit 1; }
# shellcheck source=SCRIPTDIR/../bin/lib/distribution
. "$home/bin/lib/distribution"
# shellcheck source=SCRIPTDIR/../bin/lib/storm/generator.sh
. "$home/bin/lib/storm/generator.sh"

declare -A cables=([a]=11 [b]=12 [c]=21 [x]=31 [y]=32 [z]=33)
nodes=(a b)
common=192.0.2.1 # 10.64.0.0/10 is all the crowd's
inside=10.255.255.1/32 # where the clients look for echoes
clients=1000
lead_s=4 # how long all have a session when the node is killed

hosts() {
  network a b
  on c ip route add local 10.64.0.0/10 dev lo
  on r ip route add 10.64.0.0/10 via 10.21.0.2
}

# The generator says which peers there are, and waits until they are records of two nodes.
crowd() {
  find_generator
  cat >"$work/configure" <<EOF
umask 077
cp '$work/storm.conf' '$work/peers.part'
mv '$work/peers.part' '$work/peers.conf'
until [[ -e '$work/ready' ]]; do sleep 0.1; done
EOF
  ip netns exec "$(host_of c)" "${generator[@]}" crash --no-tcp --clients "$clients" --addresses "$clients" --trickle 1 \
    --lead "$lead_s" --limit 40 --server "$common" --configuration "$work/storm.conf" --configure "bash '$work/configure'" \
    --kill-command "bash '$work/kill'" --start-command true --results "$work/figures" >"$work/table" 2>&1 </dev/null &
  echo $! >"$work/crowd.pid"
  eventually 60 test -e "$work/peers.conf"
  (umask 077; awk '/^PrivateKey/ {print $3}' "$work/peers.conf" >"$(key_file a)"; awk '/^\[Peer\]/ {peers = 1} peers' "$work/peers.conf" >"$work/records.conf")
  on r "$ours" peers import "etcd://10.31.0.2:2379$prefix" "$work/records.conf"
  rm "$work/peers.conf"
  run_node a 1
  run_node b 2
  local h
  for h in a b; do eventually 60 cluster_is "$h" '.nodes | length' 2; done
  for h in a b; do eventually 30 leads_to "$common" "$h"; done
  for h in a b; do eventually 30 has_all "$h"; done
}
has_all() { (($(wg show "$(iface "$1")" peers | wc -l) == clients)); }
routes_to() { on r ip -o route show root 10.128.0.0/9 | grep -c " via 10.${cables[$1]}.0.2 " || true; } # NODE: to clients
both_have_some() { (($(routes_to a) + $(routes_to b) == clients && $(routes_to a) > clients / 4 && $(routes_to b) > clients / 4)); }
all_lead_to_b() { (($(routes_to b) == clients && $(routes_to a) == 0)); }
figure() { jq "$1" "$work/figures"; } # PATH

all_are_at_the_other() {
  local crowd victim at_a
  crowd=$(<"$work/crowd.pid")
  victim=$(processes_of a java)
  echo "kill -KILL $victim; while kill -0 $victim 2>/dev/null; do sleep 0.01; done" >"$work/kill"
  touch "$work/ready"
  eventually 30 both_have_some || { tail -n 3 "$work/table"; return 1; }
  at_a=$(routes_to a)
  echo "$at_a at a, $(routes_to b) at b"
  printf 'what b wrote for %s: ' "$(routes_to b)"
  cluster b .events | jq -c '{written, transactions}'
  while kill -0 "$crowd" 2>/dev/null; do sleep 0.1; done # it is no child of this shell
  rm -f "$work/crowd.pid"
  cat "$work/table"
  equals "$clients" "$(figure .again)" "clients that are back"
  equals "$at_a" "$((clients - $(figure .kept)))" "clients that had to call anew"
  figure 'if (.all_again_s // 999) <= 20 then "all after \(.all_again_s) s" else error("not within 20 s: \(.all_again_s)") end'
  eventually 5 all_lead_to_b
  eventually 20 cluster_is b '.nodes | length' 1
  eventually 5 cluster_is b '.peers | map(select(.node == "b")) | length' "$clients"
}

must "three members of etcd, BIRD on three hosts" hosts
must "two nodes that have $clients clients in etcd" crowd
check "a node is killed: all are at the other within 20 s, and routes have moved" all_are_at_the_other
