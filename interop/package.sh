#!/bin/bash
# Packages as a stranger meets them: the tar, the Debian package and what the image is built of hold everything, run, and go
# without a trace; the same tree gives the same bytes.
#
# usage: package.sh ours
. "$(dirname "$0")/lib.sh"

: "${1:?}"
. "$home/bin/lib/distribution" # only for the version
name=wg-netty-$version-linux-$(uname -m)
tree=$work/$name
root=$work/root # where the Debian package is installed
installed=$root/usr/lib/wg-netty

everything() { # FILE...: each is there and not empty; a pattern has to have a match
  local pattern file
  for pattern; do
    for file in $pattern; do
      [[ -s $file ]] || { echo "missing: ${file#"$work"/}"; return 1; }
    done
  done
}

# ---- the tar

makes_a_tar() {
  "$home/bin/package" >"$work/file"
  cp "$(<"$work/file")" "$work/first.tar.gz"
  tar -xzf "$work/first.tar.gz" -C "$work"
}
holds_everything() { # TOP PROGRAM'S FOLDER
  everything "$2"/bin/wg-netty "$2"/bin/lib/{demo,distribution,rights,train,words} "$2"/runtime/bin/java \
    "$2/distribution/wg-netty-$version.jar" "$2"/distribution/native/{libjnidispatch,libnetty_*epoll*}.so \
    "$2"/distribution/licenses/{THIRD-PARTY.txt,Apache-2.0.txt,netty-NOTICE.txt} "$2/runtime/legal/java.base/LICENSE" \
    "$1"/share/man/man1/wg-netty.1.gz "$1"/share/man/man5/wg-netty.conf.5.gz \
    "$1/share/bash-completion/completions/wg-netty" "$1/share/zsh/site-functions/_wg-netty"
  # What the launcher reads beside itself, as it says.
  local part
  while read -r part; do
    everything "$2/bin/lib/$part"
  done < <(sed -n 's:^\. "$here/lib/\(.*\)"$:\1:p' "$2/bin/wg-netty")
  # Made by the first run: no two are alike.
  [[ ! -e $2/distribution/start-up.aot && ! -e $2/distribution/.trained ]]
}
tar_holds_everything() {
  holds_everything "$tree" "$tree"
  everything "$tree"/{LICENSE,NOTICE,README.md,CHANGELOG.md,SECURITY.md,docs/operating.md,docs/configuration.md} \
    "$tree/lib/systemd/system/wg-netty@.service"
  licences_for_every_library "$tree/distribution"
}
licences_for_every_library() { # DISTRIBUTION
  local jar
  for jar in "$1"/lib/*.jar; do
    jar=$(basename "$jar" .jar)
    [[ $jar != wg-* ]] || continue # ours
    grep -qF -- "$(sed 's/-[0-9].*//' <<<"$jar")" "$1/licenses/THIRD-PARTY.txt" || { echo "no licence named for $jar"; return 1; }
  done
}
renders() { # PAGE: without a warning, and the index of manual pages can be made of it
  man --warnings=w -E UTF-8 -l "$1" >"$work/page" 2>"$work/warnings"
  equals "" "$(<"$work/warnings")" "warnings of man"
  everything "$work/page"
  lexgrog "$1"
}
manual_renders() { # SHARE
  renders "$1/man/man1/wg-netty.1.gz"
  contains "$(<"$work/page")" "add-peer"
  renders "$1/man/man5/wg-netty.conf.5.gz"
  contains "$(<"$work/page")" "PersistentKeepalive"
}
completions_load() { # SHARE
  bash -c ". '$1/bash-completion/completions/wg-netty'; complete -p wg-netty" >"$work/said"
  contains "$(<"$work/said")" _complete_wg-netty
  equals "#compdef wg-netty" "$(head -1 "$1/zsh/site-functions/_wg-netty")" "the first line for zsh"
}

works_here() { # PROGRAM: an interface from its file to its end
  local file
  file=$work/$(iface a).conf
  equals "wg-netty $version" "$("$1" --version | head -1)" "the version"
  (umask 077 && printf '[Interface]\nPrivateKey = %s\nAddress = 10.0.0.1/24\n' "$("$1" genkey)" >"$file")
  on a "$1" check "$file"
  on a "$1" up "$file"
  on a "$1" show "$(iface a)" >"$work/said"
  contains "$(<"$work/said")" "$(iface a)"
  fails on a "$1" stop
  contains "$(<"$work/said")" "there is no command stop"
  on a "$1" down "$(iface a)"
}

