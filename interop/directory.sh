#!/bin/bash
# Peers from a directory: a folder, then etcd, while the traffic of others runs. Each member of etcd is the test's own.
#
#   b (go) ---99--- a (ours, by a file) ---98--- c (go)
#                     |
#                   etcd, on a's own addresses
#
# b is a peer by its record from the beginning, and its packets are never to be lost. c comes and goes.
#
# usage: directory.sh ours
. "$(dirname "$0")/lib.sh"

etcd_client=http://127.0.0.1:2379
prefix=/wg

# ---- etcd

etcd_member() { # its data is kept
  on a env ETCD_UNSUPPORTED_ARCH="$(dpkg --print-architecture)" etcd --name test --data-dir "$work/etcd" --log-level error \
    --listen-client-urls "$etcd_client" --advertise-client-urls "$etcd_client" \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
    --initial-cluster test=http://127.0.0.1:2380 >>"$work/etcd.log" 2>&1 </dev/null &
  eventually 60 etcdctl_ endpoint health
}
etcdctl_() { on a env ETCDCTL_API=3 etcdctl --endpoints "$etcd_client" "$@" >/dev/null 2>&1; }
end_etcd() { # SIGNAL
  local pid
  for pid in $(processes_of a etcd); do kill -"$1" "$pid"; done
  eventually 30 etcd_is_gone
}
etcd_is_gone() { [[ -z $(processes_of a etcd) ]]; }
put() { etcdctl_ put "$prefix/$(public_key "$1")" "$2"; } # HOST RECORD
del() { etcdctl_ del "$prefix/$(public_key "$1")"; }

record() { # HOST [MORE FIELDS]
  printf '{"public_key":"%s","allowed_ips":["%s/32","%s/128"]%s}' "$(public_key "$1")" "$(inner4 "$1")" "$(inner6 "$1")" "${2:+,$2}"
}

# ---- the node

file() { # COMMENT
  (umask 077; cat >"$work/$(iface a).conf") <<EOF
[Interface]
$1
PrivateKey = $(<"$(key_file a)")
ListenPort = 51820
Address = 10.0.0.1/24, fd00::1/64

[Peer]
PublicKey = $(public_key d)
AllowedIPs = 10.0.0.4/32
EOF
}

