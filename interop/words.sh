#!/bin/bash
# What a person hears of a node, and what is left when one is killed: warnings, what hooks print, the log, failures; nothing
# that runs is lost.
#
# usage: words.sh ours
. "$(dirname "$0")/lib.sh"

program=$(program "${1:?}")
unset LOG_LEVEL

file() { echo "$work/$(iface "$1").conf"; } # HOST
socket() { echo "/var/run/wireguard/$(iface a).sock"; }
rescued() { ls "$STATE_DIRECTORY/$(iface a)".conf.rescue* /var/run/wireguard/"$(iface a)".conf.rescue* 2>/dev/null || true; }
write() { # LINES OF THE INTERFACE [LINES OF THE PEER [ALLOWED IPS]]
  rm -f "$(file a)"
  (
    umask 077
    printf '# The gateway.\n[Interface]\n# Endpoint = vpn.example.net:51820\nPrivateKey = %s\nListenPort = 51820\nAddress = 10.0.0.1/24\n%b\n\n[Peer]\n# Name = laptop\n# bought in May\nPublicKey = %s\nAllowedIPs = %s\n%b\n' \
      "$(<"$(key_file a)")" "$1" "$(public_key b)" "${3:-10.0.0.2/32}" "${2:-}" >"$(file a)"
  )
}
node() { timeout 150 ip netns exec "$(host_of a)" "$program" "$@"; }
up() { clear_away; node up "$(file a)" "$@" >"$work/out" 2>"$work/err"; }
pid() { ip netns pids "$(host_of a)" | while read -r p; do [[ $(tr '\0' ' ' <"/proc/$p/cmdline") != *"io.wgnetty.cli.Main"*up* ]] || echo "$p"; done | head -1; }
clear_away() {
  local p
  p=$(pid)
  [[ -z $p ]] || { kill -9 "$p"; eventually 5 ended "$p"; }
  rm -f "$(socket)"
  rm -f $(rescued)
}
gone() { ! ip -n "$(host_of a)" link show "$(iface a)" &>/dev/null && [[ ! -e $(socket) ]]; }
is_up() { ip -n "$(host_of a)" link show "$(iface a)" >/dev/null && wg show "$(iface a)" >/dev/null; }

# ---- what up says

says_warnings() {
  write "PostUp = echo hello from %i; echo and an error >&2"
  chmod 644 "$(file a)"
  chmod 755 "$work"
  up
  contains "$(<"$work/err")" "warning: "
  contains "$(<"$work/err")" "chmod 600"
  equals 1 "$(grep -c "chmod 600" "$work/err")" "how often it says so"
  contains "$(<"$work/err")" "hello from $(iface a)"
  contains "$(<"$work/err")" "and an error"
  equals "" "$(<"$work/out")" "standard output"
  node down "$(iface a)"
}
says_why_a_hook_failed() {
  write "PostUp = echo no such chain >&2; exit 3"
  fails up
  contains "$(<"$work/err")" "ended with status 3: no such chain"
  write "PostUp = ping -c1 127.0.0.1"
  if ! up; then
    contains "$(<"$work/err")" "--keep net_raw"
    up --keep net_raw
  fi
  node down "$(iface a)"
}

# ---- the log

logs() {
  write ""
  up
  contains "$(node log "$(iface a)")" "interface $(iface a) is ready"
  lacks "$(node log "$(iface a)")" DEBUG
  contains "$(node log-level "$(iface a)" debug)" "level debug, heard in: "
  contains "$(node log-level "$(iface a)" silent)" "nobody hears"
  contains "$(node log "$(iface a)" info)" "level info"
  node log -f "$(iface a)" >"$work/follow" &
  local follower=$!
  eventually 20 test -s "$work/follow"
  eventually 20 grep -q "is ready" "$work/follow"
  node log -f "$(iface a)" | head -1 >"$work/first" & # a reader that leaves
  local leaver=$!
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips 10.0.0.3/32
  node reload "$(iface a)"
  eventually 20 grep -q "1 peer removed" "$work/follow"
  eventually 60 leaves "$leaver" # it may have come after the last line
  wait "$leaver"
  node down "$(iface a)"
  wait "$follower"
  contains "$(<"$work/follow")" "has ended"
}
leaves() { # PID: when there is a line more
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips 10.0.0.3/32
  node reload "$(iface a)"
  ! kill -0 "$1" 2>/dev/null
}
slow_readers_block_nothing() {
  write ""
  up
  on a python3 - "$(socket)" <<'READERS'
import socket, sys
readers = []
for _ in range(10):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.sendall(b"do=follow\n\n")
    readers.append(s)  # and never reads
for i in range(300):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(5)
    s.connect(sys.argv[1])
    s.sendall(b"do=log\nlevel=debug\n\ndo=show\n\n")
    answer = b""
    while answer.count(b"errno=0\n\n") < 2:
        answer += s.recv(65536)
    s.close()
READERS
  node down "$(iface a)"
}