same_bytes() {
  "$home/bin/package" >"$work/file"
  cmp "$work/first.tar.gz" "$(<"$work/file")"
}
checksums_fit() {
  (cd "$home/target" && sha256sum -c SHA256SUMS) >"$work/said"
  contains "$(<"$work/said")" "$name.tar.gz: OK"
  contains "$(<"$work/said")" ".deb: OK"
}
materials_are_listed() { # Maven makes the list when it may look at the net
  local bill=$home/target/wg-netty-$version.cdx.json
  [[ -e $bill ]] || { echo "no bill of materials: built offline"; return 0; }
  python3 - "$bill" "$tree/distribution/lib" <<'BILL'
import json, os, sys
named = {f"{c['name']}-{c['version']}" for c in json.load(open(sys.argv[1]))["components"]}
missing = [jar for jar in os.listdir(sys.argv[2]) if not jar.startswith("wg-") and not any(jar[:-4].startswith(n) for n in named)]
sys.exit(f"not in the bill of materials: {missing}" if missing else 0)
BILL
}

# ---- the Debian package

makes_a_deb() {
  "$home/bin/package" --deb >"$work/file"
  cp "$(<"$work/file")" "$work/first.deb"
  dpkg-deb --info "$work/first.deb"
}
into_the_root() { # WORDS OF dpkg: as root of a machine whose files are all below one folder
  dpkg --root="$root" --force-script-chrootless --force-depends --force-unsafe-io --log="$work/dpkg.log" "$@"
}
installs() {
  mkdir -p "$root/var/lib/dpkg"/{info,updates,triggers}
  touch "$root/var/lib/dpkg"/{status,available}
  find "$root" ! -path "$root/var/*" | sort >"$work/before"
  into_the_root -i "$work/first.deb"
  (cd "$root" && md5sum --quiet -c var/lib/dpkg/info/wg-netty.md5sums)
}
deb_holds_everything() {
  dpkg-deb -x "$work/first.deb" "$work/unpacked"
  holds_everything "$work/unpacked/usr" "$work/unpacked/usr/lib/wg-netty"
  local documents=$work/unpacked/usr/share/doc/wg-netty
  everything "$documents"/{copyright,changelog.gz,NOTICE,README.md,docs/operating.md} \
    "$work/unpacked/usr/lib/systemd/system/wg-netty@.service"
  licences_for_every_library "$work/unpacked/usr/lib/wg-netty/distribution"
  grep -q "^ExecStart=/usr/bin/wg-netty " "$work/unpacked/usr/lib/systemd/system/wg-netty@.service"
  # Nothing else than root's, and nothing that others may write.
  dpkg-deb -c "$work/first.deb" | awk '$2 != "root/root" || ($1 !~ /^l/ && substr($1, 9, 1) == "w") {print; bad = 1} END {exit bad}'
}
cache_was_made() { everything "$installed/distribution/start-up.aot"; }
leaves_nothing() {
  into_the_root --purge wg-netty
  find "$root" ! -path "$root/var/*" | sort | diff "$work/before" -
}

# ---- the image: its first stage, without Docker

builds_as_the_image_does() {
  local stage=$work/image line words from to
  mkdir "$stage"
  while read -r line; do
    case $line in
      COPY\ *)
        read -ra words <<<"${line#COPY }"
        to=$stage/${words[-1]}
        for from in "${words[@]:0:${#words[@]}-1}"; do
          [[ ! -d $home/$from ]] || { mkdir -p "$to" && tar -C "$home/$from" --exclude=target -cf - . | tar -C "$to" -xf - && continue; }
          [[ ${words[-1]} != */ ]] || mkdir -p "$to"
          cp -a "$home/$from" "$to"
        done
        ;;
      RUN\ apt-get*) ;;
      RUN\ *) (cd "$stage" && bash -ec "${line#RUN }") ;;
    esac
  done < <(sed -n ':line; /\\$/ {N; s/\\\n//; b line}; /^FROM .* AS build/,/^FROM debian:[^ ]*$/p' "$home/docker/Dockerfile" |
    sed "s:/opt/wg-netty:$work/opt:g")
  everything "$work/opt/bin/wg-netty" "$work/opt/distribution/start-up.aot" "$work/opt"/distribution/licenses/THIRD-PARTY.txt
  [[ -z $("$work/opt/bin/wg-netty" man 5 2>&1 >"$work/page") ]]
  contains "$(<"$work/page")" "PersistentKeepalive"
  # Built apart from the tree, of the same files.
  cmp "$work/opt/distribution/wg-netty-$version.jar" "$tree/distribution/wg-netty-$version.jar"
}

host a
must "a tar is made" makes_a_tar
check "it holds all that it needs, and the licences" tar_holds_everything
check "another one has the same bytes" same_bytes
check "its manual pages render without a warning" manual_renders "$tree/share"
check "its completions load" completions_load "$tree/share"
check "unpacked it runs: an interface from its file to its end" works_here "$tree/bin/wg-netty"
must "a Debian package is made" makes_a_deb
check "it holds all that it needs, for root only to write" deb_holds_everything
check "the checksums fit" checksums_fit
check "the bill of materials names every library" materials_are_listed
must "it installs" installs
check "installing it makes the start-up cache" cache_was_made
check "installed it runs: an interface from its file to its end" works_here "$root/usr/bin/wg-netty"
check "removed it leaves nothing" leaves_nothing
check "what the image copies builds a program that runs, of the same bytes" builds_as_the_image_does