run() { # OPTIONS
  LOG_LEVEL=info ip netns exec "$(host_of a)" "$ours" run "$work/$(iface a).conf" "$@" >"$work/a.log" 2>&1 </dev/null &
  echo $! >"$work/a.pid"
  eventually "$start_wait_s" answers a
  eventually "$start_wait_s" ready
}
ready() { [[ $(fact source 2>/dev/null) == *:* ]]; } # answers come from before the directory is there
anew() { # HOST: forgets the session with a node that is not there any more
  wg set "$(iface "$1")" peer "$(public_key a)" remove
  peer "$1" a endpoint "10.$([[ $1 == b ]] && echo 99 || echo 98).0.1:51820"
}
has() { [[ $(wg show "$(iface a)" peers) == *"$(public_key "$1")"* ]]; }
has_not() { ! has "$1"; }
fact() { "$ours" show --json "$(iface a)" | python3 -c 'import json,sys; d=json.load(sys.stdin)["interfaces"][0]["directory"]; 
for part in sys.argv[1].split("."): d=d.get(part, 0)
print(d)' "$1"; }
fact_is() { [[ $(fact "$1") == "$2" ]]; }

hosts() {
  host a b c
  cable a b 99
  cable a c 98
  node b go
  node c go
  peer b a endpoint 10.99.0.1:51820
  peer c a endpoint 10.98.0.1:51820
}

# ---- a folder

folder() {
  mkdir -p "$work/wg.d"
  record b >"$work/wg.d/b.json"
  printf '[Peer]\n# Name = broken\nPublicKey = nothing\n' >"$work/wg.d/broken.conf"
  file "# Peers = dir:$work/wg.d"
  run
  eventually 20 has b
  reaches b "$(inner4 a)"
  fact_is refused.invalid 1
  contains "$(<"$work/a.log")" "record broken.conf is not used: line 3: PublicKey"
}

folder_follows() {
  printf '[Peer]\n# Name = see\nPublicKey = %s\nAllowedIPs = %s/32\n' "$(public_key c)" "$(inner4 c)" >"$work/wg.d/c.conf"
  eventually 20 has c
  reaches c "$(inner4 a)"
  contains "$("$ours" show "$(iface a)")" "name: see"
  rm "$work/wg.d/c.conf" "$work/wg.d/broken.conf"
  eventually 20 has_not c
  has b
  eventually 20 fact_is refused.invalid 0
}

file_wins() { # a reload keeps the directory's peers, and the file may come to name one of them
  printf '\n[Peer]\n# Name = named\nPublicKey = %s\nAllowedIPs = %s/32\n' "$(public_key b)" "$(inner4 b)" >>"$work/$(iface a).conf"
  "$ours" reload "$(iface a)"
  eventually 20 fact_is refused.in_file 1
  has b
  file "# Peers = dir:$work/wg.d2"
  contains "$("$ours" reload "$(iface a)" 2>&1)" "counts from the next start on"
  eventually 20 fact_is refused.in_file 0
  eventually 20 has b
  end a
}

# ---- etcd

etcd_peers() {
  etcd_member
  put b "$(record b)"
  file ""
  run --peers "etcd://127.0.0.1:2379$prefix"
  eventually 20 has b
  anew b
  anew c
  reaches b "$(inner4 a)"
}

stays_in_its_process() {
  local before
  before=$(processes_of a java)
  fails "$ours" upgrade "$(iface a)"
  contains "$(<"$work/said")" "has a directory of peers, which is not handed over"
  equals "$before" "$(processes_of a java)" "the process"
}

steady() { # pings of b while something is done; not one may be lost
  local status=0
  on b ping -n -q -i 0.02 -w 120 -c "$1" "$(inner4 a)" >"$work/steady" &
  local pinger=$!
  "$2"
  wait "$pinger" || status=$?
  tail -3 "$work/steady"
  equals 0 "$status" "status of the pings"
  contains "$(<"$work/steady")" " 0% packet loss"
}

comes_changes_goes() {
  put c "$(record c)"
  eventually 20 has c
  reaches c "$(inner4 a)"
  put c "$(record c '"label":"see","persistent_keepalive":25')"
  eventually 20 named_see
  put c "$(record c '"disabled":true')"
  eventually 20 has_not c
  put c "$(record c "\"not_after\":\"$(date -u -d '+3 seconds' +%FT%TZ)\"")"
  eventually 20 has c
  eventually 30 has_not c
  eventually 20 fact_is expired 1
  put c "$(record c)"
  eventually 20 has c
  del c
  eventually 20 has_not c
}
named_see() { [[ $("$ours" show "$(iface a)") == *"name: see"* ]]; }

away_and_back() { # killed, changed and compacted before the node is back at it
  end_etcd KILL
  eventually 60 is_away
  has b
  etcd_member
  put c "$(record c)"
  eventually 60 has c
  eventually 60 is_following
}
is_away() { [[ $(fact state) == away ]]; }
is_following() { [[ $(fact state) == following ]]; }

compacted_meanwhile() { # the node is stopped, so that it misses a change whose revision is gone then
  local pid revision
  for pid in $(processes_of a java); do kill -STOP "$pid"; done
  end_etcd KILL
  etcd_member
  del c
  revision=$(on a env ETCDCTL_API=3 etcdctl --endpoints "$etcd_client" get "$prefix" -w json | python3 -c 'import json,sys; print(json.load(sys.stdin)["header"]["revision"])')
  etcdctl_ compact "$revision"
  for pid in $(processes_of a java); do kill -CONT "$pid"; done
  eventually 60 has_not c
  has b
}

bad_records() {
  put c 'garbage{'
  eventually 20 fact_is refused.invalid 1
  put c "{\"allowed_ips\":[\"$(inner4 b)/32\"]}"
  eventually 20 fact_is refused.taken 1
  put c '{"allowed_ips":["10.0.0.4/32"]}'
  eventually 20 fact_is refused.in_file 1
  has_not c
  put c "{\"public_key\":\"$(public_key b)\"}"
  eventually 20 fact_is refused.invalid 1
  etcdctl_ put "$prefix/$(public_key a)" '{}'
  eventually 20 fact_is refused.own_key 1
  fails on a "$ours" peers check "etcd://127.0.0.1:2379$prefix"
  contains "$(<"$work/said")" "not the one that the record is filed under"
  del c
  etcdctl_ del "$prefix/$(public_key a)"
}

