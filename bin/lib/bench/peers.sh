# shellcheck shell=bash
# Part of bin/bench. The implementations: which are to be had on this machine, how they are started, what they are.

all_peers=(wireguard-go boringtun kernel wg-netty)
peers=()                   # those that take part, the yardstick first
declare -A peer_command=() # is started as: COMMAND INTERFACE, and stays in the foreground
declare -A peer_version=()
notes=() # what a reader of the table has to know
jdk=

install_missing() { # PACKAGE...
  local missing=() package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  echo "installing from Debian: ${missing[*]}"
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}"; } \
    >"$work/apt.log" 2>&1 || fail "could not install ${missing[*]}:"$'\n'"$(tail -n 10 "$work/apt.log")"
}

find_peers() { # NAME..., or all that there are
  local name
  (($#)) || set -- "${all_peers[@]}"
  for name in "$@"; do
    echo "looking for $name ..."
    if "find_$name"; then peers+=("$name"); else notes+=("$name: not available here: $why_not"); fi
  done
  for name in "${peers[@]}"; do echo "  $name: ${peer_version[$name]}"; done
  for name in "${notes[@]}"; do echo "  $name"; done
}

find_wg-netty() {
  peer_version[wg-netty]="$("$home/bin/wg-netty" --version | cut -d' ' -f2), revision $(revision)" ||
    fail "bin/wg-netty does not run"
  # shellcheck disable=SC2034 # hosts.sh starts it
  peer_command[wg-netty]="$home/bin/wg-netty -f"
}

find_ciphers() { # wg-netty once more with each of them
  local cipher
  for cipher in $("$home/bin/wg-netty" ciphers | sed -nE 's/^([a-z-]+) ( +[0-9]+ \/ [0-9]+)+$/\1/p'); do
    peers+=("wg-netty:$cipher")
    peer_version[wg-netty:$cipher]="${peer_version[wg-netty]:-$("$home/bin/wg-netty" --version | cut -d' ' -f2)}"
    peer_command[wg-netty:$cipher]="$home/bin/wg-netty -f --aead $cipher"
    echo "  wg-netty:$cipher"
  done
}

revision() {
  git -C "$home" -c safe.directory='*' describe --always --dirty --abbrev=10 --exclude='*' 2>/dev/null || echo unknown
}

find_kernel() {
  local works=0
  ip netns add wg-bench-left
  if ip -n wg-bench-left link add probe type wireguard 2>/dev/null; then works=1; fi
  ip netns del wg-bench-left
  why_not="this kernel has no WireGuard ('ip link add type wireguard' says so)"
  ((works)) || return 1
  peer_version[kernel]="Linux $(uname -r)"
  notes+=("kernel: its work is done in the kernel's own threads, so no CPU time or memory can be told apart as its own")
}

find_boringtun() {
  local command
  command=$(command -v boringtun-cli || command -v boringtun || true)
  why_not="no boringtun-cli on the PATH, and Debian has no package of it (cargo install boringtun-cli makes one)"
  [[ -n $command ]] || return 1
  peer_version[boringtun]=$("$command" --version | head -n 1)
  peer_command[boringtun]="$command -f --disable-drop-privileges"
}

# ---- wireguard-go: the newest that Debian has anywhere. The one of a stable release can be years older and several times
# slower, which would flatter everybody else.

find_wireguard-go() {
  if fetch_from_sid wireguard-go; then
    peer_command[wireguard-go]="$sid/root/usr/bin/wireguard-go -f"
    peer_version[wireguard-go]="$(cat "$sid/wireguard-go.version") from Debian sid"
    return
  fi
  install_missing wireguard-go
  peer_command[wireguard-go]="wireguard-go -f"
  peer_version[wireguard-go]="$(dpkg-query -W -f '${Version}' wireguard-go) from this Debian release"
  notes+=("wireguard-go: NOT its newest release, which could not be fetched ($why_not); ratios to it may flatter")
}

sid=$work/sid # an apt state of its own: the machine's package sources and lists stay as they are
sid_max_age_days=7

fetch_from_sid() { # PACKAGE -> $sid/root, $sid/PACKAGE.version
  [[ -z $(find "$sid/$1.version" -mtime "-$sid_max_age_days" 2>/dev/null) ]] || return 0
  local mirror keys=/usr/share/keyrings/debian-archive-keyring.gpg apt deb
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null |
    head -n 1)
  why_not="apt knows no Debian mirror"
  [[ -n $mirror ]] || return 1
  why_not="$keys is missing: apt-get install debian-archive-keyring"
  [[ -r $keys ]] || return 1
  mkdir -p "$sid"/{lists,cache,download}
  mkdir -p "$sid"/lists/partial "$sid"/cache/archives/partial
  echo "deb [signed-by=$keys] $mirror sid main" >"$sid/sources.list"
  apt=(apt-get -qq -o Dir::Etc::SourceList="$sid/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$sid/lists" -o Dir::Cache="$sid/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none)
  rm -f "$sid/download/$1"_*.deb
  why_not="$mirror does not answer for sid"
  { "${apt[@]}" update && (cd "$sid/download" && "${apt[@]}" download "$1"); } >"$sid/apt.log" 2>&1 || return 1
  deb=$(echo "$sid/download/$1"_*.deb)
  why_not="the package from sid does not run here"
  dpkg -x "$deb" "$sid/root" && "$sid/root/usr/bin/$1" --version >/dev/null 2>&1 || return 1
  dpkg-deb -f "$deb" Version >"$sid/$1.version"
}

# ---- what the figures were measured on

note_busy_machine() {
  local load
  read -r load _ </proc/loadavg
  awk -v load="$load" -v cores="$(nproc)" 'BEGIN { exit !(load > cores / 4) }' || return 0
  notes+=("other programs were at work when the run began (load average $load): the figures are less than the machine can do")
  echo "  note: ${notes[-1]}"
}

note_versions() { # NAME: what only a running daemon tells
  [[ $1 == wg-netty* && -z $jdk ]] || return 0
  local release
  release=$(dirname "$(dirname "$(readlink -f "/proc/${daemon[right]}/exe")")")/release
  # shellcheck disable=SC1090 # a list of NAME="VALUE"
  jdk=$(source "$release" && echo "${IMPLEMENTOR:-} ${JAVA_RUNTIME_VERSION:-$JAVA_VERSION}")
}

note_cipher() { # NAME: what it seals with; a node knows that some seconds after its start
  local cipher
  [[ ${peer_version[$1]} != *", cipher "* ]] || return 0
  case $1 in
    wg-netty*) cipher=$("$home/bin/wg-netty" show wgb-right 2>/dev/null | sed -nE 's/^ *cipher: //p') ;;
    wireguard-go) cipher="golang.org/x/crypto" ;;
    boringtun) cipher="ring" ;;
    kernel) cipher="the kernel's" ;;
  esac
  peer_version[$1]+=", cipher ${cipher:-unknown}"
}

describe_machine() { # one line of JSON
  local name versions=()
  for name in "${peers[@]}"; do versions+=("$name=${peer_version[$name]}"); done
  python3 "$parts/machine.py" --date "$stamp" --revision "$(revision)" --jdk "$jdk" --rounds "$rounds" \
    --seconds "$seconds" --warm-up "$warm_s" --versions "${versions[@]}" --notes "${notes[@]}"
}
