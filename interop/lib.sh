# What every interop test is made of: hosts (network namespaces), cables between them (veth pairs), WireGuard nodes on
# them, and checks. A test sources this file, builds its hosts and calls `check 'sentence' function`.
#
# Names carry the test's process id, so that tests may run side by side; interface names too, because the control
# sockets of all namespaces meet in /var/run/wireguard.
#
# Host x has the number n of its letter (a=1, b=2, c=3). Inside the tunnel it is 10.0.0.n and fd00::n, on its interface
# wg<pid>x; a cable with number k gives it 10.k.0.1 or .2 and fd99:k::1 or ::2, on the interface to-<other host>.
#
# Environment: OURS (the program under test; bin/wg-netty), INTEROP_RESULTS (file to which results are appended),
# INTEROP_KEEP=1 (leave the logs of a passed test).
set -euo pipefail

interop=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${interop%/*}
ours=${OURS:-$home/bin/wg-netty}
group=$(basename "$0" .sh)
implementations=$(IFS=,; echo "$*")
label=$group${implementations:+ ($implementations)}
work=$home/target/interop/$group-$$
results=${INTEROP_RESULTS:-/dev/null}
start_wait_s=60      # a JVM on a machine that is busy with other tests
handshake_wait_s=12 # two handshake attempts and some: a first packet may find the other side still starting
mkdir -p "$work"
export STATE_DIRECTORY=$work/state # of our nodes, which would otherwise leave their traces on this machine
# Tests kill nodes while they test their ciphers, which is not to be held against the machine's libraries.
export WG_NETTY_JAVA_OPTS="${WG_NETTY_JAVA_OPTS:-} -Dwgnetty.marks=$work/marks"

# ---- hosts and cables

host_of() { echo "wgn-$group-$$-$1"; }
iface() { echo "wg$$$1"; }
number() { case $1 in a) echo 1 ;; b) echo 2 ;; c) echo 3 ;; d) echo 4 ;; *) echo 9 ;; esac; }
inner4() { echo "10.0.0.$(number "$1")"; }
inner6() { echo "fd00::$(number "$1")"; }

on() { # HOST COMMAND...
  local host=$1
  shift
  ip netns exec "$(host_of "$host")" "$@"
}

host() { # HOST...
  local h
  for h in "$@"; do
    ip netns add "$(host_of "$h")"
    ip -n "$(host_of "$h")" link set lo up
  done
}

cable() { # X Y NUMBER: X gets .1 and ::1, Y .2 and ::2
  ip link add "to-$2" netns "$(host_of "$1")" type veth peer name "to-$1" netns "$(host_of "$2")"
  plug "$1" "to-$2" "10.$3.0.1/24" "fd99:$3::1/64"
  plug "$2" "to-$1" "10.$3.0.2/24" "fd99:$3::2/64"
}

plug() { # HOST INTERFACE IPV4 IPV6
  local at
  at=$(host_of "$1")
  ip -n "$at" addr add "$3" dev "$2"
  [[ $(on "$1" sysctl -n net.ipv6.conf.all.disable_ipv6) == 1 ]] || ip -n "$at" addr add "$4" dev "$2" nodad
  ip -n "$at" link set "$2" up
}

# ---- nodes

program() { # IMPLEMENTATION
  case $1 in
    ours) echo "$ours" ;;
    go) echo wireguard-go ;;
    *) echo "unknown implementation $1" >&2; return 1 ;;
  esac
}

declare -A options=() # of our nodes, by host, e.g. options[a]='--loops 2'

daemon() { # HOST IMPLEMENTATION [PREFIX COMMAND...]: a node in the foreground, its output in a log
  local h=$1 implementation=$2 more=()
  shift 2
  [[ $implementation != ours ]] || read -ra more <<<"${options[$h]:-}"
  LOG_LEVEL=${LOG_LEVEL:-error} ip netns exec "$(host_of "$h")" "$@" "$(program "$implementation")" "${more[@]}" -f "$(iface "$h")" \
    >"$work/$h.log" 2>&1 </dev/null & # not through `on`: $! would be a shell around it
  echo $! >"$work/$h.pid"
  local tries=$((start_wait_s * 20)) # not the clock, which goes on where a whole machine is stopped for a while
  until answers "$h"; do
    ((tries-- > 0)) || { echo "the $implementation node on $h does not answer:"; tail -20 "$work/$h.log"; return 1; }
    kill -0 $! 2>/dev/null || { echo "the $implementation node on $h ended at once:"; tail -20 "$work/$h.log"; return 1; }
    sleep 0.05
  done
}

# wireguard-go's socket is bound before it accepts, and wg removes one that refuses it as stale: so nobody may ask before
# it listens. Ours gets its name only then; the kernel's list goes on showing the hidden name that it had before.
answers() { listens_for_control "$1" && timeout 5 wg show "$(iface "$1")" >/dev/null 2>&1; }

listens_for_control() { # the kernel's list shows SO_ACCEPTCON
  on "$1" awk -v path="wireguard/$(iface "$1").sock" -v hidden="wireguard/.$(iface "$1")." '
    $4 == "00010000" && (substr($8, length($8) - length(path) + 1) == path || index($8, hidden)) {found = 1}
    END {exit !found}' /proc/net/unix
}

key_file() { # HOST
  [[ -s $work/$1.key ]] || (umask 077; wg genkey >"$work/$1.key")
  echo "$work/$1.key"
}
public_key() { wg pubkey <"$(key_file "$1")"; }
preshared_key_file() {
  [[ -s $work/psk ]] || (umask 077; wg genpsk >"$work/psk")
  echo "$work/psk"
}

identify() { wg set "$(iface "$1")" listen-port 51820 private-key "$(key_file "$1")"; } # HOST

address() { # HOST: addresses inside the tunnel, and up
  local at
  at=$(host_of "$1")
  ip -n "$at" addr add "$(inner4 "$1")/24" dev "$(iface "$1")"
  ip -n "$at" addr add "$(inner6 "$1")/64" dev "$(iface "$1")" nodad
  ip -n "$at" link set "$(iface "$1")" up
}

node() { # HOST IMPLEMENTATION: everything but peers
  daemon "$1" "$2"
  identify "$1"
  address "$1"
}

peer() { # X Y [WORDS...]: tells X of Y; WORDS as for `wg set ... peer KEY`
  wg set "$(iface "$1")" peer "$(public_key "$2")" allowed-ips "$(inner4 "$2")/32,$(inner6 "$2")/128" "${@:3}"
}

forget() { wg set "$(iface "$1")" peer "$(public_key "$2")" remove; } # X Y

pair() { # IMPLEMENTATION_A IMPLEMENTATION_B: hosts a and b on cable 99, a node on each, each knowing the other
  host a b
  cable a b 99
  node a "$1"
  node b "$2"
  peer a b endpoint 10.99.0.2:51820
  peer b a endpoint 10.99.0.1:51820
}

end() { # HOST: its node, which has time to write what it has to say
  local pid
  pid=$(<"$work/$1.pid")
  kill "$pid"
  eventually 20 ended "$pid"
  rm -f "$work/$1.pid"
}
processes_of() { # HOST NAME: their numbers. One that ends while it is looked at is none
  local pid
  for pid in $(ip netns pids "$(host_of "$1")"); do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null || true) != "$2" ]] || echo "$pid"
  done
}
ended() { ! kill -0 "$1" 2>/dev/null; }

field() { # HOST FIELD OTHER: what `wg show HOST FIELD` says of the peer OTHER
  wg show "$(iface "$1")" "$2" | awk -v peer="$(public_key "$3")" '$1 == peer {sub(/^[^\t]*\t/, ""); print}'
}

# ---- traffic

reaches() { # FROM ADDRESS [ping options]: one answer, given the time of a handshake
  on "$1" ping -n -c 1 -W "$handshake_wait_s" "${@:3}" "$2" >/dev/null
}
reaches_within() { on "$1" ping -n -c 1 -W "$3" "$2" >/dev/null; } # FROM ADDRESS SECONDS
never_reaches() { # FROM ADDRESS [ping options]
  ! on "$1" ping -n -c 3 -i 0.2 -W 1 "${@:3}" "$2" || { echo "$1 reached $2, and must not"; return 1; }
}
pings() { # FROM ADDRESS COUNT INTERVAL: not one may be lost
  local report wanted
  wanted=$(($(echo_replies "$1" "$2") + $3))
  report=$(on "$1" ping -n -q -c "$3" -i "$4" -W "$handshake_wait_s" "$2") || { echo "$report"; return 1; }
  echo "$report"
  # ping itself leaves two round trips after its last request, too early for a busy machine: the host's own count decides.
  eventually 5 has_replies "$1" "$2" "$wanted"
}
has_replies() { (($(echo_replies "$1" "$2") >= $3)); }
echo_replies() { # HOST ADDRESS: answers of that family that ever reached the host
  if [[ $2 == *:* ]]; then
    on "$1" awk '$1 == "Icmp6InEchoReplies" {print $2}' /proc/net/snmp6
  else
    on "$1" awk '$1 == "Icmp:" && !column {for (i = 2; i <= NF; i++) if ($i == "InEchoReps") column = i; next}
      $1 == "Icmp:" {print $column}' /proc/net/snmp
  fi
}

iperf_server() { # HOST: once
  on "$1" iperf3 -s >"$work/$1.iperf" 2>&1 </dev/null &
  eventually 5 listens "$1" 5201
}
listens() { [[ -n $(on "$1" ss -Hltn "sport = :$2") ]]; }

iperf() { # FROM ADDRESS [options]: JSON on standard output
  local try report
  for ((try = 0; try < 50; try++)); do
    report=$(on "$1" timeout 30 iperf3 -J -c "$2" "${@:3}" </dev/null) || true # the report says why
    [[ $report == *"server is busy"* ]] || break
    sleep 0.2 # a server on a slow machine has not yet done with the test before
  done
  printf '%s\n' "$report"
}
carries_tcp() { # FROM ADDRESS [options]: at least 10 Mbit/s, which no working tunnel misses, even while a JVM warms up
  iperf "$@" -t 1 | python3 -c '
import json, sys
rate = json.load(sys.stdin)["end"]["sum_received"]["bits_per_second"] / 1e6
print(f"{rate:.0f} Mbit/s")
sys.exit(rate < 10)'
}
carries_udp() { # FROM ADDRESS [options]: 10 Mbit/s arrive with less than 1 % lost
  iperf "$@" -t 1 -u -b 10M -l 1200 | python3 -c '
import json, sys
end = json.load(sys.stdin)["end"]["sum"]
print(end["packets"], "packets,", end["lost_percent"], "% lost")
sys.exit(end["packets"] < 500 or end["lost_percent"] >= 1)'
}

# Traffic whose content is checked; see flows.py.
flow_server() { # HOST: once
  on "$1" "$interop/flows.py" serve 7000 >"$work/$1.flows" 2>&1 </dev/null &
  eventually 10 listens "$1" 7000
}
flows() { # FROM ADDRESS [options]: both directions
  local at=$2
  [[ $at != *:* ]] || at="[$at]"
  on "$1" timeout 120 "$interop/flows.py" check "$at:7000" "${@:3}"
}

# ---- checks

eventually() { # SECONDS COMMAND...: until it succeeds
  local until=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift
  until "$@"; do
    ((${EPOCHREALTIME/./} < until)) || { echo "did not happen in time: $*"; return 1; }
    sleep 0.05
  done
}

equals() { # EXPECTED ACTUAL WHAT
  [[ $1 == "$2" ]] || { printf '%s: expected "%s", got "%s"\n' "$3" "$1" "$2"; return 1; }
}
contains() { # TEXT PART
  [[ $1 == *"$2"* ]] || { printf 'expected "%s" in: %s\n' "$2" "$1"; return 1; }
}
lacks() { # TEXT PART (in a test, since `! ...` in the middle of a function is no check: errexit ignores it)
  [[ $1 != *"$2"* ]] || { printf 'expected no "%s" in: %s\n' "$2" "$1"; return 1; }
}
fails() { # COMMAND...: must not succeed; its output is left in $work/said
  if "$@" >"$work/said" 2>&1; then
    echo "succeeded, and must not: $*"
    return 1
  fi
}

# check SENTENCE COMMAND...: runs the command with errexit on and reports it. Call it as a plain statement: after || or
# in a condition bash would switch errexit off inside.
passed=0 failed=0
check() {
  local sentence=$1 log=$work/check.log begin=${EPOCHREALTIME/./} status tenths
  shift
  set +e
  (
    set -eE
    trap 'echo "failed: $BASH_COMMAND (${BASH_SOURCE[0]##*/} line $LINENO)"' ERR
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  tenths=$(((${EPOCHREALTIME/./} - begin) / 100000))
  if ((status == 0)); then
    passed=$((passed + 1))
    report ok "$tenths" "$sentence"
  else
    failed=$((failed + 1))
    report FAILED "$tenths" "$sentence" "$(tail -n 40 "$log" | sed 's/^/        | /'; daemons_said)"
  fi
}

