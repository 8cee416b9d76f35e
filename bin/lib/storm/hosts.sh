# shellcheck shell=bash
# Part of bin/storm. Three hosts, made of network namespaces:
#
#   wg-storm-clients                        wg-storm-server                          wg-storm-far
#   the generator; all of 10.64.0.0/10      the node under load, its interface       a second node; one end of the
#   is local here                           has all of 10.128.0.0/9                  TCP stream
#   outer 198.51.100.1  <--------------->   outer 198.51.100.2
#                                           far   192.0.2.1      <-------------->    near  192.0.2.2
#                                           tunnel 10.255.255.1                      tunnel 10.255.255.2

server_interface=wgstorm
far_interface=wgstormfar
start_timeout_s=60
daemon_pid= # of the daemon that was started last; empty for the kernel's

host_name() { echo "wg-storm-$1"; }
on() { ip netns exec "$(host_name "$1")" "${@:2}"; } # HOST COMMAND...
ip_on() { ip -n "$(host_name "$1")" "${@:2}"; }

make_hosts() {
  local host
  for host in clients server far; do
    ip netns add "$(host_name $host)" ||
      fail "cannot make network namespaces: needs the real root of the machine; a container needs --privileged"
    on $host true || fail "cannot enter a network namespace: a container needs --privileged"
    ip_on $host link set lo up
  done
  make_cable clients outer 198.51.100.1 server outer 198.51.100.2
  make_cable server far 192.0.2.1 far near 192.0.2.2
  ip_on clients route add local 10.64.0.0/10 dev lo
  ip_on server route add 10.64.0.0/10 via 198.51.100.1
}

make_cable() { # HOST INTERFACE ADDRESS HOST INTERFACE ADDRESS
  ip link add "$2" netns "$(host_name "$1")" type veth peer name "$5" netns "$(host_name "$4")" ||
    fail "cannot make a veth pair: the kernel needs its module veth ('modprobe veth')"
  ip_on "$1" addr add "$3/24" dev "$2"
  ip_on "$4" addr add "$6/24" dev "$5"
  ip_on "$1" link set "$2" up
  ip_on "$4" link set "$5" up
}

start_node() { # HOST INTERFACE COMMAND: sets daemon_pid
  daemon_pid=
  if [[ $3 == kernel ]]; then
    ip_on "$1" link add "$2" type wireguard || fail "this kernel has no WireGuard"
    return
  fi
  # Not by way of `on`: $! has to be the daemon itself, whose CPU time and memory are measured.
  # shellcheck disable=SC2086 # a command with its options
  LOG_LEVEL=${LOG_LEVEL:-error} ip netns exec "$(host_name "$1")" $3 "$2" >"$work/$1.log" 2>&1 </dev/null {lock}>&- &
  daemon_pid=$!
  local deadline=$((SECONDS + start_timeout_s))
  until listens_for_control "$1" "$2" && on "$1" wg show "$2" >/dev/null 2>&1; do
    if ((SECONDS > deadline)) || ! kill -0 "$daemon_pid" 2>/dev/null; then
      fail "'$3' did not come up:"$'\n'"$(tail -n 20 "$work/$1.log")"
    fi
    sleep 0.05
  done
}

listens_for_control() { # HOST INTERFACE: the kernel's list shows SO_ACCEPTCON; wg removes a socket that refuses it
  on "$1" awk -v path="wireguard/$2.sock" -v hidden="wireguard/.$2." '
    $4 == "00010000" && (substr($8, length($8) - length(path) + 1) == path || index($8, hidden)) {found = 1}
    END {exit !found}' /proc/net/unix
}

# Writes a script that makes the server of a file the generator wrote, and joins the far node to it.
write_configure_script() { # FILE CONFIGURATION
  local far_private far_public server_in="ip netns exec $(host_name server)" far_in="ip netns exec $(host_name far)"
  far_private=$(wg genkey)
  far_public=$(wg pubkey <<<"$far_private")
  (umask 077 && echo "$far_private" >"$work/far.key")
  cat >"$1" <<EOF
set -euo pipefail
$server_in wg setconf $server_interface $2
ip -n $(host_name server) addr add 10.255.255.1/32 dev $server_interface
ip -n $(host_name server) link set mtu 1420 up dev $server_interface
ip -n $(host_name server) route add 10.128.0.0/9 dev $server_interface
EOF
  ((with_tcp)) || return 0
  cat >>"$1" <<EOF
$server_in wg set $server_interface peer $far_public allowed-ips 10.255.255.2/32
server_key=\$($server_in wg show $server_interface public-key)
$far_in wg set $far_interface private-key $work/far.key peer \$server_key endpoint 192.0.2.1:51820 allowed-ips 10.255.255.1/32
ip -n $(host_name far) addr add 10.255.255.2/32 dev $far_interface
ip -n $(host_name far) link set mtu 1420 up dev $far_interface
ip -n $(host_name far) route add 10.255.255.1/32 dev $far_interface
$far_in ping -q -c 3 -i 0.3 -W 5 10.255.255.1 >/dev/null || { echo "no ping through the tunnel" >&2; exit 1; }
EOF
}

# Writes a script that starts the server once more and has it configured as before.
write_start_script() { # FILE
  {
    echo 'set -euo pipefail'
    declare -p home work against server_interface start_timeout_s STATE_DIRECTORY
    declare -f fail host_name on listens_for_control start_node
    # A process that was killed leaves its socket.
    echo 'rm -f "/var/run/wireguard/$server_interface.sock"'
    echo 'exec {lock}</dev/null'
    echo 'start_node server "$server_interface" "$against"'
    echo 'bash "$work/configure"'
  } >"$1"
}

host_pids() {
  local host
  for host in clients server far; do ip netns pids "$(host_name $host)" 2>/dev/null || true; done
}

remove_hosts() {
  local host
  end_processes
  for host in clients server far; do
    [[ ! -e /run/netns/$(host_name $host) ]] || ip netns del "$(host_name $host)"
  done
  rm -f "/var/run/wireguard/$server_interface.sock" "/var/run/wireguard/$far_interface.sock"
  wait 2>/dev/null || true # so that the shell says nothing about daemons that ended
}