import_and_export() {
  on a "$ours" peers export "etcd://127.0.0.1:2379$prefix" >"$work/exported.conf"
  contains "$(<"$work/exported.conf")" "PublicKey = $(public_key b)"
  mkdir -p "$work/imported.d"
  on a "$ours" peers import "dir:$work/imported.d" "$work/exported.conf" | grep "1 peers imported"
  "$ours" peers check "dir:$work/imported.d"
  "$ours" peers export --json "dir:$work/imported.d" | grep -F "\"$(public_key b)\""
}

many() { # a second etcd prefix of 100,000 records: time until all are installed
  python3 - "$prefix-many" >"$work/many" <<'RECORDS'
import base64, hashlib, json, sys
for i in range(100000):
    key = base64.b64encode(hashlib.sha256(b"%d" % i).digest()).decode()
    value = json.dumps({"allowed_ips": ["10.%d.%d.%d/32" % (64 + (i >> 16), i >> 8 & 255, i & 255)], "label": "p%d" % i})
    print(json.dumps({"key": base64.b64encode((sys.argv[1] + "/" + key).encode()).decode(), "value": base64.b64encode(value.encode()).decode()}))
RECORDS
  on a python3 - "$work/many" <<'PUT'
import http.client, json, sys
connection = http.client.HTTPConnection("127.0.0.1", 2379)
lines = [json.loads(line) for line in open(sys.argv[1])]
for i in range(0, len(lines), 100):
    body = json.dumps({"success": [{"request_put": put} for put in lines[i:i + 100]]})
    connection.request("POST", "/v3/kv/txn", body)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text
PUT
  end a
  file ""
  sed -i 's/^Address.*/Address = 10.0.0.1\/8/' "$work/$(iface a).conf"
  run --peers "etcd://127.0.0.1:2379$prefix-many"
  eventually 60 fact_is installed 100000
  grep -o "100000 peers of.*\|.*is ready" "$work/a.log" || true
  end a
}

# ---- on call

on_call() {
  file ""
  etcdctl_ del --prefix "$prefix/"
  put b "$(record b)"
  run --peers "etcd://127.0.0.1:2379$prefix" --peers-on-call --peers-idle 5s --no-memory # or b would be called at once
  has_not b
  anew b
  on b ping -n -c 1 -W 4 "$(inner4 a)" >"$work/first-ping"
  has b
  eventually 20 fact_is lookups.found 1
}

unknown_callers() { # c has no record: nothing is installed, and b does not notice
  anew c
  never_reaches c "$(inner4 a)"
  has_not c
  (($(fact lookups.unknown) >= 1))
  reaches b "$(inner4 a)"
  put c "$(record c)"
  reaches c "$(inner4 a)" # remembered as nobody's, until there was a record
}

awake_follow_records() {
  put c "$(record c '"disabled":true')"
  eventually 20 has_not c
}

# ---- those who were awake when the node was killed

is_called_again() { # b's record does not say where b is: the node remembers it, asks for the record, and calls
  local pid
  end a
  run --peers "etcd://127.0.0.1:2379$prefix" --peers-on-call
  anew b
  reaches b "$(inner4 a)"
  eventually 20 remembers b
  for pid in $(processes_of a java); do kill -KILL "$pid"; done
  eventually 20 node_is_gone
  run --peers "etcd://127.0.0.1:2379$prefix" --peers-on-call
  eventually 20 has b
  eventually 20 has_session b
}
remembers() { grep -q "^$(public_key "$1") " "$STATE_DIRECTORY/$(iface a).peers" 2>/dev/null; }
node_is_gone() { [[ -z $(processes_of a java) ]] && ! on a ip link show "$(iface a)" >/dev/null 2>&1; }
has_session() { (($(wg show "$(iface a)" latest-handshakes | awk -v key="$(public_key "$1")" '$1 == key {print $2}') > 0)); }

# ---- packets to those who sleep

