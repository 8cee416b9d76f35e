#!/bin/bash
# A stranger gets no answer, whatever he sends, and does no harm: a million hostile datagrams, and seven peers whose keys
# are of low order. Nothing leaves towards him, nothing is logged, memory stays, and the tunnel beside works on.
#
#   b (SECOND)                        a (FIRST), under test                       c, the stranger
#   wg 10.0.0.2 fd00::2               wg 10.0.0.1 fd00::1
#   to-a 10.99.0.1  <------------->   to-b 10.99.0.2     to-c 10.98.0.1  <------> to-a 10.98.0.2, .3, .4
#                                                        fd99:98::1               fd99:98::2, ::3, ::4
#
# usage: silence.sh ours SECOND
# Environment: SEED (what decides the random part; printed), DATAGRAMS (1000000)
. "$(dirname "$0")/lib.sh"

datagrams=${DATAGRAMS:-1000000}
warm_up=$((datagrams / 5)) # the compiler's work and every buffer's first use are behind the node then
seed=${SEED:-$RANDOM$RANDOM}
handshake_attempts_s=12 # two attempts of 5 s and some: how long a low-order peer is watched at least
rss_growth_limit_kib=$((32 * 1024)) # a leak of 42 bytes a datagram would show
live_growth_limit_kib=2048          # objects that a full collection leaves: a leak of 3 bytes a datagram would show
port=51820
low_order_keys=$home/wg-netty/src/test/resources/vectors/x25519.json

# ---- the node under test

node_pid() { # there is one
  local pids
  pids=$(processes_of a java)
  [[ -n $pids ]] && echo "${pids%%$'\n'*}"
}
rss_kib() { awk '/^VmRSS/ {print $2}' "/proc/$(node_pid)/status"; }
live_kib() { # bytes of living objects; collects first
  local pid
  pid=$(node_pid)
  "$(dirname "$(readlink -f "/proc/$pid/exe")")/jcmd" "$pid" GC.class_histogram | awk '$1 == "Total" {print int($3 / 1024)}'
}
udp_count() { # FIELD: what a's kernel counted, of both families together
  on a cat /proc/net/snmp /proc/net/snmp6 | awk -v field="$1" '
    $1 == "Udp:" && !named {for (i = 2; i <= NF; i++) name[i] = $i; named = 1; next}
    $1 == "Udp:" {for (i = 2; i <= NF; i++) if (name[i] == field) n += $i}
    $1 == "Udp6" field {n += $2}
    END {print n + 0}'
}

stop() { # HOST PROGRAM: lets it write its report
  local pid
  for pid in $(processes_of "$1" "$2"); do kill -INT "$pid"; done
}

# ---- the stranger's view

# Every frame that arrives at the stranger, except those by which the kernels find each other's hardware addresses.
watch_answers() {
  on c nft -f - <<'RULES'
table netdev silence {
  counter answers { }
  chain arriving {
    type filter hook ingress device "to-a" priority 0;
    ether type arp accept
    icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report, nd-router-solicit,
      nd-neighbor-solicit, nd-neighbor-advert } accept
    counter name answers
  }
}
RULES
  # What it was, should there be anything.
  on c tcpdump -n -U --immediate-mode -Q in -i to-a -w "$work/answers.pcap" 'not arp and not icmp6' >"$work/tcpdump" 2>&1 </dev/null &
  eventually 5 grep -q 'listening on' "$work/tcpdump"
}
answers_sent() { on c nft list counter netdev silence answers | awk '$1 == "packets" {print $2}'; }
show_answers() { # but for cookie replies
  { tcpdump -n -r "$work/answers.pcap" 2>/dev/null || true; } | awk '!/UDP, length 64$/ && shown++ < 10'
}

# ---- the test

start() {
  host a b c
  "$ours" --version # builds what a fresh clone lacks: the log is to hold the node's own words only
  cable b a 99
  cable a c 98
  for n in 3 4; do
    ip -n "$(host_of c)" addr add "10.98.0.$n/24" dev to-a
    ip -n "$(host_of c)" addr add "fd99:98::$n/64" dev to-a nodad
  done
  on c ping -n -c 1 -W 5 10.98.0.1 # the kernels find each other before anything is counted
  on c ping -n -c 1 -W 5 fd99:98::1
  node a "$1"
  node b "$2"
}

# Handshakes in both roles and traffic of both: what the stranger is going to replay was all really sent.
capture() {
  on a tcpdump -n -U --immediate-mode -Q in -i to-b -w "$work/sent-to-a.pcap" "udp dst port $port" >"$work/tcpdump" 2>&1 </dev/null &
  eventually 5 grep -q 'listening on' "$work/tcpdump"
  peer b a endpoint "10.99.0.2:$port"
  peer a b endpoint "10.99.0.1:$port"
  reaches a "$(inner4 b)"
  forget b a
  forget a b
  peer a b
  peer b a endpoint "10.99.0.2:$port"
  reaches b "$(inner4 a)"
  pings b "$(inner4 a)" 100 0.01
  pings b "$(inner6 a)" 100 0.01
  stop a tcpdump
}

