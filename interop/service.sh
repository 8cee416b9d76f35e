#!/bin/bash
# As a service of systemd: `wg-netty run FILE` under a manager that listens on NOTIFY_SOCKET, as wg-netty@.service has it.
#
# usage: service.sh ours
. "$(dirname "$0")/lib.sh"

manager=$work/notify
told=$work/told # a line for each message: the sender's process id, a tab, the message with spaces for line ends

start() {
  host a
  python3 - "$manager" >"$told" 2>&1 <<'MANAGER' &
import socket, struct, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
listener.bind(sys.argv[1])
while True:
    message, about, _, _ = listener.recvmsg(4096, 1024)
    sender = struct.unpack("3i", about[0][2])[0]
    print(f"{sender}\t{' '.join(message.decode().splitlines())}", flush=True)
MANAGER
  echo $! >"$work/manager.pid"
  eventually 10 test -S "$manager"
  (umask 077 && printf '[Interface]\nPrivateKey = %s\nAddress = 10.0.0.1/24\nListenPort = 51820\n' "$(cat "$(key_file a)")" \
    >"$work/$(iface a).conf")
  [[ -n ${unit:=$(sed -n 's/^ExecStart=\/usr\/bin\/wg-netty //p' "$home/deploy/systemd/wg-netty@.service")} ]]
  read -ra words <<<"${unit//\/etc\/wireguard\/%i.conf/$work/$(iface a).conf}"
  ip netns exec "$(host_of a)" env NOTIFY_SOCKET="$manager" WATCHDOG_USEC=400000 LOG_LEVEL=info "$ours" "${words[@]}" \
    >"$work/a.log" 2>&1 </dev/null &
  echo $! >"$work/a.pid"
  eventually $start_wait_s tells READY=1
}

pid() { echo "$(<"$work/a.pid")"; }
tells() { grep -q -- "$(pid)"$'\t'"$1" "$told"; } # from the process that was started, which the launcher has become
count() { grep -c -- "$(pid)"$'\t'"$1" "$told" || true; }
more_than() { (($(count "$1") > $2)); }

is_ready_when_it_says_so() {
  tells "READY=1 STATUS="
  contains "$(ip -n "$(host_of a)" -br addr show "$(iface a)")" 10.0.0.1/24
  wg show "$(iface a)" >/dev/null
}

beats() {
  local before
  before=$(count WATCHDOG=1)
  sleep 2 # ten beats; a busy machine may delay some
  more_than WATCHDOG=1 $((before + 4))
}

reloads() {
  local before
  before=$(count READY=1)
  sed -i 's/^ListenPort.*/ListenPort = 41820/' "$work/$(iface a).conf"
  kill -HUP "$(pid)"
  eventually 10 tells "RELOADING=1 MONOTONIC_USEC="
  eventually 10 more_than READY=1 "$before"
  equals 41820 "$(wg show "$(iface a)" listen-port)" "listen port"
}

stops() {
  local node
  node=$(pid)
  kill -TERM "$node"
  eventually 10 tells STOPPING=1
  eventually 10 gone "$node"
  [[ ! -e /var/run/wireguard/$(iface a).sock ]]
}
gone() { ! kill -0 "$1" 2>/dev/null; }

must "started as the unit says, it becomes ready" start
check "when it says so, addresses and control socket are there" is_ready_when_it_says_so
check "it beats for the watchdog" beats
check "SIGHUP: it says that it reloads, and when it has" reloads
check "SIGTERM: it says that it stops, and ends" stops