wakes() { # b says where it is, c does not; the first packet to b is not lost
  end a
  put b "$(record b '"endpoint":"10.99.0.2:'"$(wg show "$(iface b)" listen-port)"'"')"
  put c "$(record c)"
  run --peers "etcd://127.0.0.1:2379$prefix" --peers-on-call --no-memory
  eventually 20 fact_is wakeable 1
  has_not b
  on a ping -n -c 1 -W 8 "$(inner4 b)" >"$work/wakes"
  has b
  has_not c
  fails on a ping -n -c 1 -W 4 "$(inner4 c)"
  contains "$(<"$work/said")" "Unreachable"
}

woken_follow_records() { # its prefix moves to c, which is woken in its place
  put b "$(record b '"disabled":true')"
  eventually 20 has_not b
  eventually 20 fact_is wakeable 0
  put c '{"allowed_ips":["10.0.0.3/32"],"endpoint":"10.98.0.2:'"$(wg show "$(iface c)" listen-port)"'"}'
  eventually 20 fact_is wakeable 1
  on a ping -n -c 1 -W 8 "$(inner4 c)" >"$work/wakes"
  has c
  end a
}

# ---- a web service

web() { # a service that knows b, has nonsense for c, and is asked again for b every second
  python3 - "$(public_key b)" "$(public_key c)" "$(record b)" >"$work/web.py" <<'WRITE'
import sys
def name(key): return key.rstrip("=").replace("+", "-").replace("/", "_")
answers = {"/" + name(sys.argv[1]): sys.argv[3], "/" + name(sys.argv[2]): '["nonsense"]'}
print("""import http.server, sys
answers = %r
class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        text = answers.get(self.path, "").encode()
        self.send_response(200 if text else 404)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Service).serve_forever()""" % answers)
WRITE
  ip netns exec "$(host_of a)" python3 "$work/web.py" >"$work/web.log" 2>&1 </dev/null &
  local service=$!
  file ""
  run --peers "http://127.0.0.1:8080/{key}" --peers-on-call --peers-ttl 1s
  anew b
  anew c
  reaches b "$(inner4 a)"
  never_reaches c "$(inner4 a)"
  eventually 20 refuses_one # under load it has to call twice
  has_not c
  contains "$(<"$work/a.log")" "is not used: is no JSON object"
  kill "$service"
  eventually 20 is_away
  reaches b "$(inner4 a)"
  end a
}

refuses_one() { (($(fact lookups.refused) >= 1)); }

# ---- etcd with TLS, and users

tls_url=https://127.0.0.1:2381
secured() { on a env ETCDCTL_API=3 etcdctl --endpoints "$tls_url" --cacert "$work/ca.pem" --cert "$work/own.pem" --key "$work/own.key" "$@"; }
certificate() { # NAME SUBJECT USE: signed by the test's authority
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -subj "$2" -out "$work/$1.csr" 2>/dev/null
  openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -days 2 -out "$work/$1.pem" \
    -extfile <(printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=%s\n' "$3") 2>/dev/null
}

tls_and_users() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ca.key" -subj /CN=test -days 2 -out "$work/ca.pem" 2>/dev/null
  certificate member /CN=member serverAuth,clientAuth
  certificate own /O=test clientAuth
  certificate named /CN=node clientAuth
  on a env ETCD_UNSUPPORTED_ARCH="$(dpkg --print-architecture)" etcd --name secured --data-dir "$work/secured" --log-level error \
    --listen-client-urls "$tls_url" --advertise-client-urls "$tls_url" --cert-file "$work/member.pem" --key-file "$work/member.key" \
    --client-cert-auth --trusted-ca-file "$work/ca.pem" --listen-peer-urls http://127.0.0.1:2382 \
    --initial-advertise-peer-urls http://127.0.0.1:2382 --initial-cluster secured=http://127.0.0.1:2382 >>"$work/etcd.log" 2>&1 </dev/null &
  eventually 60 secured endpoint health
  secured put "$prefix/$(public_key b)" "$(record b)"
  secured role add reader
  secured role grant-permission reader --prefix=true read "$prefix/"
  secured user add root:secret
  secured user add node:right
  secured user grant-role node reader
  secured user grant-role root root
  secured auth enable
  echo right >"$work/password"
  local access=(--peers-ca "$work/ca.pem" --peers-user node)
  local own=(--peers-cert "$work/own.pem" --peers-key "$work/own.key")
  local named=(--peers-cert "$work/named.pem" --peers-key "$work/named.key")
  file ""
  run --peers "etcds://127.0.0.1:2381$prefix" "${access[@]}" "${own[@]}" --peers-password-file "$work/password"
  eventually 20 has b
  secured --user root:secret put "$prefix/$(public_key c)" "$(record c)"
  eventually 20 has c
  # Who is not let in, and by what, is said.
  local source=etcds://127.0.0.1:2381$prefix
  echo wrong >"$work/wrong"
  fails on a "$ours" peers check "$source" "${access[@]}" "${own[@]}" --peers-password-file "$work/wrong"
  contains "$(<"$work/said")" "authentication failed"
  fails on a "$ours" peers check "etcds://127.0.0.1:2381/other" "${access[@]}" "${own[@]}" --peers-password-file "$work/password"
  contains "$(<"$work/said")" "permission denied"
  fails on a "$ours" peers check "$source" "${access[@]}" "${named[@]}" --peers-password-file "$work/password"
  contains "$(<"$work/said")" "CommonName"
  fails on a "$ours" peers check "$source" --peers-user node --peers-password-file "$work/password"
  contains "$(<"$work/said")" "PKIX path building failed"
  end a
}

