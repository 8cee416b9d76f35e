#!/bin/bash
# Under systemd itself: the units of deploy/systemd, a session with a peer, and what operators do. systemd is the first process of
# namespaces of its own, over the machine's files, which it cannot change; on the network it is host a.
#
# usage: systemd.sh ours OTHER
. "$(dirname "$0")/lib.sh"

manager=/lib/systemd/systemd
groups=/sys/fs/cgroup
group_name=wgn-systemd-$$
root=$work/root
name=$(iface a)
unit=wg-netty@$name
file=/etc/wireguard/$name.conf

if [[ ! -x $manager ]]; then
  report skipped 0 "there is no $manager on this machine"
  exit 0
fi

trap 'remove_manager; clean_up' EXIT
remove_manager() {
  [[ -z ${systemd_pid:-} ]] || kill -9 "$systemd_pid" 2>/dev/null || true # and with it all that it has started
  local folder
  for folder in "$groups/systemd" "$groups/unified" "$groups"; do
    [[ ! -d $folder/$group_name ]] || find "$folder/$group_name" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

# Becomes the first process of the namespaces. The overlay's upper layer is in memory: the machine's own may not carry one.
boot() {
  mount --make-rprivate /
  mkdir -p "$root" "$work/layer"
  mount -t tmpfs layer "$work/layer"
  mkdir "$work/layer/upper" "$work/layer/work"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$work/layer/upper,workdir=$work/layer/work" "$root"
  mount --rbind "$home" "$root$home"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs run "$root/run"
  mount -t tmpfs tmp "$root/tmp"
  mkdir -p "$root/run/wireguard" "$root/run/units" "$root/run/lock" "$root/etc/wireguard"
  mount --bind /run/wireguard "$root/run/wireguard" # where the other host's socket is, and this test looks
  mount -t tmpfs groups "$root/sys/fs/cgroup"
  if [[ -d $groups/systemd ]]; then
    mkdir "$root$groups/systemd" "$root$groups/unified"
    mount -t cgroup -o none,name=systemd cgroup "$root$groups/systemd"
    mount -t cgroup2 cgroup2 "$root$groups/unified"
  else
    mount -t cgroup2 cgroup2 "$root$groups"
  fi
  install_units
  cd "$root"
  exec env -i container=wg-netty-test PATH="$PATH" SYSTEMD_UNIT_PATH=/run/units SYSTEMD_LOG_TARGET=console \
    chroot . "$manager" --system
}

# The product's, and as much of a system as they name.
install_units() {
  local target
  for target in default sysinit basic shutdown multi-user network-online nss-lookup; do
    printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' "$target" >"$root/run/units/$target.target"
  done
  cp "$home/deploy/systemd/"*.service "$root/run/units/"
  mkdir "$root/run/units/wg-netty@.service.d" "$root/run/units/wg-netty-upgrade@.service.d"
  # There is no journal here. Nothing else of the units is changed, apart from where the program lies.
  printf '[Service]\nStandardOutput=append:%s\nStandardError=inherit\nEnvironment="WG_NETTY_JAVA_OPTS=%s"\n' "$work/a.log" "$WG_NETTY_JAVA_OPTS" |
    tee "$root/run/units/wg-netty@.service.d/log.conf" >"$root/run/units/wg-netty-upgrade@.service.d/log.conf"
  ln -sfn "$ours" "$root/usr/bin/wg-netty"
  (umask 077 && printf '[Interface]\nPrivateKey = %s\nListenPort = 51820\nAddress = %s/24\nPostUp = echo up >>/etc/wireguard/hooks\nPostDown = echo down >>/etc/wireguard/hooks\n\n[Peer]\nPublicKey = %s\nAllowedIPs = 10.0.0.0/24\nEndpoint = 10.99.0.2:51820\n' \
    "$(<"$(key_file a)")" "$(inner4 a)" "$(public_key b)" >"$root$file")
}

inside() { nsenter -t "$systemd_pid" -m -p -n -u -i -C -r -w "$@"; }
systemctl() { inside systemctl --no-pager "$@"; }
shows() { systemctl show -P "$1" "$unit"; } # PROPERTY
node_pid() { shows MainPID; }
is_running() { [[ $(systemctl is-system-running 2>/dev/null) == running ]]; }

start_manager() {
  mkdir -p /run/wireguard
  host a b
  cable a b 99
  node b "$1"
  peer b a endpoint 10.99.0.1:51820
  key_file a >/dev/null
  export -f boot install_units key_file public_key inner4 number
  export home work root name file groups manager ours WG_NETTY_JAVA_OPTS
  (
    for folder in "$groups/systemd" "$groups/unified"; do
      [[ -d $folder ]] || folder=$groups
      mkdir -p "$folder/$group_name"
      echo "$BASHPID" >"$folder/$group_name/cgroup.procs"
    done
    exec ip netns exec "$(host_of a)" unshare --pid --fork --kill-child --mount --uts --ipc --cgroup bash -ec boot
  ) >"$work/manager.log" 2>&1 </dev/null &
  echo $! >"$work/manager.pid"
  eventually 20 manager_is_there
  eventually 20 is_running
}
manager_is_there() {
  local pids
  pids=$(processes_of a systemd)
  systemd_pid=${pids%%$'\n'*}
  [[ -n $systemd_pid ]] && echo "$systemd_pid" >"$work/systemd.pid"
}

starts() {
  systemctl start "$unit"
  equals active "$(shows ActiveState)" "state"
  contains "$(ip -n "$(host_of a)" -br addr show "$name")" "$(inner4 a)/24"
  reaches a "$(inner4 b)"
}

reloads_its_file() {
  local before
  before=$(node_pid)
  inside sed -i 's/^ListenPort.*/ListenPort = 41820/' "$file"
  systemctl reload "$unit"
  equals 41820 "$(wg show "$name" listen-port)" "listen port"
  inside sed -i 's/^ListenPort.*/ListenPort = many/' "$file"
  fails systemctl reload "$unit"
  inside sed -i 's/^ListenPort.*/ListenPort = 51820/' "$file"
  systemctl reload-or-restart "$unit"
  equals 51820 "$(wg show "$name" listen-port)" "listen port"
  equals "$before" "$(node_pid)" "the process"
  equals active "$(shows ActiveState)" "state"
}

# The manager follows, and nobody else notices.
is_upgraded() {
  local before handshake
  before=$(node_pid)
  handshake=$(field a latest-handshakes b)
  pings b "$(inner4 a)" 60 0.05 &
  systemctl start "wg-netty-upgrade@$name"
  wait $!
  [[ $(node_pid) != "$before" ]]
  equals java "$(inside cat "/proc/$(node_pid)/comm")" "the process that systemd takes for the node"
  eventually 10 is_gone "$before"
  equals active "$(shows ActiveState)" "state"
  equals 0 "$(shows NRestarts)" "restarts"
  equals "$handshake" "$(field a latest-handshakes b)" "the latest handshake"
}

is_gone() { ! inside kill -0 "$1" 2>/dev/null; }

refuses_a_changed_file() {
  local before
  before=$(node_pid)
  inside sed -i 's/^ListenPort.*/ListenPort = 41820/' "$file"
  fails systemctl start "wg-netty-upgrade@$name"
  contains "$(<"$work/a.log")" "first wg-netty reload"
  inside sed -i 's/^ListenPort.*/ListenPort = 51820/' "$file"
  systemctl start "wg-netty-upgrade@$name"
  [[ $(node_pid) != "$before" ]]
  reaches_within a "$(inner4 b)" 1
}

beats_after_it() { # longer than its watchdog waits, under another one's name
  local before
  before=$(node_pid)
  sleep 32
  equals "$before" "$(node_pid)" "the process"
  equals 0 "$(shows NRestarts)" "restarts"
}

comes_back_when_it_is_killed() {
  local before
  before=$(node_pid)
  inside kill -9 "$before"
  eventually 30 restarted
  eventually 30 answers a
  reaches a "$(inner4 b)"
}
restarted() { [[ $(shows NRestarts) == 1 && $(shows ActiveState) == active ]]; }

stops() {
  inside rm /etc/wireguard/hooks
  systemctl start "wg-netty-upgrade@$name"
  fails inside cat /etc/wireguard/hooks # an upgrade runs none
  systemctl stop "$unit"
  equals down "$(inside cat /etc/wireguard/hooks)" "hooks that ran"
  equals inactive "$(shows ActiveState)" "state"
  equals success "$(shows Result)" "result"
  fails ip -n "$(host_of a)" link show "$name"
  fails systemctl start "wg-netty-upgrade@$name"
  equals inactive "$(shows ActiveState)" "state" # it was not started either
}

must "systemd boots" start_manager "$2"
systemd_pid=$(<"$work/systemd.pid")
must "its unit starts, and is active when the interface is there" starts
check "reload and reload-or-restart read the file again, and say if it is wrong" reloads_its_file
check "the unit for upgrades puts another process in the node's place, and systemd follows" is_upgraded
check "it fails for a file that was changed, and all goes on" refuses_a_changed_file
check "the new process beats for the watchdog" beats_after_it
check "killed after an upgrade it is started again" comes_back_when_it_is_killed
check "stopped after an upgrade it runs PostDown and leaves nothing behind, and nothing can be upgraded then" stops