low_order_peers() {
  local n=0 key
  for key in $(python3 -c 'import json, sys; print(*json.load(open(sys.argv[1]))["low_order_points_base64"])' "$low_order_keys"); do
    n=$((n + 1))
    wg set "$(iface a)" peer "$key" allowed-ips "10.0.0.10$n/32" persistent-keepalive 1 \
      endpoint "$([[ $((n % 2)) == 1 ]] && echo 10.98.0.2 || echo '[fd99:98::2]'):$port"
  done
  equals 7 "$n" "low-order keys"
  equals 7 "$(wg show "$(iface a)" persistent-keepalive | grep -c '1$')" "peers with persistent keepalive"
  date +%s >"$work/low-order-since"
  for n in {1..7}; do on a ping -n -c 1 -W 1 "10.0.0.10$n" && return 1; done # data does not get there either
  return 0
}

flood() { # COUNT [OPTIONS]
  on c "$interop/hostile.py" --seed "$seed-$1" --count "$1" --capture "$work/sent-to-a.pcap" \
    --public-key "$(public_key a)" --process "$(node_pid)" --port "$port" \
    --target 10.98.0.1 fd99:98::1 --source 10.98.0.{2,3,4} fd99:98::{2,3,4} "${@:2}"
}

# A node that has just started may be under load while its code is compiled. Then, and only then, a message with a true mac1
# gets a cookie reply (64 bytes), as the protocol has it: here it may, from here on nothing may be answered.
warms_up() {
  flood "$warm_up" --warm-up
  equals "" "$(show_answers)" "answers other than cookie replies"
  answers_sent >"$work/cookies"
  live_kib >"$work/live-before"
  rss_kib >"$work/rss-before"
}

# The pings through the tunnel run all the while.
takes_everything() {
  local before lost_before
  before=$(udp_count InDatagrams) lost_before=$(udp_count RcvbufErrors)
  on b ping -n -q -i 0.05 "$(inner4 a)" >"$work/pings" 2>&1 &
  flood $((datagrams - warm_up)) | tee "$work/flood"
  stop b ping
  wait
  live_kib >"$work/live-after"
  rss_kib >"$work/rss-after"
  equals "$lost_before" "$(udp_count RcvbufErrors)" "datagrams lost in the node's socket buffers"
  (($(udp_count InDatagrams) - before >= datagrams - warm_up))
}

no_answer() {
  local left
  left=$(($(<"$work/low-order-since") + handshake_attempts_s - $(date +%s)))
  ((left <= 0)) || sleep "$left"
  show_answers
  equals "$(<"$work/cookies")" "$(answers_sent)" "packets sent to the stranger, with those of the warm-up"
}

log_is_empty() { equals "" "$(head -n 20 "$work/a.log")" "the log"; }

memory_stays() {
  local rss live
  rss=$(($(<"$work/rss-after") - $(<"$work/rss-before")))
  live=$(($(<"$work/live-after") - $(<"$work/live-before")))
  echo "RSS $(<"$work/rss-before") + $rss KiB, living objects $(<"$work/live-before") + $live KiB" | tee "$work/memory"
  ((rss < rss_growth_limit_kib && live < live_growth_limit_kib))
}

tunnel_worked() { # the last ping may have been on its way when it was stopped
  cat "$work/pings"
  awk '/packets transmitted/ {sent = $1; got = $4} END {exit !(sent > 20 && sent - got <= 1 + sent / 1000)}' "$work/pings"
}

nobody_moved() {
  equals "10.99.0.1:$port" "$(field a endpoints b)" "where a sees b"
  pings a "$(inner4 b)" 20 0.02
  pings b "$(inner6 a)" 20 0.02
}

# Peers at the same place, with good keys: were there anything to see, it would have been seen.
would_be_seen() {
  local at seen
  seen=$(answers_sent)
  for at in "10.98.0.2:$port" "[fd99:98::2]:$port"; do
    wg set "$(iface a)" peer "$(wg genkey | wg pubkey)" endpoint "$at" persistent-keepalive 1
    eventually "$handshake_wait_s" more_answers_than "$seen"
    seen=$(answers_sent)
  done
  eventually 5 initiation_is_captured
}
initiation_is_captured() { [[ $(show_answers) == *"10.98.0.1.$port > 10.98.0.2.$port: UDP, length 148"* ]]; }
more_answers_than() { (($(answers_sent) > $1)); }

[[ ${1:?} == ours ]] || { echo "$0: looks into a Java process: only ours can be under test" >&2; exit 2; }
echo "silence: seed $seed, $datagrams datagrams"
must "two nodes come up, and a stranger" start "$1" "$2"
must "handshakes in both roles and data, captured" capture
must "the stranger watches" watch_answers
check "seven peers with low-order keys are configured, and get no data" low_order_peers
check "$warm_up hostile datagrams to warm up" warms_up
check "$((datagrams - warm_up)) hostile datagrams, every one received" takes_everything
check "not one packet in answer, nor to the low-order peers" no_answer
check "nothing in the log" log_is_empty
check "the tunnel beside worked all the while" tunnel_worked
check "no memory growth" memory_stays
check "replays and forgeries moved nobody" nobody_moved
check "an answer would have been seen" would_be_seen
sed 's/^/  /' "$work/flood" "$work/memory" "$work/pings" 2>/dev/null || true