# ---- down

down_says_what_failed() {
  write "PostDown = echo oh >&2; exit 3"
  up
  fails node down "$(iface a)"
  contains "$(<"$work/said")" "ended with status 3: oh"
  lacks "$(<"$work/said")" "failed:"
  eventually 5 gone
}
reload_speaks_to_people() {
  write ""
  up
  equals "nothing differs" "$(node reload "$(iface a)")" "what reload says"
  write "PostUp = true" "PersistentKeepalive = 20"
  lacks "$(node reload "$(iface a)")" "report"
  node down "$(iface a)"
}
hooks_may_ask_the_node() { # and may take longer than a minute
  write "PreDown = $program show %i >$work/stats\nPreDown = sleep 65"
  up
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips 10.0.0.3/32
  local begin=$SECONDS
  node down "$(iface a)" &
  local down=$!
  sleep 5
  contains "$(timeout 20 ip netns exec "$(host_of a)" "$program" show "$(iface a)")" 10.0.0.3
  wait "$down"
  ((SECONDS - begin > 64))
  contains "$(<"$work/stats")" "10.0.0.3"
  eventually 5 gone
}
hooks_have_no_input() {
  write "PostUp = ! read -r line"
  up </dev/zero
  node down "$(iface a)"
}

# ---- nothing is lost

keeps_comments() {
  write "SaveConfig = true\nPostUp = true # a comment"
  up
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips 10.0.0.3/32 persistent-keepalive 7
  wg set "$(iface a)" peer "$(public_key b)" allowed-ips 10.0.0.2/32,10.5.0.0/16
  local key
  key=$(public_key c | base64 -d | od -An -tx1 | tr -d ' \n')
  on a python3 - "$(socket)" "$key" <<'LABEL'
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(f"do=label\npeer={sys.argv[2]}\nlabel=the phone\n\n".encode())
assert b"errno=0" in s.recv(1000)
LABEL
  cp "$(file a)" "$work/before"
  contains "$(node save "$(iface a)")" "saved to $(file a)"
  sed 's#^AllowedIPs = .*#AllowedIPs = 10.0.0.2/32, 10.5.0.0/16#' "$work/before" >"$work/expected"
  printf '\n[Peer]\n# Name = the phone\nPublicKey = %s\nAllowedIPs = 10.0.0.3/32\nPersistentKeepalive = 7\n' "$(public_key c)" >>"$work/expected"
  diff "$work/expected" "$(file a)"
  equals 600 "$(stat -c %a "$(file a)")" "its mode"
  wg set "$(iface a)" peer "$(public_key c)" remove
  node down "$(iface a)"
  diff <(head -n -6 "$work/expected") "$(file a)"
}
stays_when_it_cannot_save() {
  mkdir -p "$work/ro"
  mountpoint -q "$work/ro" || mount -t tmpfs none "$work/ro"
  write "SaveConfig = true"
  cp "$(file a)" "$work/ro/"
  mount -o remount,ro "$work/ro"
  clear_away
  node up "$work/ro/$(iface a).conf"
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips 10.0.0.3/32
  fails node down "$(iface a)"
  contains "$(<"$work/said")" "Read-only"
  contains "$(<"$work/said")" "$(iface a).conf"
  lacks "$(<"$work/said")" ".tmp"
  is_up
  contains "$(wg show "$(iface a)")" "$(public_key c)"
  fails node down --force "$(iface a)"
  contains "$(<"$work/said")" ".conf.rescue"
  eventually 5 gone
  contains "$(cat $(rescued))" "$(public_key c)"
  equals 600 "$(stat -c %a $(rescued))" "the rescue file's mode"
  node up "$work/ro/$(iface a).conf" 2>"$work/err"
  contains "$(<"$work/err")" ".conf.rescue"
  rm -f $(rescued)
  wg set "$(iface a)" peer "$(public_key c)" allowed-ips 10.0.0.3/32
  kill -TERM "$(pid)"
  eventually 10 gone
  contains "$(cat $(rescued))" "$(public_key c)"
  rm -f $(rescued)
  umount "$work/ro"
}
stays_when_a_predown_fails() {
  write "PreDown = echo not now >&2; [ -e $work/may ]"
  up
  fails node down "$(iface a)"
  contains "$(<"$work/said")" "not now"
  contains "$(<"$work/said")" "--force"
  is_up
  touch "$work/may"
  node down "$(iface a)"
  eventually 5 gone
}

