#!/bin/bash
# Four event loops and 64 peers, whether or not the machine has four cores. Each peer has flows with the hub in both
# directions at once, of which every datagram is numbered: nothing is lost, changed, duplicated, or overtaken by a later one.
# And every datagram from the network came to the loop that owns its session.
#
#   a, the hub: one interface with 10.<k>.. of every peer          p, all the peers, an interface for each
#   wg 10.100.<k>.1 fd00:<k>::1, to-p 10.99.0.1  <------------>    to-a 10.99.0.2, wg<k> 10.100.<k>.2 fd00:<k>::2
#
# usage: loops.sh ours go     the first few peers are ours all the same, each with four event loops of its own
# Environment: LOOP_PEERS (64), SEED
. "$(dirname "$0")/lib.sh"

peers=${LOOP_PEERS:-64}
peers_of_ours=3
loops=4
seed=${SEED:-$RANDOM}
export LOG_LEVEL=verbose
export GOMAXPROCS=2 GOMEMLIMIT=64MiB # dozens of them share the machine

name() { echo "wg$$-$1"; } # PEER: its interface
key_of() { echo "$work/$1.key"; }

start_peer() { # PEER
  local program=wireguard-go more=()
  (($1 > peers_of_ours)) || { program=$ours; more=(--loops "$loops"); }
  LOG_LEVEL=error ip netns exec "$(host_of p)" "$program" "${more[@]}" -f "$(name "$1")" >"$work/peer-$1.log" 2>&1 </dev/null &
}

configure() { # all peers on both sides
  local hub k part
  hub=$(public_key a)
  echo "[Interface]" >"$work/hub.conf"
  for ((k = 1; k <= peers; k++)); do
    eventually "$start_wait_s" wg show "$(name "$k")" >/dev/null 2>&1
    (umask 077; wg genkey >"$(key_of "$k")")
    wg set "$(name "$k")" listen-port $((20000 + k)) private-key "$(key_of "$k")" \
      peer "$hub" endpoint 10.99.0.1:51820 allowed-ips "10.100.$k.0/24,fd00:$k::/64"
    printf '[Peer]\nPublicKey = %s\nAllowedIPs = 10.100.%d.2/32, fd00:%d::2/128\nEndpoint = 10.99.0.2:%d\n' \
      "$(wg pubkey <"$(key_of "$k")")" "$k" "$k" $((20000 + k)) >>"$work/hub.conf"
    echo "addr add 10.100.$k.1/24 dev $(iface a)"$'\n'"addr add fd00:$k::1/64 dev $(iface a) nodad" >>"$work/hub.ip"
    echo "addr add 10.100.$k.2/24 dev $(name "$k")"$'\n'"addr add fd00:$k::2/64 dev $(name "$k") nodad"$'\n'"link set $(name "$k") up" >>"$work/peers.ip"
  done
  wg addconf "$(iface a)" "$work/hub.conf"
  echo "link set $(iface a) up" >>"$work/hub.ip"
  ip -n "$(host_of a)" -batch "$work/hub.ip"
  # A few at a time: every node on this host hears of each change, and wireguard-go ends when its queue of news overflows.
  split -l 12 "$work/peers.ip" "$work/peers.ip."
  for part in "$work"/peers.ip.*; do
    ip -n "$(host_of p)" -batch "$part"
    sleep 0.2
  done
}

start() {
  local k
  host a p
  cable a p 99
  options[a]="--loops $loops"
  for ((k = 1; k <= peers; k++)); do start_peer "$k"; done
  daemon a "$1"
  identify a
  flow_server a
}

targets() { for ((k = 1; k <= peers; k++)); do ((k % 2)) && echo "10.100.$k.1:7000" || echo "[fd00:$k::1]:7000"; done; }

everybody_pings() { # the peers call, so that the hub responds; then the hub calls back in
  local k pids=() pid
  for ((k = 1; k <= peers; k++)); do
    on p ping -n -q -c 2 -i 0.2 -W "$handshake_wait_s" "10.100.$k.1" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  pids=()
  for ((k = 1; k <= peers; k++)); do
    on a ping -n -q -c 2 -i 0.2 -W "$handshake_wait_s" "fd00:$k::2" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
  equals "$peers" "$(wg show "$(iface a)" latest-handshakes | awk '$2 > 0' | wc -l)" "peers with a session"
}

# All flows of all peers at the same time.
flows_keep_order() { # OPTIONS...
  # shellcheck disable=SC2046
  on p timeout 120 "$interop/flows.py" check $(targets) --parallel --quiet --seed "$seed" "$@"
}

steered() { # nothing came to a loop that does not own it
  local said
  end a
  said=$(grep 'handed over between event loops' "$work/a.log")
  echo "$said"
  grep -h 'dropped' "$work/a.log"
  contains "$said" " 0 in"
}

[[ ${1:?} == ours ]] || { echo "$0: the hub has to be ours" >&2; exit 2; }
echo "loops: seed $seed"
must "a hub with $loops event loops and $peers peers come up" start "$1"
must "all peers are configured" configure
check "every peer reaches the hub, and the hub every peer" everybody_pings
check "UDP with all peers at once, both directions, in order" flows_keep_order --udp 200+1300+64 --udp 1200x8 --count 600 --window 24
check "TCP with all peers at once, both directions" flows_keep_order --tcp 1000000
check "every datagram from the network came to its owner's loop" steered
sed -n 's/.*handed over/  handed over/p' "$work/a.log"
