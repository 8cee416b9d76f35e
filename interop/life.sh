#!/bin/bash
# A daemon's life: it is ready when its start returns, and leaves neither link nor socket when it ends.
#
# usage: life.sh ours
. "$(dirname "$0")/lib.sh"

program=$(program "${1:?}")

start() { # the way wg-quick does
  clear_away
  timeout 60 ip netns exec "$(host_of a)" "$program" "$(iface a)"
}
clear_away() { # what a failed check left behind
  local pid
  pid=$(daemon_pid)
  [[ -z $pid ]] || { kill -9 $pid; eventually 5 ended "$pid"; rm -f "$(socket)"; }
}
daemon_pid() { # the one process in the namespace
  ip netns pids "$(host_of a)"
}
socket() { echo "/var/run/wireguard/$(iface a).sock"; }
gone() {
  [[ -z $(daemon_pid) && ! -e $(socket) ]] && ! ip -n "$(host_of a)" link show "$(iface a)" &>/dev/null
}
ends_well() { eventually 5 gone; }

ready_when_it_returns() {
  for _ in 1 2 3; do
    start
    wg show "$(iface a)" >/dev/null # at once
    [[ -S $(socket) ]]
    contains "$(ip -n "$(host_of a)" link show "$(iface a)")" "mtu 1420"
    lacks "$(ip -n "$(host_of a)" link show "$(iface a)")" ",UP"
    kill -TERM "$(daemon_pid)"
    ends_well
  done
}

only_root_may_talk() {
  start
  equals 0 "$(stat -c %u "$(socket)")" "the socket's owner"
  contains "700 600" "$(stat -c %a "$(socket)")"
  kill -TERM "$(daemon_pid)"
  ends_well
}

detached() { # holds no descriptor, terminal or directory of the caller
  local said pid
  mkdir -p "$work/dir"
  said=$(cd "$work/dir" && start 7>"$work/inherited" 2>&1)
  equals "" "$said" "what it said"
  pid=$(daemon_pid)
  lacks "$(ls -l "/proc/$pid/fd")" inherited
  lacks "$(readlink "/proc/$pid/cwd")" "$work"
  for fd in 0 1 2; do equals /dev/null "$(readlink "/proc/$pid/fd/$fd")" "descriptor $fd"; done
  equals "$pid" "$(ps -o sid= -p "$pid" | tr -d ' ')" "its session"
  kill -TERM "$pid"
  ends_well
}

ends_on() { # SIGNAL
  start
  kill "-$1" "$(daemon_pid)"
  ends_well
}
ends_on_link_del() {
  start
  ip -n "$(host_of a)" link del "$(iface a)"
  ends_well
}
ends_on_link_del_while_up() {
  start
  wg set "$(iface a)" listen-port 51820 private-key "$(key_file a)"
  address a
  ip -n "$(host_of a)" link del "$(iface a)"
  ends_well
}
ends_on_socket_removal() {
  start
  rm "$(socket)"
  ends_well
}
ends_with_its_namespace() {
  ip netns add "wgn-$group-$$-z"
  timeout 60 ip netns exec "wgn-$group-$$-z" "$program" "$(iface z)"
  local pid
  pid=$(ip netns pids "wgn-$group-$$-z")
  ip -n "wgn-$group-$$-z" link del "$(iface z)"
  eventually 5 ended "$pid"
  ip netns del "wgn-$group-$$-z"
}

foreground() { # the program and the words around it
  clear_away
  ip netns exec "$(host_of a)" "$@" "$(iface a)" >"$work/foreground" 2>&1 &
  local pid=$!
  eventually 20 answers a
  equals "$pid" "$(daemon_pid)" "the process"
  kill -TERM $pid
  wait $pid || true
  ends_well
}

ctrl_c() { # in the foreground, as a terminal would send it
  clear_away
  ip netns exec "$(host_of a)" env --default-signal=INT "$program" -f "$(iface a)" >"$work/foreground" 2>&1 &
  local pid=$!
  eventually 20 answers a
  kill -INT $pid
  wait $pid || true
  ends_well
}

stale_socket() { # of a node that was killed
  start
  local pid
  pid=$(daemon_pid)
  kill -9 "$pid"
  eventually 5 ended "$pid"
  [[ -S $(socket) ]]
  eventually 5 fails ip -n "$(host_of a)" link show "$(iface a)"
  start
  answers a
  kill -TERM "$(daemon_pid)"
  ends_well
}

many_at_once() {
  local pids=() h
  host 1 2 3
  for h in 1 2 3; do
    timeout 60 ip netns exec "$(host_of $h)" "$program" "$(iface $h)" &
    pids+=($!)
  done
  wait "${pids[0]}" && wait "${pids[1]}" && wait "${pids[2]}"
  for h in 1 2 3; do
    answers $h
    kill -TERM "$(ip netns pids "$(host_of $h)")"
  done
}

inherited_descriptors() { # WG_TUN_FD and WG_UAPI_FD: the interface and the listening socket are made by the caller
  clear_away
  on a python3 - "$program" "$(iface a)" <<'INHERIT'
import fcntl, os, socket, struct, sys
program, name = sys.argv[1:]
tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", name.encode(), 0x0001 | 0x1000))  # IFF_TUN | IFF_NO_PI
os.makedirs("/var/run/wireguard", exist_ok=True)
control = socket.socket(socket.AF_UNIX)
control.bind(f"/var/run/wireguard/{name}.sock")
control.listen(16)
for fd in (tun, control.fileno()):
    os.set_inheritable(fd, True)
os.environ.update(WG_TUN_FD=str(tun), WG_UAPI_FD=str(control.fileno()))
sys.exit(os.spawnv(os.P_WAIT, program, [program, name]))
INHERIT
  wg set "$(iface a)" listen-port 51820 private-key "$(key_file a)"
  equals 51820 "$(wg show "$(iface a)" listen-port)" "listen port"
  ip -n "$(host_of a)" link set "$(iface a)" up
  kill -TERM "$(daemon_pid)"
  ends_well
}

host a
check "the start returns when the socket accepts" ready_when_it_returns
check "the control socket is root's alone" only_root_may_talk
check "the daemon is detached from its caller" detached
check "SIGTERM ends it" ends_on TERM
check "SIGINT ends it" ends_on INT
check "ip link del ends it" ends_on_link_del
check "ip link del ends it while it is up" ends_on_link_del_while_up
check "removing the socket file ends it" ends_on_socket_removal
check "deleting the link in another namespace ends it" ends_with_its_namespace
check "-f stays in the foreground" foreground "$program" -f
check "WG_PROCESS_FOREGROUND=1 stays in the foreground" foreground env WG_PROCESS_FOREGROUND=1 "$program"
check "Ctrl-C ends it in the foreground" ctrl_c
check "the socket of a killed node does not stop the next one" stale_socket
check "three start at the same time" many_at_once
check "WG_TUN_FD and WG_UAPI_FD are used" inherited_descriptors