# ---- what a killed node leaves

state() {
  local at
  at=$(host_of a)
  ip -n "$at" -o addr show | sed 's/valid_lft.*//'
  ip -n "$at" route show table all
  ip -n "$at" -6 route show table all
  ip -n "$at" rule show
  ip -n "$at" -6 rule show
  on a nft list ruleset
  ls /var/run/wireguard | grep "^$(iface a)" || true
  cat "$work/resolv" 2>/dev/null || true
}
stand_in_for_resolvconf() {
  mkdir -p "$work/bin"
  cat >"$work/bin/resolvconf" <<STAND_IN
#!/bin/bash
case \$1 in
  -a) { echo "record \$2"; cat; } >"$work/resolv" ;;
  -d) rm -f "$work/resolv" ;;
esac
STAND_IN
  chmod 755 "$work/bin/resolvconf"
}
cleans_up_after_the_killed() { # WORDS...: of down
  local before
  stand_in_for_resolvconf
  export PATH=$work/bin:$PATH
  write "DNS = 10.0.0.53\nPostDown = echo postdown %i >>$work/postdown" "Endpoint = 10.99.0.2:51820" "0.0.0.0/0, ::/0"
  rm -f "$work/postdown"
  clear_away
  before=$(state)
  up
  lacks "$(ip -n "$(host_of a)" rule)" "$before"
  contains "$(state)" "record $(iface a)"
  kill -9 "$(pid)"
  node down "$@" | tee "$work/said"
  contains "$(<"$work/said")" "was killed"
  diff <(echo "$before") <(state)
  equals "postdown $(iface a)" "$(<"$work/postdown")" "PostDown"
}
nothing_to_clean_up() { # and nobody else's things are touched
  local before
  before=$(state)
  fails node down "$(file a)"
  contains "$(<"$work/said")" "no such interface"
  node down --if-killed "$(file a)" >"$work/said"
  equals "" "$(<"$work/said")" "what it says"
  equals "postdown $(iface a)" "$(<"$work/postdown")" "PostDown"
  diff <(echo "$before") <(state)
}

host a b
cable a b 99
check "up tells warnings, and what hooks print" says_warnings
check "up tells why a hook failed, and which right would help" says_why_a_hook_failed
check "log, log -f and log-level of a node in the background" logs
check "readers of the log that are slow or gone block nothing" slow_readers_block_nothing
check "down fails when PostDown does" down_says_what_failed
check "reload says what it did in words" reload_speaks_to_people
check "a hook of down asks the node, another takes longer than a minute" hooks_may_ask_the_node
check "hooks have no input" hooks_have_no_input
check "save and SaveConfig keep comments and what else is in the file" keeps_comments
check "what cannot be saved is not lost" stays_when_it_cannot_save
check "down stops at a PreDown that fails" stays_when_a_predown_fails
check "down cleans up after a node that was killed" cleans_up_after_the_killed "$(file a)"
check "down with nothing left says so and touches nothing" nothing_to_clean_up
