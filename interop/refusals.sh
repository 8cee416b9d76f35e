#!/bin/bash
# What cannot work is refused in one readable line that says what and what to do; and what the machine lacks without need
# (IPv6) is done without. Topology as in traffic.sh where there is a second host.
#
# usage: refusals.sh ours go
. "$(dirname "$0")/lib.sh"

program=$(program "${1:?}")

start() { timeout 60 ip netns exec "$(host_of a)" "$@"; } # PROGRAM and arguments, perhaps behind another command
nothing_left() {
  equals "" "$(ip netns pids "$(host_of a)")" "processes left"
  [[ ! -e /var/run/wireguard/$(iface a).sock ]]
}

# PART COMMAND...: a failure, and one line on standard error that contains PART
refuses() {
  local part=$1 status=0
  shift
  start "$@" >"$work/out" 2>"$work/err" || status=$?
  cat "$work/out" "$work/err"
  ((status > 0 && status < 124))
  equals "" "$(cat "$work/out")" "standard output"
  equals 1 "$(wc -l <"$work/err")" "lines on standard error"
  contains "$(tr '[:upper:]' '[:lower:]' <"$work/err")" "$part"
  lacks "$(cat "$work/err")" Exception
}

link_exists() {
  ip -n "$(host_of a)" link add "$(iface a)" type veth peer name other
  refuses "$(iface a)" "$program" "$(iface a)"
  refuses "$(iface a)" "$program" -f "$(iface a)"
  ip -n "$(host_of a)" link del "$(iface a)"
  nothing_left
}
already_runs() {
  start "$program" "$(iface a)"
  refuses "$(iface a)" "$program" "$(iface a)"
  answers a # the first one is none the worse
  kill "$(ip netns pids "$(host_of a)")"
  eventually 5 nothing_left
}
socket_taken() { # by a node in another namespace: the names meet there
  host b
  daemon b ours
  refuses "$(iface b)" "$program" "$(iface b)"
  answers b
  equals "" "$(ip -n "$(host_of a)" -br link show type tun)" "interfaces left"
  kill "$(cat "$work/b.pid")"
}
bad_names() {
  refuses 15 "$program" sixteenletters16
  refuses name "$program" a/b
  refuses name "$program" "a b"
  refuses name "$program" .
  nothing_left
}
no_name() {
  local status=0
  start "$program" >"$work/out" 2>&1 || status=$?
  cat "$work/out"
  contains "$(cat "$work/out")" "IFNAME"
  lacks "$(cat "$work/out")" Exception
}
no_tun() {
  refuses /dev/net/tun unshare -m sh -c 'mount -t tmpfs none /dev/net && exec "$@"' sh "$program" "$(iface a)"
  refuses /dev/net/tun unshare -m sh -c 'mount -t tmpfs none /dev/net && exec "$@"' sh "$program" -f "$(iface a)"
  nothing_left
}
no_permission() {
  refuses net_admin setpriv --bounding-set -net_admin --inh-caps -net_admin "$program" "$(iface a)"
  nothing_left
}
unwritable_socket_directory() {
  refuses /var/run/wireguard unshare -m sh -c 'mkdir -p /var/run/wireguard && mount -t tmpfs -o ro none /var/run/wireguard && exec "$@"' \
    sh "$program" "$(iface a)"
  nothing_left
}

logs_by_level() {
  LOG_LEVEL=silent start "$program" "$(iface a)" >"$work/silent" 2>&1
  wg set "$(iface a)" listen-port 51821
  kill "$(ip netns pids "$(host_of a)")"
  eventually 5 nothing_left
  equals "" "$(cat "$work/silent")" "silent says"
  for level in debug verbose; do
    LOG_LEVEL=$level start "$program" "$(iface a)" >"$work/$level" 2>&1
    wg set "$(iface a)" listen-port 51821
    kill "$(ip netns pids "$(host_of a)")"
    eventually 5 nothing_left
    [[ -s $work/$level ]]
  done
}

traffic_without_ipv6() { # PREFIX COMMAND...: a is without, b is not
  host b
  cable a b 99
  daemon a ours "$@"
  identify a
  ip -n "$(host_of a)" addr add "$(inner4 a)/24" dev "$(iface a)"
  ip -n "$(host_of a)" link set "$(iface a)" up
  node b "${other:?}"
  peer a b endpoint 10.99.0.2:51820
  peer b a endpoint 10.99.0.1:51820
  pings a "$(inner4 b)" 5 0.05
  pings b "$(inner4 a)" 5 0.05
  wg set "$(iface a)" listen-port 45000
  reaches a "$(inner4 b)"
  # An IPv6 endpoint cannot be reached, and says so to the sender's next packet or not at all; the node goes on.
  wg set "$(iface a)" peer "$(public_key b)" endpoint "[fd99:99::2]:51820"
  never_reaches a "$(inner4 b)"
  wg set "$(iface a)" peer "$(public_key b)" endpoint 10.99.0.2:51820
  reaches a "$(inner4 b)"
}
clear_away() { # what a check left behind, above all a failed one
  local h pids
  for h in a b; do
    pids=$(ip netns pids "$(host_of $h)" 2>/dev/null || true)
    [[ -z $pids ]] || kill -9 $pids
    rm -f "/var/run/wireguard/$(iface $h).sock" "$work/$h.log"
  done
  ip netns del "$(host_of b)" 2>/dev/null || true
  for h in "$(iface a)" other to-b; do ip -n "$(host_of a)" link del "$h" 2>/dev/null || true; done
}
then_check() {
  clear_away
  check "$@"
}

other=${2:?}
host a
then_check "a link of that name exists" link_exists
then_check "that node already runs" already_runs
then_check "a node of that name runs in another namespace" socket_taken
then_check "names that no interface can have" bad_names
then_check "no name at all" no_name
then_check "no /dev/net/tun" no_tun
then_check "no CAP_NET_ADMIN" no_permission
then_check "the socket's directory cannot be written" unwritable_socket_directory
then_check "LOG_LEVEL decides what is said" logs_by_level
then_check "no IPv6 on the machine: IPv4 works" traffic_without_ipv6 "$interop/without-ipv6"
on a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
then_check "IPv6 switched off in the namespace: IPv4 works" traffic_without_ipv6
