#!/bin/bash
# `wg-netty events` and `--on-event`: what happens to peers is told as it happens, in text, in JSON, and to a command.
#
#   a (watched) 10.99.0.1 --- 10.99.0.2 b       c: a node from a file
#
# usage: events.sh ours
. "$(dirname "$0")/lib.sh"

# Gone after 6 seconds instead of 180, for this test alone.
export WG_NETTY_JAVA_OPTS="${WG_NETTY_JAVA_OPTS:-} -Dwgnetty.goneSeconds=6"

start() {
  cat >"$work/hook" <<HOOK
#!/bin/sh
echo "\$WG_EVENT \$WG_INTERFACE \$WG_PEER" >>$work/hooked
[ "\$WG_EVENT" != moved ] || exit 7
HOOK
  chmod 755 "$work/hook"
  options[a]="--metrics 9586 --on-event $work/hook"
  host a b
  cable a b 99
  node a ours
  node b ours
  peer b a endpoint 10.99.0.1:51820
  peer a b
  follow text
  follow json --json
}

follow() { # FILE [OPTIONS]
  # Not through `on`: $! would be a shell around it.
  ip netns exec "$(host_of a)" "$ours" events "$(iface a)" "${@:2}" >"$work/$1" 2>"$work/$1.err" </dev/null &
  echo $! >"$work/$1.follower"
  eventually 20 grep -q "following $(iface a)" "$work/$1.err"
}

said() { jq -c "select($1)" "$work/json"; } # CONDITION
tells() { [[ -n $(said "$1") ]]; }          # CONDITION
times() { said "$1" | wc -l; }              # CONDITION

connected_once() {
  reaches b "$(inner4 a)"
  eventually 10 tells '.event == "connected"'
  equals "\"$(public_key b)\" \"10.99.0.2:51820\" \"$(iface a)\"" \
    "$(said '.event == "connected"' | jq -r '[.peer, .endpoint, .interface] | map(tojson) | join(" ")')" "what is told"
  wg set "$(iface b)" peer "$(public_key a)" persistent-keepalive 2
  sleep 3
  equals 1 "$(times '.event == "connected"')" "times"
  contains "$(<"$work/text")" "$(iface a) connected $(public_key b | cut -c 1-8): endpoint 10.99.0.2:51820"
}

moved() {
  wg set "$(iface b)" listen-port 51999
  eventually 10 tells '.event == "moved" and .from == "10.99.0.2:51820" and .to == "10.99.0.2:51999"'
}

limit_reached() {
  on a "$ours" limit "$(iface a)" "$(public_key b)" out 8k
  on a ping -n -q -c 20 -i 0.02 -W 1 -s 972 "$(inner4 b)" || true
  eventually 10 tells '.event == "limit-reached" and .reason == "send-limit"'
  on a "$ours" limit "$(iface a)" "$(public_key b)" off
  equals 1 "$(times '.event == "limit-reached"')" "times, of many drops"
}

gone_and_back() {
  wg set "$(iface b)" peer "$(public_key a)" persistent-keepalive 0
  eventually 20 tells ".event == \"gone\" and .peer == \"$(public_key b)\""
  reaches b "$(inner4 a)"
  eventually 20 tells '.event == "back" and .silent_seconds >= 6'
  equals "1 1 1" "$(times '.event == "connected"') $(times '.event == "gone"') $(times '.event == "back"')" "connected, gone, back"
}

refused_ones() {
  local stranger
  stranger=$(wg genkey)
  wg set "$(iface b)" private-key <(echo "$stranger")
  on b ping -n -c 1 -W 2 "$(inner4 a)" && return 1
  eventually 10 tells ".event == \"unknown-key\" and .peer == \"$(wg pubkey <<<"$stranger")\" and .from == \"10.99.0.2:51999\""
  wg set "$(iface b)" private-key "$(key_file b)" peer "$(public_key a)" preshared-key "$(preshared_key_file)"
  forget a b # no session is left, so it has to call
  peer a b endpoint 10.99.0.2:51999
  on a ping -n -c 1 -W 2 "$(inner4 b)" && return 1
  eventually 10 tells '(.event == "handshake-failed" or .event == "rekey-failed") and .reason == "handshake-invalid"'
  forget a b # or they would go on trying
  forget b a
  sleep 1
}

hooked() {
  local events moves
  events=$(wc -l <"$work/json")
  moves=$(times '.event == "moved"')
  eventually 20 has_hooked "$events"
  equals "$(jq -r '[.event, .interface, .peer] | join(" ")' "$work/json")" "$(<"$work/hooked")" "what the command saw"
  local metrics
  metrics=$(on a python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:9586/metrics").read().decode())')
  contains "$metrics" "wgnetty_event_commands_total{interface=\"$(iface a)\",result=\"failed\"} $moves.0"
  contains "$metrics" "wgnetty_event_commands_total{interface=\"$(iface a)\",result=\"ok\"} $((events - moves)).0"
  contains "$metrics" "wgnetty_event_commands_lost_total{interface=\"$(iface a)\"} 0.0"
}
has_hooked() { (($(wc -l <"$work/hooked") >= $1)); }

reload_that_fails() {
  host c
  printf '[Interface]\nPrivateKey = %s\n' "$(wg genkey)" >"$work/$(iface c).conf"
  chmod 600 "$work/$(iface c).conf"
  ip netns exec "$(host_of c)" "$ours" run "$work/$(iface c).conf" >"$work/c.log" 2>&1 </dev/null &
  echo $! >"$work/c.pid"
  eventually 30 on c "$ours" status "$(iface c)"
  ip netns exec "$(host_of c)" "$ours" events --json "$(iface c)" >"$work/json-c" 2>"$work/json-c.err" </dev/null &
  eventually 20 grep -q following "$work/json-c.err"
  echo "Nonsense = 1" >>"$work/$(iface c).conf"
  fails on c "$ours" reload "$(iface c)"
  eventually 10 grep -q '"event":"reload-failed"' "$work/json-c"
  contains "$(<"$work/json-c")" "Nonsense"
}

wrong_calls() {
  fails on a "$ours" events nosuch0
  contains "$(<"$work/said")" "no such interface"
  fails on a "$ours" -f --on-event "" "$(iface d)"
  contains "$(<"$work/said")" "--on-event"
}

ends() {
  end a
  eventually 10 ended "$(<"$work/text.follower")"
  eventually 10 ended "$(<"$work/json.follower")"
}

must "two nodes come up, and two follow one of them" start
check "a peer is connected once, however often it is heard" connected_once
check "a peer that moves is told with both places" moved
check "a limit that is reached is told once" limit_reached
check "a silent peer is gone, and back when it is heard" gone_and_back
check "unknown keys and refused handshakes are told" refused_ones
check "the command has seen the same events, and the metrics count it" hooked
check "a reload that fails is told" reload_that_fails
check "wrong calls are refused with a reason" wrong_calls
check "followers end with the node" ends
