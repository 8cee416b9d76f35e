#!/bin/bash
# What a node may do: CAP_NET_ADMIN and nothing else, in all its threads, also as another user. Topology as in traffic.sh.
#
# The node under test is a copy of the program as it would be installed, in a folder that all users can read. Control
# sockets are in a directory of this test's own, since --user changes its owner.
#
# usage: privileges.sh ours
[[ -n ${PRIVATE_MOUNTS:-} ]] || exec env PRIVATE_MOUNTS=1 unshare --mount "$0" "$@"
. "$(dirname "$0")/lib.sh"

user=nobody
user_group=nogroup
net_admin=0000000000001000
and_low_ports=0000000000001400
none=0000000000000000

mkdir -p /var/run/wireguard
mount -t tmpfs -o mode=755 tmpfs /var/run/wireguard
place=$(mktemp -d /tmp/wgn-privileges.XXXXXX)
trap 'rm -rf "$place"; clean_up' EXIT

install_copy() {
  "$ours" --version # builds it if there is none yet
  chmod 755 "$place"
  cp -a "$home/bin" "$place/"
  cp -a "$home/wg-netty/target/distribution" "$place/distribution"
}

start() {
  host a b
  cable a b 99
  node b ours
  peer b a endpoint 10.99.0.1:51820
}

again() { # [OPTIONS]: a's node, anew
  [[ ! -e $work/a.pid ]] || end a
  options[a]=$*
  node a ours
  peer a b endpoint 10.99.0.2:51820
}

