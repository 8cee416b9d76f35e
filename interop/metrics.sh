#!/bin/bash
# A real Prometheus watches two of our nodes, with the configuration, alerts and dashboard of docker/ (addresses and
# intervals apart): every alert's expression evaluates and names only what there is, every panel has data, a stopped node
# raises its alert.
#
#   a: Prometheus, node                                       b: node
#   metrics 127.0.0.1:9586, to-b 10.99.0.1  <------------->   to-a 10.99.0.2, metrics 0.0.0.0:9586
#
# usage: metrics.sh ours
# Environment: METRICS_KEEP_S (seconds of traffic, 12), METRICS_DATA (directory for Prometheus' data; kept)
. "$(dirname "$0")/lib.sh"

port=9586
file=$work/$(iface b).conf
traffic_s=${METRICS_KEEP_S:-12}
asks() { on a "$interop/metrics.py" "$@"; } # of Prometheus, or of a node's pages

start() {
  options[a]="--metrics $port --metrics-peers 5"
  host a b
  cable a b 99
  node a ours
  node_from_a_file
  peer a b endpoint 10.99.0.2:51820
  reaches a "$(inner4 b)"
}
node_from_a_file() { # on b
  (umask 077 && printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\nAddress = %s/24, %s/64\n\n[Peer]\nPublicKey = %s\nAllowedIPs = %s/32, %s/128\nEndpoint = 10.99.0.1:51820\n' \
    "$(<"$(key_file b)")" "$(inner4 b)" "$(inner6 b)" "$(public_key a)" "$(inner4 a)" "$(inner6 a)" >"$file")
  mkdir -p "$work/peers.d"
  LOG_LEVEL=info ip netns exec "$(host_of b)" "$ours" run "$file" --metrics "0.0.0.0:$port" --peers "dir:$work/peers.d" >"$work/b.log" 2>&1 </dev/null &
  echo $! >"$work/b.pid"
  eventually "$start_wait_s" answers b
}

warns_of_everybody() {
  grep "metrics on 0.0.0.0 are open to everybody" "$work/b.log"
}

reload_is_told() {
  local applied="wgnetty_config_last_reload_successful{interface=\"$(iface b)\"}"
  contains "$(page_of_b)" "$applied 1"
  cp "$file" "$work/good"
  echo "Nonsense = 1" >>"$file"
  fails on b "$ours" reload "$(iface b)"
  contains "$(page_of_b)" "$applied 0"
  cp "$work/good" "$file"
  on b "$ours" reload "$(iface b)"
  contains "$(page_of_b)" "$applied 1"
}
page_of_b() {
  sleep 0.2 # the same reading is given for a tenth of a second
  asks page "http://10.99.0.2:$port/metrics"
}

is_healthy_and_ready() {
  equals "ok" "$(asks page "http://127.0.0.1:$port/healthz")" "/healthz of a"
  equals "ready" "$(asks page "http://10.99.0.2:$port/readyz")" "/readyz of b"
}

loopback_only() { # unless told otherwise
  on b "$interop/metrics.py" page "http://10.99.0.2:$port/healthz"
  fails on b "$interop/metrics.py" page "http://10.99.0.1:$port/healthz"
}

valid() {
  promtool check config "$home/docker/prometheus/prometheus.yml"
  promtool check rules "$home/docker/prometheus/alerts.yml"
  asks page "http://127.0.0.1:$port/metrics" >"$work/scrape"
  # Two names are not ours to choose: what Micrometer calls processor time and the number of processors.
  promtool check metrics <"$work/scrape" >"$work/lint" 2>&1 || true
  grep -Ev '^(process_cpu_time_ns_total|system_cpu_count) ' "$work/lint" && return 1
  return 0
}

alerts_fire() { # on series that are made up, each for its own
  cp "$home/docker/prometheus/alerts.yml" "$work/rules.yml"
  cp "$interop/alerts.yml" "$work/alerts.yml"
  promtool test rules "$work/alerts.yml"
}

prometheus_runs() {
  local data=${METRICS_DATA:-$work/prometheus-data}
  mkdir -p "$work/prometheus" "$data"
  sed -E "s/(scrape_interval|evaluation_interval): .*/\1: 1s/; s/- wg-netty:9586/- 127.0.0.1:$port\n          - 10.99.0.2:$port/" \
    "$home/docker/prometheus/prometheus.yml" >"$work/prometheus/prometheus.yml"
  sed -E 's/for: .*/for: 2s/' "$home/docker/prometheus/alerts.yml" >"$work/prometheus/alerts.yml"
  ip netns exec "$(host_of a)" prometheus --config.file "$work/prometheus/prometheus.yml" --storage.tsdb.path "$data" \
    --web.listen-address 127.0.0.1:9090 --log.level warn >"$work/prometheus.log" 2>&1 </dev/null &
  echo $! >"$work/prometheus.pid"
  eventually 30 listens a 9090 || { tail "$work/prometheus.log"; return 1; }
  eventually 30 asks value 'sum(up{job="wg-netty"})' 2
}

traffic() { # both directions, and some that leads nowhere
  iperf_server b
  on a timeout 60 iperf3 -c "$(inner4 b)" -t "$traffic_s" --bidir -b "${METRICS_RATE:-20M}" >/dev/null 2>&1 </dev/null &
  on a timeout 60 ping -q -i 0.2 -c $((traffic_s * 5)) 10.0.0.77 >/dev/null 2>&1 </dev/null &
  sleep "$traffic_s" # the queries look back over some seconds
}

dropped_is_counted() {
  eventually 5 asks value 'sum(wgnetty_drops_total{reason="no-peer"}) >= bool 10' 1
}

series_of_peers() { # only where they were asked for
  equals 1 "$(asks count "wireguard_sent_bytes_total{public_key=\"$(public_key b)\"}")" "series of the peer at a"
  equals 0 "$(asks count 'wireguard_sent_bytes_total{instance="10.99.0.2:9586"}')" "series of peers at b"
}

counts_what_wg_counts() {
  local wg
  sleep 2 # traffic has ended: a scrape later all counters rest
  wg=$(field a transfer b | cut -f1)
  asks value "wireguard_received_bytes_total{public_key=\"$(public_key b)\"}" "$wg"
}

stopped_node_is_noticed() {
  end b
  eventually 30 asks firing WgNettyNodeDown "10.99.0.2:$port"
  asks value 'sum(up{job="wg-netty"})' 1
}

must "two nodes with metrics come up" start
check "they are healthy and ready" is_healthy_and_ready
check "metrics are on the loopback address unless told otherwise" loopback_only
check "a node warns of metrics that are open to everybody" warns_of_everybody
check "a file that cannot be applied is told, until it can" reload_is_told
check "promtool finds nothing wrong" valid
check "each alert fires for what it is made for, and none without reason" alerts_fire
must "Prometheus scrapes both" prometheus_runs
traffic
check "every panel of the dashboard has data" asks panels "$home/docker/grafana/dashboards/wg-netty.json"
check "every alert evaluates, and names only what there is" asks rules
check "no alert fires while all is well" asks quiet
check "what was dropped is counted by reason" dropped_is_counted
check "only a node that was asked to has series of its peers" series_of_peers
check "its counters are those of wg" counts_what_wg_counts
check "an alert tells of a node that has stopped" stopped_node_is_noticed