# The rest of the test makes no sense without this one.
must() {
  local before=$failed
  check "$@"
  ((failed == before)) || exit 1
}

report() { # RESULT TENTHS SENTENCE [DETAILS]: in one write, so that tests running side by side do not mix their lines
  local line
  line=$(printf '%-7s %4d.%d s  %s: %s' "$1" $(($2 / 10)) $(($2 % 10)) "$label" "$3")
  printf '%s\n' "$line" >>"$results"
  printf '%s\n' "$line${4:+$'\n'$4}"
}

daemons_said() {
  local log
  for log in "$work"/?.log; do
    [[ ! -s $log ]] || grep -v '[┌│└]' "$log" | tail -n 8 | sed "s/^/        ${log##*/}| /"
  done
}

# ---- the end

clean_up() {
  local status=$? names pids
  trap '' INT TERM HUP
  names=$(ip netns list | awk -v mine="wgn-$group-$$-" 'index($1, mine) == 1 {print $1}')
  pids=$(for n in $names; do ip netns pids "$n"; done; cat "$work"/*.pid 2>/dev/null || true)
  [[ -z $pids ]] || kill $pids 2>/dev/null || true
  for _ in {1..50}; do
    pids=$(for n in $names; do ip netns pids "$n"; done)
    [[ -n $pids ]] || break
    sleep 0.1
  done
  [[ -z $pids ]] || kill -9 $pids 2>/dev/null || true
  for n in $names; do ip netns del "$n"; done
  rm -f "/var/run/wireguard/wg$$"?.sock "/var/run/wireguard/wg$$-"*.sock
  ((failed > 0 || ${INTEROP_KEEP:-0})) || rm -rf "$work"
  ((status != 0 || failed == 0)) || status=1
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
