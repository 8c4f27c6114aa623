#!/bin/sh
# SPDX-License-Identifier: MIT
# kill -9 in mid-epoch, then --resume: the same weights, bit for bit, as never stopped; and the same for one
# and two threads. Without a target, with one, and with a state of the objective.
set -eu
. "$2/cli/lib.sh"

for objective in simclr byol moco; do
  # Long enough to be killed in the middle; a checkpoint every half epoch.
  set -- $tiny --set objective.type=$objective --set schedule.epochs=8 --set run.checkpoint-every=0.5
  "$contrawarp" train generated-demo "$@" --threads 1 --run "$work/$objective-1" --json >"$work/1.json"
  "$contrawarp" train generated-demo "$@" --threads 2 --run "$work/$objective-2" --json >"$work/2.json"
  want=$(json "$work/1.json" "o['weights_sha256']")
  [ "${#want}" = 64 ] || fail "no hash: $want"
  [ "$want" = "$(json "$work/2.json" "o['weights_sha256']")" ] || fail "$objective: 1 and 2 threads differ"

  "$contrawarp" train generated-demo "$@" --run "$work/$objective-k" >/dev/null 2>&1 &
  pid=$!
  # Killed once at least two checkpoints are there (several epochs are left).
  tries=0
  while [ "$(ls "$work/$objective-k/checkpoints" 2>/dev/null | grep -c safetensors || true)" -lt 2 ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || fail 'no checkpoint appeared'
    kill -0 $pid 2>/dev/null || break
    sleep 0.05
  done
  kill -9 $pid 2>/dev/null || true
  wait $pid 2>/dev/null || true
  # As if it had been killed while it saved.
  : >"$work/$objective-k/state/step-00000009.safetensors.7FVJZ3"
  : >"$work/$objective-k/checkpoints/step-00000009.safetensors.abc123"
  : >"$work/$objective-k/state/notes.7FVJZ3"
  "$contrawarp" train --run "$work/$objective-k" --resume --json >"$work/k.json"
  [ "$want" = "$(json "$work/k.json" "o['weights_sha256']")" ] ||
    fail "$objective: resumed after kill -9 differs from never stopped"
  [ "$(find "$work/$objective-k" -name '*.??????' -printf '%f\n')" = notes.7FVJZ3 ] ||
    fail "$objective: what was half-written is still there, or more is gone"
done

# Interrupted by SIGINT: ends with 130 after a checkpoint; resumes to the same weights.
"$contrawarp" train generated-demo "$@" --run "$work/int" >/dev/null 2>"$work/stderr" &
pid=$!
while [ "$(ls "$work/int/checkpoints" 2>/dev/null | grep -c '^step-.*safetensors$' || true)" -lt 2 ] &&
  kill -0 $pid 2>/dev/null; do sleep 0.05; done
kill -INT $pid
status=0
wait $pid || status=$?
if [ $status != 0 ]; then
  [ $status = 130 ] || fail "status $status after an interrupt"
  grep -q -- '--resume' "$work/stderr" || fail 'no word of how to go on'
  # Without a checkpoint that can be read it fails and changes nothing; with the one before the last it says so.
  cp -r "$work/int/checkpoints" "$work/good"
  for file in "$work/int/checkpoints"/*; do echo broken >"$file"; done
  "$contrawarp" run show "$work/int" --json >"$work/before.json"
  if "$contrawarp" train --run "$work/int" --resume 2>"$work/stderr"; then fail 'began again'; fi
  grep -q '^contrawarp: no checkpoint of .*start a new run' "$work/stderr" || fail 'no word of broken checkpoints'
  "$contrawarp" run show "$work/int" --json >"$work/after.json"
  cmp "$work/before.json" "$work/after.json" || fail 'a run that cannot be resumed was changed'
  last=$(ls "$work/good" | tail -n 1)
  for file in $(ls "$work/good"); do
    [ "$file" = "$last" ] || cp "$work/good/$file" "$work/int/checkpoints/"
  done
  "$contrawarp" train --run "$work/int" --resume --json >"$work/int.json" 2>"$work/stderr"
  grep -q "^contrawarp: goes on from step .*$last" "$work/stderr" || fail 'a skipped checkpoint is not told'
  [ "$want" = "$(json "$work/int.json" "o['weights_sha256']")" ] || fail 'resumed after SIGINT differs'
fi

# Interrupted, with OpenBLAS's threads, which block no signal: ends with 130 after a checkpoint, and says how to
# go on; resumes to the same weights.
unset OPENBLAS_NUM_THREADS
signals='INT TERM HUP'
# Where all of this was begun by nohup, the program leaves it ignored.
[ -z "$(sh -c 'kill -HUP $$; echo ignored' 2>/dev/null)" ] || signals='INT TERM'
for signal in $signals; do
  "$contrawarp" train generated-demo "$@" --set schedule.epochs=30 --run "$work/$signal" >/dev/null \
    2>"$work/stderr" &
  pid=$!
  while [ -z "$(ls "$work/$signal/checkpoints" 2>/dev/null)" ] && kill -0 $pid 2>/dev/null; do sleep 0.05; done
  kill -$signal $pid
  status=0
  wait $pid || status=$?
  [ $status = 130 ] || fail "status $status after SIG$signal: $(cat "$work/stderr")"
  grep -q -- '--resume' "$work/stderr" || fail "SIG$signal: no word of how to go on"
  "$contrawarp" run show "$work/$signal" --json >"$work/$signal.json"
  ls "$work/$signal/checkpoints" | grep -q "^step-0*$(json "$work/$signal.json" "o['steps']")\." ||
    fail "SIG$signal: no checkpoint of the last step"
  "$contrawarp" train --run "$work/$signal" --resume --json >"$work/$signal.json"
  [ "$(json "$work/$signal.json" "(o['state'], o['weights_sha256'])")" = \
    "$(json "$work/${first:=$signal}.json" "('finished', o['weights_sha256'])")" ] ||
    fail "resumed after SIG$signal differs from after SIG$first"
done

# What is noticed of a run's health is told once, on stderr, and kept.
"$contrawarp" train generated-demo $tiny --set objective.type=byol --set heads.predictor=none \
  --run "$work/ill" --json >/dev/null 2>"$work/stderr"
[ "$(grep -c '^contrawarp: step 0: .*(warning, no-predictor)$' "$work/stderr")" = 1 ] ||
  fail "not told once: $(cat "$work/stderr")"
"$contrawarp" run show "$work/ill" --json >"$work/ill.json"
[ "$(json "$work/ill.json" "o['health']['flags'][0]['cause']")" = no-predictor ] || fail 'no flag'
"$contrawarp" run show "$work/ill" >"$work/ill.txt"
grep -q '^0 health warning no-predictor: ' "$work/ill.txt" || fail 'no event'
grep -q '^health: ' "$work/ill.txt" || fail 'no health'