# ---- strangers without end

flood() { # of initiations by keys that nobody has: newcomers come in beside it, lookups are counted and bounded
  mkdir -p "$work/empty.d"
  cat >"$work/on-call" <<EOF
#!/bin/bash
(umask 077; printf '[Interface]\nTable = off\n' >"$work/\$1.conf")
exec "$ours" run "$work/\$1.conf" --peers "dir:$work/empty.d" --peers-on-call
EOF
  chmod +x "$work/on-call"
  "$home/bin/storm" flood --kind unknown-key --rate 3000 --seconds 3 --no-tcp --against "$work/on-call" >"$work/storm" 2>&1 &
  local storm=$! status=0 most=0 unknown=0 memory=0 facts
  while kill -0 "$storm" 2>/dev/null; do
    if facts=$("$ours" show --json wgstorm 2>/dev/null | python3 -c 'import json,sys; d=json.load(sys.stdin)["interfaces"][0]["directory"]["lookups"]
print(d.get("unknown", 0), d.get("turned_away", 0))' 2>/dev/null); then
      read -r unknown most <<<"$facts"
      memory=$(awk '/VmHWM/ {print $2}' /proc/"$(pgrep -f "wgstorm.conf" | head -1)"/status 2>/dev/null || echo "$memory")
    fi
    sleep 0.2
  done
  wait "$storm" || status=$?
  tail -25 "$work/storm"
  equals 0 "$status" "status of the storm"
  echo "lookups: $unknown unknown, $most turned away; memory $memory kB"
  ((unknown > 0))
  ((memory < 400000))
}

must "three hosts" hosts
check "a folder: peers are installed, a broken file is reported and harms nobody" folder
check "a folder: what changes is followed" folder_follows
check "reload leaves the directory's peers alone, and the file wins" file_wins
must "etcd: peers are installed" etcd_peers
check "an upgrade is refused before anything stops; others lose nothing" steady 20 stays_in_its_process
check "etcd: a peer comes, changes, is disabled, expires and goes; others lose nothing" steady 1500 comes_changes_goes
check "etcd: killed and back; nothing is lost, what changed is followed" steady 1500 away_and_back
check "etcd: the log compacted while the node was stopped" compacted_meanwhile
check "etcd: garbage, another's prefix, the file's, another's key, the own key: refused by reason" steady 500 bad_records
check "peers export, import and check" import_and_export
check "100,000 records are installed" many
check "on call: who sleeps is answered at once" on_call
check "on call: unknown keys are nobody's, until there is a record" unknown_callers
check "on call: records of those who are awake are followed" awake_follow_records
check "on call: who was there when the node was killed is called" is_called_again
check "on call: a packet wakes who says where it is" wakes
check "on call: who can be woken follows the records" woken_follow_records
check "etcd with TLS, certificates and users; who is not let in is told why" tls_and_users
check "a web service: nonsense harms nobody, and so does its end" web
check "on call: a flood of unknown keys keeps nobody out" flood
end_etcd TERM
