#!/bin/bash
# `--radius`: FreeRADIUS hears when peers were connected and what they carried.
#
#   a (tells) 10.99.0.1 --- 10.99.0.2 b (and FreeRADIUS)
#
# usage: radius.sh ours
. "$(dirname "$0")/lib.sh"

# Gone after 6 seconds instead of 180, for this test alone.
export WG_NETTY_JAVA_OPTS="${WG_NETTY_JAVA_OPTS:-} -Dwgnetty.goneSeconds=6"
export LOG_LEVEL=info
folder=$work/radius
detail=$folder/detail

freeradius_begins() {
  ip netns exec "$(host_of b)" freeradius -f -l "$folder/log" -d "$folder" >"$work/radius.out" 2>&1 </dev/null &
  echo $! >"$work/radius.pid"
  eventually 10 grep -q "Ready to process requests" "$folder/log"
}

freeradius_ends() {
  local pid
  pid=$(<"$work/radius.pid")
  kill "$pid"
  eventually 10 ended "$pid"
  : >"$folder/log"
}

start() {
  (
    umask 077
    mkdir "$folder"
    echo "a secret of both" >"$work/secret"
    # shellcheck disable=SC2016 # the variables are FreeRADIUS's
    echo '$INCLUDE /usr/share/freeradius/dictionary' >"$folder/dictionary"
    cat >"$folder/radiusd.conf" <<CONF
name = radius
run_dir = $folder
libdir = /usr/lib/freeradius
pidfile = $folder/pid
security {
  allow_vulnerable_openssl = yes
}
modules {
  detail {
    filename = $detail
  }
}
client node {
  ipaddr = 10.99.0.1
  secret = "a secret of both"
}
server accounting {
  listen {
    type = acct
    ipaddr = 10.99.0.2
    port = 1813
  }
  accounting {
    detail
  }
}
CONF
  )
  options[a]="--metrics 9586 --radius 10.99.0.2:1813 --radius-secret-file $work/secret --radius-interim 5"
  host a b
  cable a b 99
  freeradius_begins
  node a ours
  node b ours
  peer a b
  peer b a endpoint 10.99.0.1:51820
}

# The detail file has a paragraph for each record, of lines `Attribute = value`.
records() { # [STATUS]
  python3 - "$detail" "${1:-}" <<'PYTHON'
import json, re, sys
for paragraph in open(sys.argv[1]).read().split("\n\n"):
    record = {}
    for name, value in re.findall(r'^\t(\S+) = (.*)$', paragraph, re.M):
        record.setdefault(name, []).append(value.strip('"'))
    if record and record["Acct-Status-Type"][0] == (sys.argv[2] or record["Acct-Status-Type"][0]):
        print(json.dumps({name: values[0] if len(values) == 1 else values for name, values in record.items()}))
PYTHON
}
told() { [[ -s $detail ]] && (($(records "$1" | wc -l) >= ${2:-1})); } # STATUS [TIMES]
of() { jq -r ".[\"$2\"]" <<<"$1"; }                                    # RECORD ATTRIBUTE
metric() { # NAME
  on a python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:9586/metrics").read().decode())' | sed -n "s/^$1{[^}]*} //p"
}
octets() { echo "$(of "$1" Acct-Input-Octets)"$'\t'"$(of "$1" Acct-Output-Octets)"; } # RECORD

leave() { # b, and for good
  forget b a
  forget a b
}
join() { # b, which is heard every two seconds
  peer a b
  peer b a endpoint 10.99.0.1:51820 persistent-keepalive 2
}

begins() {
  eventually 10 told Accounting-On
  equals "$(</proc/sys/kernel/hostname)-$(iface a)" "$(of "$(records Accounting-On)" NAS-Identifier)" "NAS-Identifier"
  fails told Start
  reaches b "$(inner4 a)"
  wg set "$(iface b)" peer "$(public_key a)" persistent-keepalive 2
  eventually 10 told Start
  local record
  record=$(records Start)
  equals "$(public_key b)" "$(of "$record" User-Name)" "User-Name"
  equals "10.99.0.2:51820" "$(of "$record" Calling-Station-Id)" "Calling-Station-Id"
  equals "$(inner4 b)" "$(of "$record" Framed-IP-Address)" "Framed-IP-Address"
  equals "$(inner6 b)/128" "$(of "$record" Framed-IPv6-Prefix)" "Framed-IPv6-Prefix"
  equals "$(iface a)" "$(of "$record" NAS-Port-Id)" "NAS-Port-Id"
  equals null "$(of "$record" Acct-Input-Octets)" "octets of a beginning"
}

