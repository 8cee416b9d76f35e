# shellcheck shell=bash
# Part of bin/bench. What is measured at the moment, what came out, and how long it will still take.

expected_s=0 # of the steps that are to come, as planned
planned_s=0  # of the steps that are done, as planned
progress_since=$SECONDS

begin_progress() {
  local load turn_s
  turn_s=$(warm_up_s)
  for load in "${loads[@]}"; do turn_s=$((turn_s + $(load_s "$load"))); done
  expected_s=$((turn_s * rounds * ${#peers[@]}))
  progress_since=$SECONDS
  echo "rounds: $rounds, implementations: ${#peers[@]}, loads: ${#loads[@]}"
}

begin_turn() { # ROUND NAME
  turn_title="round $1 of $rounds, $2"
  clear_status
  echo "$turn_title ($(time_left) left)"
  show_step "starting"
}

time_left() {
  local left_s=$expected_s
  # The plan is corrected by what the steps so far took in truth.
  ((planned_s == 0)) || left_s=$((expected_s * (SECONDS - progress_since) / planned_s))
  if ((left_s >= 90)); then echo "about $(((left_s + 30) / 60)) min"; else echo "about $left_s s"; fi
}

show_step() { # WHAT
  [[ ! -t 1 ]] || printf '\r\033[K  %s: %s ... %s left' "$turn_title" "$1" "$(time_left)"
}

show_figure() { # FIGURE VALUE
  clear_status
  printf '  %-12s %s\n' "$1" "${2/#null/failed}"
}

done_step() { # SECONDS that were planned for it
  planned_s=$((planned_s + $1))
  expected_s=$((expected_s - $1))
}

clear_status() { [[ ! -t 1 ]] || printf '\r\033[K'; }
end_progress() { clear_status; }