status() { # FIELD [PID]: its values in all threads, each once
  awk -v field="$1:" '$1 == field {sub(/^[^\t]*\t/, ""); print}' "/proc/${2:-$(<"$work/a.pid")}/task"/*/status | sort -u
}
has_only() { # CAPABILITIES AMBIENT
  local set
  for set in CapPrm CapEff CapBnd; do equals "$1" "$(status $set)" "$set of all threads"; done
  for set in CapInh CapAmb; do equals "$2" "$(status $set)" "$set of all threads"; done
  equals 1 "$(status NoNewPrivs)" "NoNewPrivs of all threads"
  (($(ls "/proc/$(<"$work/a.pid")/task" | wc -l) > 5)) # those of the JVM and ours
}

as_root() {
  again
  has_only $net_admin $none
  reaches a "$(inner4 b)"
}

later_changes() {
  wg set "$(iface a)" listen-port 41820
  reaches a "$(inner4 b)"
  equals 10.99.0.1:41820 "$(field b endpoints a)" "where b sees a"
  wg set "$(iface a)" fwmark 5
  equals 0x5 "$(wg show "$(iface a)" fwmark)" "fwmark"
  reaches a "$(inner4 b)"
}

low_port_refused() {
  fails wg set "$(iface a)" listen-port 53
  contains "$(cat "$work/said")" "Permission denied"
  equals 41820 "$(wg show "$(iface a)" listen-port)" "the port"
  reaches a "$(inner4 b)"
  ip -n "$(host_of a)" link set "$(iface a)" down
  fails wg set "$(iface a)" listen-port 53
  contains "$(cat "$work/said")" "Permission denied"
  on a sysctl -qw net.ipv4.ip_unprivileged_port_start=50
  wg set "$(iface a)" listen-port 53
  on a sysctl -qw net.ipv4.ip_unprivileged_port_start=1024
}

low_port_kept() {
  again --keep CAP_NET_BIND_SERVICE
  has_only $and_low_ports $none
  wg set "$(iface a)" listen-port 53
  reaches a "$(inner4 b)"
  equals 10.99.0.1:53 "$(field b endpoints a)" "where b sees a"
}

all_kept() {
  again --keep=all
  equals "$(status CapEff self)" "$(status CapEff)" "CapEff"
  equals "$(status CapBnd self)" "$(status CapBnd)" "CapBnd"
  equals 0 "$(status NoNewPrivs)" "NoNewPrivs"
}

namespace_followed() { # with the capability that this takes; namespaces.sh shows what a node does without it
  again --keep sys_admin
  host c
  ip -n "$(host_of a)" link set "$(iface a)" netns "$(host_of c)"
  ip -n "$(host_of c)" addr add 10.0.0.1/24 dev "$(iface a)"
  ip -n "$(host_of c)" link set "$(iface a)" up
  reaches c "$(inner4 b)"
  lacks "$(cat "$work/a.log")" CAP_SYS_ADMIN
}

followed_to_its_end() { # the interface goes with the namespace, which the node must not keep alive by watching it
  ip netns del "$(host_of c)"
  eventually 10 ended
  rm "$work/a.pid"
}
ended() { ! kill -0 "$(<"$work/a.pid")" 2>/dev/null; }

as_another_user() {
  again --user $user:$user_group
  has_only $net_admin $net_admin
  equals "$(id -u $user)" "$(status Uid | tr '\t' '\n' | sort -u)" "user ids"
  equals "$(id -g $user)" "$(status Gid | tr '\t' '\n' | sort -u)" "group ids"
  equals "$(id -G $user)" "$(status Groups | xargs)" "groups"
  equals "$user 600" "$(stat -c '%U %a' "/var/run/wireguard/$(iface a).sock" | sed 's/700/600/')" "the socket"
  equals "root $user_group 1775" "$(stat -c '%U %G %a' /var/run/wireguard)" "the sockets' directory"
  reaches a "$(inner4 b)"
  pings b "$(inner6 a)" 5 0.05
}

another_user_in_background() {
  end a
  on a timeout 60 "$ours" --user $user "$(iface a)"
  ip netns pids "$(host_of a)" >"$work/a.pid"
  equals "$(id -u $user)" "$(status Uid | tr '\t' '\n' | sort -u)" "user ids"
  has_only $net_admin $net_admin
  end a
  [[ ! -e /var/run/wireguard/$(iface a).sock ]]
}

write_file() { # [LINES of the interface section]: a's configuration, which the other user can read as well
  (
    umask 022
    cat >"$place/$(iface a).conf" <<CONF
[Interface]
PrivateKey = $(cat "$(key_file a)")
Address = 10.0.0.1/24, fd00::1/64
${1:-}

[Peer]
PublicKey = $(public_key b)
AllowedIPs = 10.0.0.2/32, fd00::2/128
Endpoint = 10.99.0.2:51820
CONF
  )
}
goes_up() { # [OPTIONS]
  on a timeout 60 "$ours" up "$place/$(iface a).conf" "$@"
  ip netns pids "$(host_of a)" >"$work/a.pid"
}

file_with_hook() {
  write_file "PostUp = grep -E 'Cap(Prm|Eff|Bnd)|NoNewPrivs' /proc/self/status >$place/hook; ip link set %i alias hooked"
  goes_up
  has_only $net_admin $none
  reaches a "$(inner4 b)"
  equals "CapPrm: $net_admin CapEff: $net_admin CapBnd: $net_admin NoNewPrivs: 1" "$(xargs <"$place/hook")" "rights of the hook"
  contains "$(ip -n "$(host_of a)" link show "$(iface a)")" "alias hooked"
  end a
}

file_with_low_port() {
  write_file "  listenPORT=53 # as for DNS"
  goes_up
  has_only $and_low_ports $none
  reaches a "$(inner4 b)"
  equals 10.99.0.1:53 "$(field b endpoints a)" "where b sees a"
  end a
  goes_up --user $user
  has_only $and_low_ports $and_low_ports
  reaches a "$(inner4 b)"
  end a
}

file_that_is_another_s() {
  write_file
  chmod 600 "$place/$(iface a).conf"
  fails on a "$ours" up "$place/$(iface a).conf" --user $user
  contains "$(cat "$work/said")" "user $user cannot read $place/$(iface a).conf"
  chown games "$place/$(iface a).conf"
  fails on a "$ours" up "$place/$(iface a).conf"
  contains "$(cat "$work/said")" "belongs to games"
  goes_up --keep dac_read_search
  reaches a "$(inner4 b)"
  end a
}

# As in a container: the file is root's, and the node's user may write it by its group.
file_changed_by_another_user() {
  local folder=$place/files file
  file=$folder/$(iface a).conf
  mkdir "$folder"
  rm "$place/$(iface a).conf" # another check's, and games'
  write_file
  mv "$place/$(iface a).conf" "$file"
  chgrp -R $user_group "$folder"
  chmod 770 "$folder"
  chmod 660 "$file"
  as_user add-peer "$file" --name phone --endpoint 10.99.0.1:51820 --out -
  contains "$(cat "$file")" "# Name = phone"
  equals "$user $user_group 660" "$(stat -c '%U %G %a' "$file")" "owner and mode of the file"
  chown games "$file"
  fails as_user remove-peer "$file" phone
  contains "$(cat "$work/said")" "its new version could not be games's"
  contains "$(cat "$file")" "# Name = phone"
  equals "$file" "$(find "$folder" -type f)" "files in the folder"
  rm -r "$folder"
}
as_user() { # COMMAND...: of ours, without any right
  on a setpriv --reuid=$user --regid=$user_group --clear-groups --bounding-set=-all --inh-caps=-all "$ours" "$@"
}

clear_refusals() {
  fails on a "$ours" --user no-such-user "$(iface a)"
  contains "$(cat "$work/said")" "there is no user 'no-such-user'"
  fails on a "$ours" --keep no_such_right "$(iface a)"
  contains "$(cat "$work/said")" "'no_such_right' is no capability"
  fails on a "$ours" --user $user --keep all "$(iface a)"
  chmod 700 "$place"
  fails on a "$ours" --user $user "$(iface a)"
  chmod 755 "$place"
  contains "$(cat "$work/said")" "user $user cannot read $place"
  chgrp games /var/run/wireguard
  fails on a "$ours" --user $user "$(iface a)"
  chgrp $user_group /var/run/wireguard
  contains "$(cat "$work/said")" "root:games"
  fails on a setpriv --reuid=$user --regid=$user_group --clear-groups "$ours" "$(iface a)"
  contains "$(cat "$work/said")" "CAP_NET_ADMIN"
}

# What containers begin with: another user with the ambient capability, and root with nothing but the capability.
few_rights_to_begin_with() {
  daemon a ours setpriv --reuid=$user --regid=$user_group --clear-groups --bounding-set=-all,+net_admin \
    --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin
  has_only $net_admin $net_admin
  end a
  chgrp root /var/run/wireguard # root without CAP_DAC_OVERRIDE
  chmod 755 /var/run/wireguard
  daemon a ours setpriv --bounding-set=-all,+net_admin --inh-caps=-all
  has_only $net_admin $none
  end a
}

setpriv_is_missing() {
  mkdir "$place/path"
  printf '#!/bin/sh\nexit 1\n' >"$place/path/setpriv"
  chmod +x "$place/path/setpriv"
  fails on a env PATH="$place/path:$PATH" "$ours" --user $user "$(iface a)"
  contains "$(cat "$work/said")" "util-linux"
  daemon a ours env PATH="$place/path:$PATH"
  contains "$(cat "$work/a.log")" "keeps all rights"
  end a
}

must "a copy where all users can read it" install_copy
ours=$place/bin/wg-netty
must "a host, and another with a node" start
check "a node of root has CAP_NET_ADMIN alone, in all threads" as_root
check "port and mark can be changed later" later_changes
check "a port that takes another capability is refused as that" low_port_refused
check "--keep net_bind_service: such a port can be taken" low_port_kept
check "--keep all: rights as the caller's" all_kept
check "--keep sys_admin: the interface is followed into another namespace" namespace_followed
check "that namespace is deleted, and the node ends" followed_to_its_end
check "--user: another user, with CAP_NET_ADMIN alone" as_another_user
check "--user in the background" another_user_in_background
check "a configuration file, whose hook has the node's rights" file_with_hook
check "a file with a port below 1024" file_with_low_port
check "a file that the node cannot read" file_that_is_another_s
check "a file of root's that another user changes" file_changed_by_another_user
check "what cannot be is refused with the reason" clear_refusals
check "a caller that has few rights itself" few_rights_to_begin_with
check "without setpriv" setpriv_is_missing
