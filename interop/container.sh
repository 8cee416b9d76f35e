#!/bin/bash
# In a container as the image has it: user 900, CAP_NET_ADMIN and nothing else, a root that cannot be written, processes of its
# own. There a node cannot give its place away if the container would end with it; where something else is the first process
# (a pod whose containers share processes) it can.
#
# usage: container.sh ours go
[[ -n ${PRIVATE_MOUNTS:-} ]] || exec env PRIVATE_MOUNTS=1 unshare --mount "$0" "$@"
. "$(dirname "$0")/lib.sh"

user=900
place=$(mktemp -d /var/tmp/wgn-container.XXXXXX) # where the image has the program; all users can read it
trap 'rm -rf "$place"; clean_up' EXIT
mkdir -p /var/run/wireguard
mount -t tmpfs -o mode=755,uid=$user,gid=$user tmpfs /var/run/wireguard
mkdir -p "$work/state" "$work/root" && chown $user:$user "$work/state"

# A root that cannot be written, apart from /tmp (for the JVM's libraries), the folder of sockets and that of traces.
contained() { # FIRST PROCESS...: as the first process of a container on host a
  LOG_LEVEL=info ip netns exec "$(host_of a)" unshare --pid --fork --kill-child --mount-proc bash -c '
    set -e
    state=$1 root=$2 user=$3
    shift 3
    mount --make-rprivate /
    mount --rbind / "$root" && mount -o remount,bind,ro "$root"
    mount -t tmpfs tmpfs "$root/tmp"
    mount --bind "$state" "$root$state"
    cd "$root"
    exec chroot . setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \
      --inh-caps -all,+net_admin --ambient-caps -all,+net_admin --bounding-set -all,+net_admin "$@"
  ' container "$work/state" "$work/root" $user "$@" >>"$work/a.log" 2>&1 </dev/null &
  eventually "$start_wait_s" answers a
  identify a
  address a
  peer a b endpoint 10.99.0.2:51820
  reaches a "$(inner4 b)"
}
node_pid() { processes_of a java; }
one_process() { [[ $(node_pid | wc -l) == 1 ]]; }
nothing_runs() { [[ -z $(ip netns pids "$(host_of a)") ]]; }
status() { awk -v field="$1:" '$1 == field {print $2}' "/proc/$(node_pid)/status"; } # FIELD
as_the_node() { nsenter -t "$(node_pid)" -m -p -n -r -w setpriv --reuid $user --regid $user --clear-groups "$@"; }

stopped() {
  kill $(node_pid)
  eventually 20 nothing_runs
}

has_one_right() {
  equals $user "$(status Uid)" "user"
  equals 0000000000001000 "$(status CapEff)" "rights"
  equals 0000000000001000 "$(status CapBnd)" "rights that it could get"
  fails nsenter -t "$(node_pid)" -m -r touch /usr/written # not even root
}

install_copy() {
  "$built" --version # builds it if there is none yet
  chmod 755 "$place"
  cp -a "$home/bin" "$place/"
  cp -a "$home/wg-netty/target/distribution" "$place/distribution"
}

start_as_first() {
  install_copy
  host a b
  cable a b 99
  node b "$1"
  peer b a endpoint 10.99.0.1:51820
  contained "$ours" -f "$(iface a)"
  has_one_right
}

says_that_it_cannot() {
  local before
  before=$(node_pid)
  fails as_the_node timeout 60 "$ours" upgrade "$(iface a)"
  contains "$(<"$work/said")" "in a container the node ends with its first process"
  equals "$before" "$(node_pid)" "the process"
  reaches_within a "$(inner4 b)" 1
}

start_beside() { # the first process goes on when the node's does not
  stopped
  contained sh -c '"$@" & while sleep 1; do :; done' first "$ours" -f "$(iface a)"
}

is_upgraded() {
  local before handshake said
  before=$(node_pid)
  handshake=$(field a latest-handshakes b)
  said=$(as_the_node timeout 120 "$ours" upgrade "$(iface a)")
  contains "$said" "goes on"
  eventually 10 one_process
  [[ $(node_pid) != "$before" ]]
  has_one_right
  reaches_within a "$(inner4 b)" 1
  equals "$handshake" "$(field a latest-handshakes b)" "the latest handshake"
}

built=$ours ours=$place/bin/wg-netty
must "a node runs as user $user with one right and a root that it cannot write" start_as_first "$2"
check "as the first process it says that nobody could take its place" says_that_it_cannot
must "beside another first process it runs, too" start_beside
check "there another process takes its place, with the same user and right" is_upgraded
