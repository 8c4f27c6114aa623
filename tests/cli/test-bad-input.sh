#!/bin/sh
# SPDX-License-Identifier: MIT
# Each kind of bad input gives one line that names the culprit, exit status 1, and nothing half-written.
set -eu
. "$2/cli/lib.sh"
fixtures=$tests/fixtures
mkdir "$work/pictures"
cp "$fixtures"/pictures/*.png "$fixtures"/pictures/ramp.jpg "$work/pictures"
head -c "$(($(wc -c <"$work/pictures/ramp.jpg") * 2 / 3))" "$work/pictures/ramp.jpg" >"$work/pictures/truncated.jpg"

# No file, no picture, cut pictures.
expect 1 "$work/nowhere" "$contrawarp" dataset scan "$work/nowhere"
mkdir "$work/empty"
expect 1 "$work/empty" "$contrawarp" dataset scan "$work/empty"
expect 1 'no-such.png' "$contrawarp" augment "$work/no-such.png" -o "$work/out"
expect 1 'truncated.jpg' "$contrawarp" augment "$work/pictures/truncated.jpg" -o "$work/out"
expect 1 'text.png' "$contrawarp" augment "$fixtures/pictures/text.png" -o "$work/out"
expect 1 '--sheet warp.magnitude-max=0.02:5: [warp]: magnitude-max = 5 is outside' \
  "$contrawarp" augment "$fixtures/pictures/grey.png" -o "$work/out" --sheet warp.magnitude-max=0.02:5
expect 2 'expected SECTION.KEY=FROM:TO' \
  "$contrawarp" augment "$fixtures/pictures/grey.png" -o "$work/out" --sheet warp.magnitude-max=0.02
expect 2 'expected SECTION.KEY=FROM:TO' \
  "$contrawarp" augment "$fixtures/pictures/grey.png" -o "$work/out" --sheet warp.magnitude-max=weak:strong
[ ! -e "$work/out" ] || fail 'augment left a folder'

# A picture that cannot be read is listed with its reason and stops nothing.
"$contrawarp" dataset scan "$work/pictures" --json >"$work/scan.json"
json "$work/scan.json" "sorted(r['name'] for r in o['rejected'])" | grep -q 'truncated.jpg'
json "$work/scan.json" "sorted(r['name'] for r in o['rejected'])" | grep -q 'text.png'
"$contrawarp" dataset scan "$work/pictures" | grep -qx '  truncated.jpg: cut short: .*' || fail 'a name is told twice'
[ "$(json "$work/scan.json" "o['items'] > 2")" = True ] || fail 'no items beside the refused ones'

# A csv without a column.
mkdir "$work/csv"
printf 'emotion,Usage\n0,Training\n' >"$work/csv/fer2013.csv"
expect 1 "pixels" "$contrawarp" dataset scan "$work/csv/fer2013.csv"

# Experiments.
expect 1 "$work/none.cwexp" "$contrawarp" train "$work/none.cwexp" --run "$work/run"
expect 1 "no-such-preset" "$contrawarp" train no-such-preset --run "$work/run"
printf '[objective]\ntype=simclr\ntemperatur=0.2\n' >"$work/key.cwexp"
expect 1 "unknown key 'temperatur' in [objective] of $work/key.cwexp" \
  "$contrawarp" train "$work/key.cwexp" --run "$work/run"
printf '[objective]\ntype=simclr\ntemperature=-3\n' >"$work/range.cwexp"
expect 1 'temperature = -3 is outside' "$contrawarp" train "$work/range.cwexp" --run "$work/run"
printf '[optimiser]\ntype=adamw\n' >"$work/section.cwexp"
expect 1 'optimiser' "$contrawarp" train "$work/section.cwexp" --run "$work/run"
printf '[encoder]\ntype=resnet99\n' >"$work/type.cwexp"
expect 1 'resnet99' "$contrawarp" train "$work/type.cwexp" --run "$work/run"
printf '[warp]\nstrokes=push 0.5 0.5 0.1 0.1 0; swirl 0.5 0.5 0.1\ntype=painted\n' >"$work/painted.cwexp"
expect 1 "strokes in [warp] of $work/painted.cwexp: dab 2: strength is missing" \
  "$contrawarp" train "$work/painted.cwexp" --run "$work/run"
expect 1 'strokes in [warp]: nothing is painted' \
  "$contrawarp" train generated-demo --set warp.type=painted --set warp.strokes= --run "$work/run"
printf 'not a key file\n' >"$work/text.cwexp"
expect 1 "$work/text.cwexp" "$contrawarp" train "$work/text.cwexp" --run "$work/run"
expect 1 'view.size' "$contrawarp" train generated-demo --set view.size=huge --run "$work/run"
expect 2 '--set size' "$contrawarp" train generated-demo --set size --run "$work/run"
printf '[warp]\nturns=2\n' >"$work/part.cwexp"
expect 1 "unknown key 'turns' in [warp] of $work/part.cwexp" \
  "$contrawarp" train generated-demo --apply "$work/part.cwexp" --run "$work/run"
[ ! -e "$work/run" ] || fail 'a run folder was left behind'

# Run folders: read-only, taken, not a run.
if [ "$(id -u)" != 0 ]; then
  mkdir "$work/locked"
  chmod 500 "$work/locked"
  # shellcheck disable=SC2086
  expect 1 "$work/locked/run" "$contrawarp" train generated-demo $tiny --run "$work/locked/run"
  [ -z "$(ls "$work/locked")" ] || fail 'something was written in a read-only folder'
fi
expect 1 "/proc/run" "$contrawarp" train generated-demo --run /proc/run
expect 1 "$work/csv" "$contrawarp" train generated-demo --run "$work/csv"
expect 1 "$work/empty" "$contrawarp" train --resume --run "$work/empty"
expect 1 "$work/empty" "$contrawarp" run show "$work/empty"
expect 2 'two runs' "$contrawarp" run compare "$work/empty"
expect 1 "$work/empty" "$contrawarp" run compare "$work/empty" "$work/empty"

# Models: none, another architecture, cut in half.
# shellcheck disable=SC2086
"$contrawarp" train generated-demo $tiny --set schedule.epochs=1 --run "$work/good" --json >"$work/train.json"
checkpoint=$(ls "$work"/good/checkpoints/*.safetensors | tail -n 1)
expect 1 "$work/nowhere" "$contrawarp" evaluate --model "$work/nowhere" 'generated:faces?n=64&size=48'
head -c "$(($(wc -c <"$checkpoint") / 2))" "$checkpoint" >"$work/half.safetensors"
expect 1 "$work/half.safetensors" \
  "$contrawarp" evaluate --model "$work/half.safetensors" 'generated:faces?n=64&size=48'
sed 's/"contrawarp.encoder":"small"/"contrawarp.encoder":"bogus"/' "$checkpoint" >"$work/other.safetensors"
expect 1 'bogus' "$contrawarp" evaluate --model "$work/other.safetensors" 'generated:faces?n=64&size=48'
printf 'hello' >"$work/text.safetensors"
expect 1 "$work/text.safetensors" \
  "$contrawarp" embed --model "$work/text.safetensors" 'generated:faces?n=64' -o "$work/e.npy"
[ ! -e "$work/e.npy" ] || fail 'embeddings were written without a model'
expect 2 'ends in .npy' "$contrawarp" embed --model "$work/good" 'generated:faces?n=64' -o "$work/e"
expect 1 "$work/none.npy" "$contrawarp" search --embeddings "$work/none.npy" --query x

# Export, and weights to begin with.
expect 1 "$work/text.safetensors" "$contrawarp" export --model "$work/text.safetensors" -o "$work/x.safetensors"
[ ! -e "$work/x.safetensors" ] || fail 'something was exported without a model'
expect 1 '/proc/arrays' "$contrawarp" export --model "$work/good" --to npy -o /proc/arrays
expect 1 "$work/csv is not empty" "$contrawarp" export --model "$work/good" --to npy -o "$work/csv"
[ "$(ls "$work/csv")" = fer2013.csv ] || fail 'arrays among other files'
# shellcheck disable=SC2086
expect 1 "conv1.weight' is [8, 3, 3, 3], encoder 'small' has [9, 3, 3, 3]" \
  "$contrawarp" train generated-demo $tiny --set encoder.width=9 --set "encoder.weights=$checkpoint" \
  --run "$work/wide"

# Unlabelled data cannot be scored, and says so.
mkdir "$work/plain"
cp "$fixtures"/pictures/grey*.png "$work/plain/"
expect 1 '--options labels=folder' "$contrawarp" evaluate --model "$work/good" "$work/plain"

# Networks, norms and curves that are not there.
expect 1 'choose the online encoder' \
  "$contrawarp" evaluate --model "$work/good" --encoder target 'generated:faces?n=64&size=48'
expect 1 'choose the online encoder' "$contrawarp" run rank "$work/good" 'generated:faces?n=64' --encoder target
expect 2 "no curve 'shake'" \
  "$contrawarp" evaluate --model "$work/good" 'generated:faces?n=64' --robustness --curves rotation,shake
"$contrawarp" embed --model "$work/good" "$work/pictures" -o "$work/some.npy" >/dev/null 2>"$work/stderr"
grep -q '^contrawarp: truncated.jpg: cannot be read' "$work/stderr" || fail "embed: $(cat "$work/stderr")"
expect 2 '--norm none is not one of running, batch' \
  "$contrawarp" embed --model "$work/good" 'generated:faces?n=64' -o "$work/e.npy" --norm none
expect 2 '--encoder best is not one of online, target' \
  "$contrawarp" evaluate --model "$work/good" --encoder best 'generated:faces?n=64'
expect 2 '--robustness' "$contrawarp" evaluate --model "$work/good" --curves blur 'generated:faces?n=64'
"$contrawarp" embed --model "$work/good" 'generated:faces?n=64&size=48' -o "$work/batch.npy" --norm batch >/dev/null
expect 1 'embed again with --norm running' \
  "$contrawarp" search --embeddings "$work/batch.npy" --query "$fixtures/pictures/grey.png"
# Parameters of evaluators: a wrong one, one out of its range, one of an evaluator that is not run; data that
# lacks what the only one needs.
for set in 'knn.kk=3' 'knn.k=0' 'low-shot.seeds=3' 'fine-tune.epochs=3'; do
  expect 1 "${set%%=*}" "$contrawarp" evaluate --model "$work/good" 'generated:faces?n=64&size=48' \
    --set knn.temperature=0.1 --set "$set"
done
expect 2 '--set knn' "$contrawarp" evaluate --model "$work/good" 'generated:faces?n=64&size=48' --set knn
expect 2 "no 'kmn' among the evaluators" \
  "$contrawarp" evaluate --model "$work/good" 'generated:faces?n=64&size=48' --protocol kmn
expect 1 'triplets: it needs triplets' \
  "$contrawarp" evaluate --model "$work/good" 'generated:faces?n=64&size=48' --protocol triplets

# Generator parameters.
expect 1 "bogus" "$contrawarp" dataset scan 'generated:faces?bogus=1'
expect 1 "n = -5" "$contrawarp" dataset scan 'generated:faces?n=-5'
expect 1 'seed = 2147483648 is outside 0 to 2147483647' "$contrawarp" dataset scan 'generated:faces?seed=2147483648'
expect 1 "the reader 'ferplus' cannot read such an address" "$contrawarp" dataset scan 'generated:faces?n=4' -r ferplus

# Where faces are, which every reader takes; the last value counts.
expect 1 'face = 0.1,0.2; expected LEFT,TOP,WIDTH,HEIGHT' \
  "$contrawarp" dataset scan 'generated:faces?n=4' -O 'face=0,0,1,1&face=0.1,0.2'

# Plugins: wrong interface version, not a plugin, not a module: told, and the program goes on.
plugins=$work/plugins
mkdir "$plugins"
cp "$CONTRAWARP_BAD_ABI_PLUGIN" "$plugins/bad-abi.so"
printf 'text' >"$plugins/text.so"
CONTRAWARP_PLUGIN_PATH=$plugins "$contrawarp" plugins list --json >"$work/plugins.json" 2>"$work/stderr"
grep -q "bad-abi.so: made for interface version 99, this program has" "$work/stderr" ||
  fail 'wrong ABI is not named'
grep -q 'text.so' "$work/stderr" || fail 'a broken module is not named'
[ "$(json "$work/plugins.json" "len(o['plugins'])")" = 2 ] || fail 'plugins list'

# A run that never began leaves nothing, and an empty folder as it was; others stand in the way of the next try.
# shellcheck disable=SC2086
expect 1 'lower schedule.batch' "$contrawarp" train generated-demo $tiny --set schedule.batch=512 --run "$work/again"
[ ! -e "$work/again" ] || fail 'a run that never began has a folder'
mkdir "$work/again"
# shellcheck disable=SC2086
expect 1 'lower schedule.batch' "$contrawarp" train generated-demo $tiny --set schedule.batch=256 --run "$work/again"
[ -z "$(ls -A "$work/again")" ] || fail 'a run that never began left files'
# shellcheck disable=SC2086
"$contrawarp" train generated-demo $tiny --set schedule.epochs=1 --set schedule.warmup=0 --run "$work/again" >/dev/null
"$contrawarp" run show "$work/again" --json >"$work/again.json"
[ "$(json "$work/again.json" "(o['state'], o['steps'])")" = "('finished', 6)" ] || fail 'the second try'
grep -q failed "$work/again.json" && fail 'the first try is still there'
# shellcheck disable=SC2086
expect 1 'not empty' "$contrawarp" train generated-demo $tiny --run "$work/again"
# Of a run without a step nothing is said about its health.
cp -r "$work/again" "$work/idle"
python3 -c "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('DELETE FROM metrics'); db.commit()" \
  "$work/idle/run.db"
"$contrawarp" run show "$work/idle" >"$work/idle.txt"
grep -q '^health' "$work/idle.txt" && fail 'a health without a step'
mkdir "$work/note"
cp "$work/again/experiment.cwexp" "$work/note"
printf 'mine' >"$work/note/note.txt"
expect 1 'not empty' "$contrawarp" train generated-demo --run "$work/note"

# Runs without a name that begin at the same time.
mkdir "$work/cwd"
for i in 1 2 3 4; do
  # shellcheck disable=SC2086
  (cd "$work/cwd" && exec "$contrawarp" train generated-demo $tiny --set schedule.epochs=1 --set schedule.warmup=0 \
    >/dev/null 2>"$work/stderr-$i") &
done
wait
cat "$work"/stderr-?
"$contrawarp" run list "$work/cwd/runs" --json >"$work/list.json"
[ "$(json "$work/list.json" "[r['state'] for r in o['runs']]")" = "['finished', 'finished', 'finished', 'finished']" ] ||
  fail 'runs of one name'

# What is typed is taken by its bytes, whatever the locale.
expect 1 'ü: no such file' env LC_ALL=C "$contrawarp" train generated-demo --set 'data.location=ü' --run "$work/run"
expect 1 "ü" env LC_ALL=C "$contrawarp" dataset scan 'generated:faces?n=4' -O 'ü=1'
expect 1 "ü" env LC_ALL=C "$contrawarp" dataset scan 'generated:faces?n=4' -r 'ü'
expect 2 'in UTF-8' "$contrawarp" train generated-demo --set "$(printf 'data.location=\374')" --run "$work/run"
[ ! -e "$work/run" ] || fail 'a run folder was left behind'

# A result that cannot be written.
full () { "$@" >/dev/full; }
for command in --version 'ops list --json' 'dataset scan generated:faces?n=4' "run show $work/good --json"; do
  # shellcheck disable=SC2086
  expect 1 'cannot write to standard output' full "$contrawarp" $command
done

# Usage errors end with 2.
expect 2 'unknown command' "$contrawarp" frobnicate
expect 2 'no command' "$contrawarp"
expect 2 'epochs' "$contrawarp" train generated-demo --epochs 3
expect 2 'too many' "$contrawarp" dataset scan a b c
expect 2 '--model' "$contrawarp" evaluate 'generated:faces'
expect 2 'onnx is not one of safetensors, npy' "$contrawarp" export --model x --to onnx -o y
expect 2 'there are: augment, conv, loader, search, step' "$contrawarp" bench frobnicate
expect 2 'out of range' "$contrawarp" bench search --n 0
expect 2 '--resume' "$contrawarp" train --resume
expect 2 '--apply' "$contrawarp" train --resume --run "$work/good" --apply "$work/part.cwexp"
expect 2 "leave out 'byol-warp'" "$contrawarp" train byol-warp --resume --run "$work/good"
expect 1 'encoder.weights' "$contrawarp" train --resume --run "$work/good"
expect 2 'for show --json' "$contrawarp" run list --metrics
expect 2 'for show --json' "$contrawarp" run show "$work/good" --metrics
expect 2 '--scores and --against are for compare' "$contrawarp" run show "$work/good" --scores linear.accuracy
expect 2 'are for rank' "$contrawarp" run compare "$work/good" "$work/again" --seed 4
for command in demo dataset augment train embed evaluate search export run plugins ops bench; do
  "$contrawarp" $command --help | grep -q 'Usage:' || fail "$command --help"
done
