# What the tests of clusters are made of, on top of lib.sh: a router, etcd with three members, BIRD, nodes that share an address.
# Sourced; the test says before which hosts there are and which of them are nodes:
#
#   cables=([a]=11 ...)    what each host's cable to the router r is called; x, y and z are etcd's members
#   nodes=(a ...)          whom the router listens to
#   inside=10.10.0.1/24    the nodes' address inside the tunnel

common=10.77.0.1
prefix=/wg
endpoints=http://10.31.0.2:2379,http://10.32.0.2:2379,http://10.33.0.2:2379

network() { # HOST...: those that run BIRD beside the router
  local h
  host r "${!cables[@]}"
  on r sysctl -qw net.ipv4.ip_forward=1 net.ipv4.fib_multipath_hash_policy=1
  for h in "${!cables[@]}"; do
    cable r "$h" "${cables[$h]}"
    ip -n "$(host_of "$h")" route add default via "10.${cables[$h]}.0.1"
    on "$h" sysctl -qw net.ipv4.ip_forward=1
  done
  for h in x y z; do member "$h"; done
  for h in r "$@"; do bird_at "$h"; done
  eventually 60 etcdctl_ endpoint health
}

# ---- etcd

member() { # HOST: its data is kept
  local h=$1 at=10.${cables[$1]}.0.2
  ETCD_UNSUPPORTED_ARCH="$(dpkg --print-architecture)" ip netns exec "$(host_of "$h")" etcd --name "$h" --data-dir "$work/etcd-$h" \
    --log-level error --listen-client-urls "http://$at:2379" --advertise-client-urls "http://$at:2379" \
    --listen-peer-urls "http://$at:2380" --initial-advertise-peer-urls "http://$at:2380" \
    --initial-cluster x=http://10.31.0.2:2380,y=http://10.32.0.2:2380,z=http://10.33.0.2:2380 >>"$work/etcd-$h.log" 2>&1 </dev/null &
}
etcdctl_() { on r env ETCDCTL_API=3 etcdctl --endpoints "$endpoints" "$@" >"$work/etcdctl" 2>&1; }
value_of() { etcdctl_ get --print-value-only "$1" && cat "$work/etcdctl"; }
kill_all() { # HOST NAME
  local pid
  for pid in $(processes_of "$1" "$2"); do kill -KILL "$pid"; done
  eventually 20 none_left "$1" "$2"
}
none_left() { [[ -z $(processes_of "$1" "$2") ]]; }

# ---- BIRD

bird_at() { # HOST
  if [[ $1 == r ]]; then
    {
      printf 'router id 10.11.0.1;\nprotocol device { scan time 1; }\n'
      printf 'protocol kernel { merge paths on; ipv4 { export where source = RTS_BGP; }; }\n'
      for h in "${nodes[@]}"; do bgp "$h" "10.${cables[$h]}.0.1" 65000 "10.${cables[$h]}.0.2" 65001 'import all; export none'; done
    } >"$work/bird-r.conf"
  else
    cat >"$work/bird-$1.conf" <<EOF
router id 10.${cables[$1]}.0.2;
protocol device { scan time 1; }
protocol direct { ipv4; interface "wg*"; }
protocol kernel { learn; scan time 1; ipv4 { import where krt_source = 119; export none; }; }
filter to_router {
  if source = RTS_INHERIT && krt_source = 119 then accept;
  if net = $common/32 then accept;
  reject;
}
$(bgp uplink "10.${cables[$1]}.0.2" 65001 "10.${cables[$1]}.0.1" 65000 'import none; export filter to_router; next hop self')
EOF
  fi
  on "$1" bird -c "$work/bird-$1.conf" -s "$work/bird-$1.ctl" -P "$work/bird-$1.pid"
}
bgp() { # NAME LOCAL AS NEIGHBOR AS CHANNEL
  printf 'protocol bgp %s { local %s as %s; neighbor %s as %s; connect delay time 1; connect retry time 1; error wait time 1,2; ipv4 { %s; }; }\n' "$@"
}

way() { on r ip route show "$1"; } # ADDRESS
leads_to() { [[ $(way "$1") == *"via 10.${cables[$2]}.0.2 "* ]]; } # ADDRESS HOST
leads_nowhere() { [[ -z $(way "$1") ]]; }

# ---- nodes

run_node() { # HOST NUMBER
  (umask 077; [[ -s $work/cluster.key ]] || wg genpsk >"$work/cluster.key"; cat >"$work/$(iface "$1").conf") <<EOF
[Interface]
# Peers = etcd://10.31.0.2:2379,10.32.0.2:2379,10.33.0.2:2379$prefix
# Node = $1
# NodeNumber = $2
# NodeAddress = 10.${cables[$1]}.0.2:51830
# ClusterKeyFile = $work/cluster.key
# Announce = main
PrivateKey = $(<"$(key_file a)")
ListenPort = 51820
Address = $inside, $common/32
Table = off
EOF
  LOG_LEVEL=info ip netns exec "$(host_of "$1")" "$ours" run "$work/$(iface "$1").conf" >"$work/$1.log" 2>&1 </dev/null &
}
cluster() { "$ours" show --json --cluster "$(iface "$1")" | jq -r ".clusters[0]$2"; } # HOST PATH
cluster_is() { [[ $(cluster "$1" "$2" 2>/dev/null) == "$3" ]]; }