goes_on() {
  on b ping -n -q -c 50 -i 0.02 -s 1000 "$(inner4 a)"
  local times
  times=$(records Interim-Update | wc -l)
  eventually 20 told Interim-Update $((times + 2))
  local record
  record=$(records Interim-Update | tail -1)
  (($(of "$record" Acct-Input-Octets) >= 50 * 1000 && $(of "$record" Acct-Output-Octets) >= 50 * 1000))
  (($(of "$record" Acct-Input-Packets) >= 50 && $(of "$record" Acct-Output-Packets) >= 50))
  (($(of "$record" Acct-Session-Time) >= 5))
  equals "$(of "$(records Start)" Acct-Session-Id)" "$(of "$record" Acct-Session-Id)" "Acct-Session-Id"
}

gone_and_back() {
  wg set "$(iface b)" peer "$(public_key a)" persistent-keepalive 0
  eventually 20 told Stop
  local record
  record=$(records Stop)
  equals Idle-Timeout "$(of "$record" Acct-Terminate-Cause)" "Acct-Terminate-Cause"
  equals "$(field a transfer b)" "$(octets "$record")" "octets, as wg counts them"
  reaches b "$(inner4 a)"
  eventually 10 told Start 2
  equals 2 "$(records Start | jq -r '.["Acct-Session-Id"]' | sort -u | wc -l)" "sessions"
}

removed_and_added() {
  local record before
  before=$(of "$(records Stop)" Acct-Input-Octets)
  leave
  eventually 10 told Stop 2
  record=$(records Stop | tail -1)
  equals Admin-Reset "$(of "$record" Acct-Terminate-Cause)" "Acct-Terminate-Cause"
  (($(of "$record" Acct-Input-Octets) < before)) # of that session alone
  join
  eventually 15 told Start 3
}

waits_for_the_server() {
  freeradius_ends
  leave
  eventually 40 grep -q "RADIUS server 10.99.0.2:1813 does not answer" "$work/a.log"
  [[ $(metric wgnetty_radius_records_waiting) != 0.0 ]]
  [[ $(metric wgnetty_radius_retransmissions_total) != 0.0 ]]
  join
  reaches b "$(inner4 a)" # which waits for nobody
  freeradius_begins
  eventually 60 told Stop 3
  eventually 40 told Start 4
  equals 1.0 "$(metric wgnetty_radius_sessions)" "sessions"
}

upgraded() {
  timeout 120 "$ours" upgrade "$(iface a)"
  eventually 20 told Stop 4
  equals NAS-Request "$(of "$(records Stop | tail -1)" Acct-Terminate-Cause)" "Acct-Terminate-Cause"
  eventually 20 told Start 5
  fails told Accounting-On 2
  eventually 20 has_one_node # the other waits for the server's last answers
}
has_one_node() { [[ $(processes_of a java | wc -l) == 1 ]]; }

ends() {
  local node
  node=$(processes_of a java)
  kill "$node"
  eventually 20 ended "$node"
  rm -f "$work/a.pid"
  told Accounting-Off
  equals Admin-Reboot "$(of "$(records Stop | tail -1)" Acct-Terminate-Cause)" "Acct-Terminate-Cause"
  equals 5 "$(records Stop | wc -l)" "sessions that ended, as many as began"
}

wrong_calls() {
  fails on b "$ours" -f --radius 10.99.0.2:1813 "$(iface c)"
  contains "$(<"$work/said")" "--radius-secret-file"
  fails on b "$ours" -f --radius 10.99.0.2 --radius-secret-file "$work/secret" "$(iface c)"
  contains "$(<"$work/said")" "has no port"
  fails on b "$ours" -f --radius 10.99.0.2:1813 --radius-secret-file "$work/nosuch" "$(iface c)"
  contains "$(<"$work/said")" "cannot read $work/nosuch"
  chmod 644 "$work/secret"
  fails on b "$ours" -f --radius 10.99.0.2:1813 --radius-secret-file "$work/secret" "$(iface c)"
  contains "$(<"$work/said")" "chmod 600"
}

must "FreeRADIUS and two nodes come up" start
check "the interface is on, and a peer that connects begins a session" begins
check "what it carries is told on the way" goes_on
check "a silent peer ends its session, and begins another" gone_and_back
check "a peer that is removed ends its session" removed_and_added
check "a server that is away is waited for, and misses nothing" waits_for_the_server
check "a process that takes the node's place begins sessions of its own" upgraded
check "the end of the node ends all sessions" ends
check "wrong calls are refused with a reason" wrong_calls
