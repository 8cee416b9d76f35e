# shellcheck shell=bash
# Part of bin/bench. The loads. Each runs between the two hosts and records its figures.

all_loads=(tcp1 tcp4 tcpR udp64 udp1350 cpuGB cpuPkt ping pingLoad rssMB)
pings=500
ping_interval_s=0.01
udp_warm_up_s=3 # of small packets, after the TCP

record() { # IMPLEMENTATION ROUND FIGURE VALUE [NAME=VALUE of what else is worth keeping]
  local value=$4
  [[ $value =~ ^[0-9]+([.][0-9]+)?$ ]] || value=null
  printf '{"implementation": "%s", "round": %d, "figure": "%s", "value": %s%s}\n' "$1" "$2" "$3" "$value" \
    "${5:+, \"${5%%=*}\": ${5#*=}}" >>"$raw.tmp"
  show_figure "$3" "$value"
}

# ---- iperf3

iperf() { # SECONDS ARGUMENTS... -> iperf3's own JSON
  local server tries
  on right iperf3 -s -1 >/dev/null 2>&1 {lock}>&- &
  server=$!
  for tries in {1..100}; do
    [[ -z $(on right ss -Hltn 'sport = :5201') ]] || break
    sleep 0.05
  done
  ((tries < 100)) || echo "the iperf3 server does not listen" >&2
  on left timeout $(($1 + 20)) iperf3 -J -c 10.78.0.2 -t "$1" "${@:2}" 2>/dev/null {lock}>&- || true
  kill "$server" 2>/dev/null || true # it has ended by itself if all went well
  wait "$server" 2>/dev/null || true
}

warm_up() {
  iperf "$warm_s" >/dev/null
  iperf "$udp_warm_up_s" -u -b 0 -l 64 >/dev/null
}

rate() { # IMPLEMENTATION ROUND FIGURE ARGUMENTS...
  local mbits lost_percent
  read -r mbits _ _ lost_percent < <(iperf "$seconds" "${@:4}" | python3 "$parts/figures.py" iperf) || true
  record "$1" "$2" "$3" "$mbits" "lost_percent=${lost_percent:-null}"
}

load_tcp1() { rate "$1" "$2" tcp1; }
load_tcp4() { rate "$1" "$2" tcp4 -P 4; }
load_tcpR() { rate "$1" "$2" tcpR -R; }
load_udp64() { rate "$1" "$2" udp64 -u -b 0 -l 64; }
load_udp1350() { rate "$1" "$2" udp1350 -u -b 0 -l 1350; }

# ---- CPU time

cpu_ticks() { # of both daemons, with all their threads
  local side stat ticks=0
  for side in left right; do
    stat=$(<"/proc/${daemon[$side]}/stat")
    read -ra stat <<<"${stat##*) }" # the name before it may hold anything; user and system time are 14th and 15th of all
    ticks=$((ticks + stat[11] + stat[12]))
  done
  echo "$ticks"
}

cost() { # IMPLEMENTATION ROUND FIGURE UNITS_PER_SECOND_OF_CPU FIELD ARGUMENTS...
  local before after mbits bytes packets lost_percent carried
  [[ $1 != kernel ]] || return 0
  before=$(cpu_ticks)
  read -r mbits bytes packets lost_percent < <(iperf "$seconds" "${@:6}" | python3 "$parts/figures.py" iperf) || true
  after=$(cpu_ticks)
  carried=${!5:-0}
  record "$1" "$2" "$3" "$(awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v carried="$carried" -v units="$4" \
    'BEGIN { if (carried > 0) printf "%.4f", ticks / hz / carried * units }')" "mbits=${mbits:-null}"
  : "$bytes" "$packets" "$lost_percent"
}

load_cpuGB() { cost "$1" "$2" cpuGB 1e9 bytes -b 800M; }
load_cpuPkt() { cost "$1" "$2" cpuPkt 1e6 packets -u -b 10.24M -l 64; }

load_rssMB() {
  [[ $1 != kernel ]] || return 0
  record "$1" "$2" rssMB "$(awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/${daemon[right]}/status")"
}

# ---- latency

ping_figures() { # IMPLEMENTATION ROUND FIGURE
  local median p99 lost
  read -r median p99 lost < <(on left timeout 60 ping -i "$ping_interval_s" -c "$pings" -W 2 10.78.0.2 2>&1 |
    python3 "$parts/figures.py" ping "$pings") || true
  record "$1" "$2" "${3}50" "$median" "lost=${lost:-null}"
  record "$1" "$2" "${3}99" "$p99" "lost=${lost:-null}"
}

load_ping() {
  sleep 1 # what the load before left in queues
  ping_figures "$1" "$2" ping
}

load_pingLoad() {
  local traffic
  iperf 60 >/dev/null {lock}>&- &
  traffic=$!
  sleep 2 # until TCP has found its speed
  ping_figures "$1" "$2" pingLoad
  stop_iperf
  wait "$traffic" 2>/dev/null || true
}

stop_iperf() { # only those in our two namespaces
  local pid
  for pid in $(host_pids); do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) != iperf3 ]] || kill "$pid" 2>/dev/null || true
  done
}

# ---- how long they take, for the time left

warm_up_s() { echo $((warm_s + udp_warm_up_s + 2)); }

load_s() { # LOAD
  case $1 in
    ping) echo 7 ;;
    pingLoad) echo 9 ;;
    rssMB) echo 0 ;;
    *) echo $((seconds + 1)) ;;
  esac
}
