# shellcheck shell=bash
# Part of bin/bench. Two hosts, made of network namespaces, joined by a cable; on each a node of one implementation.
#
#   namespace wg-bench-left                           namespace wg-bench-right
#   wgb-left 10.78.0.1        ===== tunnel =====      wgb-right 10.78.0.2
#   cable    198.51.100.1     <---------------->      cable     198.51.100.2

inner_mtu=1420
start_timeout_s=30
declare -A daemon=() # side -> process number; none for the kernel's

on() { # SIDE COMMAND...
  ip netns exec "wg-bench-$1" "${@:2}"
}

host_number() { [[ $1 == left ]] && echo 1 || echo 2; }

make_hosts() {
  local side
  for side in left right; do
    ip netns add "wg-bench-$side" ||
      fail "cannot make network namespaces: needs the real root of the machine; a container needs --privileged"
    on "$side" true || fail "cannot enter a network namespace: a container needs --privileged"
  done
  ip link add cable netns wg-bench-left type veth peer name cable netns wg-bench-right ||
    fail "cannot make a veth pair: the kernel needs its module veth ('modprobe veth')"
  for side in left right; do
    ip -n "wg-bench-$side" link set lo up
    ip -n "wg-bench-$side" addr add "198.51.100.$(host_number $side)/24" dev cable
    ip -n "wg-bench-$side" link set cable up
  done
}

start_nodes() { # NAME
  local side
  daemon=()
  for side in left right; do
    if [[ $1 == kernel ]]; then
      ip -n "wg-bench-$side" link add "wgb-$side" type wireguard
    else
      # Not by way of `on`: $! has to be the daemon itself, whose CPU time and memory are measured.
      # shellcheck disable=SC2086 # a command with its options
      LOG_LEVEL=error ip netns exec "wg-bench-$side" ${peer_command[$1]} "wgb-$side" >"$work/$1.$side.log" 2>&1 </dev/null {lock}>&- &
      daemon[$side]=$!
    fi
  done
  for side in left right; do await_node "$1" "$side"; done
}

await_node() { # NAME SIDE
  local deadline=$((SECONDS + start_timeout_s))
  until on "$2" wg show "wgb-$2" >/dev/null 2>&1; do
    if ((SECONDS > deadline)) || { [[ -n ${daemon[$2]:-} ]] && ! kill -0 "${daemon[$2]}" 2>/dev/null; }; then
      fail "$1 did not come up:"$'\n'"$(tail -n 20 "$work/$1.$2.log")"
    fi
    sleep 0.05
  done
}

configure_nodes() {
  local side other n m
  local -A private public
  local preshared
  preshared=$(wg genpsk)
  for side in left right; do
    private[$side]=$(wg genkey)
    public[$side]=$(wg pubkey <<<"${private[$side]}")
  done
  for side in left right; do
    [[ $side == left ]] && other=right || other=left
    n=$(host_number $side) m=$(host_number $other)
    on "$side" wg set "wgb-$side" listen-port 51820 private-key <(echo "${private[$side]}") \
      peer "${public[$other]}" preshared-key <(echo "$preshared") endpoint "198.51.100.$m:51820" \
      allowed-ips "10.78.0.$m/32"
    ip -n "wg-bench-$side" addr add "10.78.0.$n/24" dev "wgb-$side"
    ip -n "wg-bench-$side" link set mtu "$inner_mtu" up dev "wgb-$side"
  done
  on left ping -q -c 5 -i 0.3 -W 5 10.78.0.2 >"$work/first-ping" 2>&1 ||
    fail "no ping through the tunnel:"$'\n'"$(cat "$work/first-ping")"
}

host_pids() {
  local side
  for side in left right; do ip netns pids "wg-bench-$side" 2>/dev/null || true; done
}

remove_hosts() {
  local side
  end_processes
  for side in left right; do
    [[ ! -e /run/netns/wg-bench-$side ]] || ip netns del "wg-bench-$side"
    rm -f "/var/run/wireguard/wgb-$side.sock"
  done
  wait 2>/dev/null || true # so that the shell says nothing about daemons that ended
}
