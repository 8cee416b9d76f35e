# shellcheck shell=bash
# Part of bin/storm. The clients' peers are no peers of the node, but records in etcd, among many others of peers that are
# nowhere; the node begins once all records are there, and installs who calls.

directory=etcd://127.0.0.1:2379/storm
node_options=()
max_records=4000000 # as many addresses as 100.64.0.0/10 has, nearly

start_etcd() {
  rm -rf "$work/etcd"
  # shellcheck disable=SC2154 # the lock is bin/storm's
  on server env ETCD_UNSUPPORTED_ARCH="$(dpkg --print-architecture)" etcd --name storm --data-dir "$work/etcd" --log-level error \
    --quota-backend-bytes 8000000000 >"$work/etcd.log" 2>&1 </dev/null {lock}>&- &
  local deadline=$((SECONDS + start_timeout_s))
  until on server env ETCDCTL_API=3 etcdctl endpoint health >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "etcd did not come up:"$'\n'"$(tail -n 20 "$work/etcd.log")"
    sleep 0.1
  done
}

# Writes a script that brings peers into etcd, and then starts the node with the interface's section of that file.
write_directory_script() { # FILE CONFIGURATION COMMAND RECORDS PID-FILE
  local server_in="ip netns exec $(host_name server)" interface_file=$work/$server_interface.conf
  cat >"$1" <<EOF
set -euo pipefail
umask 077
peers=$work/peers.conf records=$work/records.json
trap 'rm -f "\$peers" "\$records" "$interface_file"' EXIT
awk '/^\[Peer\]/ {peers = 1} !peers' $2 >$interface_file
echo 'Address = 10.255.255.1/32' >>$interface_file
awk '/^\[Peer\]/ {peers = 1} peers' $2 >"\$peers"
"$home/bin/lib/storm/records.py" $4 >"\$records"
begin=\$EPOCHSECONDS
$server_in $3 peers import $directory "\$peers"
(($4 == 0)) || $server_in $3 peers import $directory "\$records"
echo "the records are in etcd after \$((EPOCHSECONDS - begin)) s; starting the node ..."
begin=\${EPOCHREALTIME/./}
LOG_LEVEL=\${LOG_LEVEL:-error} $server_in $3 run --peers $directory --peers-on-call ${node_options[*]-} $interface_file >$work/server.log 2>&1 </dev/null &
node=\$!
until [[ \$($server_in $3 show --json $server_interface 2>/dev/null | jq '.interfaces[0].directory.wakeable') == $4 ]]; do
  kill -0 "\$node" 2>/dev/null || { echo "the node did not come up:" >&2; tail -n 20 $work/server.log >&2; exit 1; }
  ((\${EPOCHREALTIME/./} - begin < 300000000)) || { echo "the node does not know the records after 300 s" >&2; exit 1; }
  sleep 3 # whoever asks takes processor time from who is asked
done
awk -v us=\$((\${EPOCHREALTIME/./} - begin)) '/^VmRSS/ {printf "it knows all after %.1f s, and has %.0f MiB\\n", us / 1e6, \$2 / 1024}' /proc/\$node/status
ip -n $(host_name server) route add 10.128.0.0/9 dev $server_interface
$(declare -f host_name etcd_bytes)
etcd_bytes >$work/etcd-bytes
echo "\$node" >$5
EOF
}

etcd_bytes() { # that it has written to its disk
  local pid
  for pid in $(ip netns pids "$(host_name server)"); do
    [[ $(<"/proc/$pid/comm") != etcd ]] || awk '/^write_bytes/ {print $2}' "/proc/$pid/io"
  done
}

# What a node of a cluster has written, and what that was for etcd's disk.
tell_of_writes() {
  sleep 2 # the last are collected for a moment, and etcd writes its own store a little later
  printf 'the node has written: '
  on server "$own" show --json --cluster "$server_interface" | jq -c '.clusters[0] | {written: .events.written, transactions: .events.transactions, failed: .events.failed, waiting: .waiting_changes}'
  printf "etcd's disk got %d bytes meanwhile\n" $(($(etcd_bytes) - $(<"$work/etcd-bytes")))
}
