#!/bin/bash
# Completion as it is met at a prompt: real shells on a terminal, in which keys are pressed.
#
# usage: shells.sh ours
. "$(dirname "$0")/lib.sh"

PATH=$(dirname "$ours"):$PATH

prepare() {
  mkdir "$work/functions"
  "$ours" completion zsh >"$work/functions/_wg-netty"
  echo 'eval "$(wg-netty completion bash)"' >"$work/bash.rc"
  echo 'eval "$(wg-netty completion zsh)"' >"$work/zsh.rc"
  # As it is found when it is installed.
  printf '%s\n' "fpath=($work/functions \$fpath)" "autoload -Uz compinit; compinit -u -d $work/dump" >"$work/zsh-installed.rc"
}

completes() { # SHELL RC LINE RESULT: Tab behind the line makes it so
  "$interop/keys.py" "$1" "$2" "$3" | tee "$work/screen" | tail -1 >"$work/last"
  equals "$4" "$(<"$work/last")" "the line after Tab"
  lacks "$(cat "$work/screen")" "not found"
}

commands_and_values() { # SHELL RC
  completes "$1" "$2" "wg-netty rem" "wg-netty remove-peer"
  completes "$1" "$2" "wg-netty show --j" "wg-netty show --json"
  completes "$1" "$2" "wg-netty log-level wg0 verb" "wg-netty log-level wg0 verbose"
}

must "scripts for both shells" prepare
check "bash" commands_and_values bash "$work/bash.rc"
check "zsh" commands_and_values zsh "$work/zsh.rc"
check "zsh, where the script is installed" commands_and_values zsh "$work/zsh-installed.rc"
