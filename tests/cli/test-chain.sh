#!/bin/sh
# SPDX-License-Identifier: MIT
# The chain through the command line: scan, augment, train, embed, evaluate, search, run; keys that scripts
# rely on.
set -eu
. "$2/cli/lib.sh"
data='generated:faces?n=96&size=48&per-subject=8'

"$contrawarp" dataset scan "$data" --json >"$work/scan.json"
[ "$(json "$work/scan.json" "(o['layout'], o['items'], o['subjects'], sum(o['labels'].values()))")" = \
  "('generated', 96, 12, 96)" ] || fail "scan: $(cat "$work/scan.json")"

# shellcheck disable=SC2086
"$contrawarp" train generated-demo $tiny --run "$work/run" --json >"$work/train.json"
[ "$(json "$work/train.json" "(o['steps'], o['epochs'], o['images_per_second'] > 0)")" = "(18, 3.0, True)" ] ||
  fail "train: $(cat "$work/train.json")"
ls "$work"/run/checkpoints/*.safetensors "$work"/run/state/*.safetensors "$work/run/run.db" \
  "$work/run/experiment.cwexp" >/dev/null

# A warp that was painted; the run keeps it.
strokes='push 0.3 0.8 0.15 -0.05 -0.05; swirl 0.6 0.4 0.2 0.5; smooth 0.3 0.8 0.1 0.5'
# shellcheck disable=SC2086
"$contrawarp" train generated-demo $tiny --set warp.type=painted --set "warp.strokes=$strokes" --set warp.mirror=0.5 \
  --set schedule.epochs=1 --set schedule.batch=48 --set view.crop.scale-min=0.95 --set view.crop.scale-max=0.9 \
  --run "$work/painted" --json >"$work/painted.json" 2>"$work/painted.err"
grep -q '^contrawarp: view.crop.scale-min: .*view.crop.scale-max' "$work/painted.err" ||
  fail 'an inverted range is not remarked by its keys'
[ "$(json "$work/painted.json" "o['steps']")" = 2 ] || fail "painted: $(cat "$work/painted.json")"
grep -qxF "strokes=$strokes" "$work/painted/experiment.cwexp" || fail 'the run does not keep the strokes'
rm -r "$work/painted"
# shellcheck disable=SC2086
for set in '' '--set warp.count=2'; do
  "$contrawarp" train generated-demo $tiny --set objective.negative=none --set schedule.epochs=1 --set schedule.warmup=0 \
    $set --run "$work/none" >/dev/null 2>"$work/none.err"
  [ "$(grep -c '^contrawarp: warp.count: ' "$work/none.err")" = "$(echo $set | grep -c .)" ] ||
    fail "remarks: $(cat "$work/none.err")"
  rm -r "$work/none"
done

"$contrawarp" evaluate --model "$work/run" "$data" --json >"$work/evaluate.json"
json "$work/evaluate.json" "[o[c][p][s] for c in ('trained', 'random_init', 'pixels') for p, s in
  (('linear', 'accuracy'), ('linear', 'macro_recall'), ('knn', 'accuracy'), ('knn', 'macro_recall'),
   ('retrieval', 'p_at_10'), ('retrieval', 'p_at_10_other_subject'))] and
  (0 < o['majority'] < 1 and o['n_train'] + o['n_test'] == 96)" | grep -qx True || fail 'evaluate keys'
"$contrawarp" evaluate --model "$work/run" "$data" --protocol knn | grep -qi knn
json "$work/evaluate.json" "all(o['trained']['linear']['accuracy_interval'][i] * s <= o['trained']['linear']['accuracy'] * s
  for i, s in ((0, 1), (1, -1))) and len(o['trained_minus_random_init']['knn']['accuracy_interval']) == 2" |
  grep -qx True || fail 'intervals'
"$contrawarp" evaluate --model "$work/run" "$data" --protocol low-shot,triplets,factors,identity \
  --set low-shot.seeds=2 --set factors.columns=au12 --json >"$work/more.json"
json "$work/more.json" "(o['trained']['triplets']['skipped'] and 'accuracy_at_5_percent' in o['trained']['low-shot']
  and 'similarity_columns' in o['pixels']['factors'] and o['trained']['identity']['chance'] < 1)" |
  grep -qx True || fail 'further protocols'
"$contrawarp" evaluate --model "$work/run" "$tests/fixtures/fec" --protocol triplets --json >"$work/fec.json"
[ "$(json "$work/fec.json" "o['trained']['triplets']['n_triplets']")" = 2 ] || fail 'triplets'
# What was trained on all of these pictures is told apart from what never saw them.
[ "$(json "$work/evaluate.json" "o['seen_in_training']")" = True ] || fail 'seen in training'
[ "$(json "$work/fec.json" "o['seen_in_training']")" = False ] || fail 'not seen in training'
"$contrawarp" evaluate --model "$work/run" "$data" --protocol knn | grep -q 'trained on the scored pictures' ||
  fail 'seen in training is not said'

"$contrawarp" embed --model "$work/run" "$data" -o "$work/e.npy" --json >"$work/embed.json"
[ "$(json "$work/embed.json" "o['n']")" = 96 ]
[ "$(wc -l <"$work/e.csv")" = 97 ] || fail 'e.csv'
name=$(sed -n 2p "$work/e.csv" | cut -d, -f1)
"$contrawarp" search --embeddings "$work/e.npy" --query "$name" -k 5 --json >"$work/search.json"
[ "$(json "$work/search.json" "len(o['neighbours'])")" = 5 ]
[ "$(json "$work/search.json" "all(n['path'] != '$name' and -1 <= n['score'] <= 1.0001 and n['subject']
  for n in o['neighbours'])")" = True ] || fail 'search'
"$contrawarp" search --embeddings "$work/e.npy" --query "$name" -k 90 --other-subjects --json >"$work/other.json"
[ "$(json "$work/other.json" "len(o['neighbours'])")" = 88 ] || fail 'persons are not barred'
# A picture from outside goes through the model.
"$contrawarp" search --embeddings "$work/e.npy" --query "$tests/fixtures/pictures/grey.png" -k 3 |
  grep -c . | grep -qx 3
# The model is found from everywhere; where it is gone, that is said.
(cd "$work" && "$contrawarp" embed --model run "$data" -o from-here.npy >/dev/null)
"$contrawarp" search --embeddings "$work/from-here.npy" --query "$tests/fixtures/pictures/grey.png" -k 3 |
  grep -c . | grep -qx 3
mv "$work/run" "$work/elsewhere"
expect 1 "$work/run, which made the embeddings, cannot be loaded" \
  "$contrawarp" search --embeddings "$work/from-here.npy" --query "$tests/fixtures/pictures/grey.png"
"$contrawarp" search --embeddings "$work/from-here.npy" --query "$tests/fixtures/pictures/grey.png" -k 3 \
  --model "$work/elsewhere" | grep -c . | grep -qx 3
mv "$work/elsewhere" "$work/run"

# Features are kept, and found again to the bit; without the cache they are the same.
ls "$work"/cache/contrawarp/features/*.npy >/dev/null
"$contrawarp" evaluate --model "$work/run" "$data" --json >"$work/again.json"
"$contrawarp" evaluate --model "$work/run" "$data" --json --no-cache >"$work/anew.json"
for file in again anew; do
  [ "$(json "$work/$file.json" "[o[c] for c in ('trained', 'random_init', 'pixels')]")" = \
    "$(json "$work/evaluate.json" "[o[c] for c in ('trained', 'random_init', 'pixels')]")" ] ||
    fail "evaluate $file"
done

# Norms by the batch; disturbances; checkpoints against each other.
"$contrawarp" evaluate --model "$work/run" "$data" --norm batch --robustness --curves rotation,warp \
  --protocol linear --json >"$work/batch.json"
[ "$(json "$work/batch.json" "(o['encoder'], o['norm'], o['norm_batch'], sorted(o['robustness']))")" = \
  "('online', 'batch', 64, ['rotation', 'warp'])" ] || fail 'evaluate --norm batch --robustness'
[ "$(json "$work/batch.json" "o['robustness']['warp'][0]['accuracy'] == o['trained']['linear']['accuracy'] and
  o['robustness']['warp'][-1]['cosine'] < 1")" = True ] || fail 'robustness'
"$contrawarp" run rank "$work/run" "$data" --json >"$work/rank.json"
[ "$(json "$work/rank.json" "[c['step'] for c in o['checkpoints']] == [6, 12, 18] and
  all(1 <= c['rankme'] <= 64 and 0 <= c['accuracy'] <= 1 for c in o['checkpoints']) and
  set(o['spearman']) == {'rankme', 'alignment', 'uniformity', 'margin_auc'}")" = True ] ||
  fail "run rank: $(cat "$work/rank.json")"

# The target network of a run that has one is another encoder.
# shellcheck disable=SC2086
"$contrawarp" train generated-demo $tiny --set objective.type=byol --set schedule.epochs=1 \
  --run "$work/byol" --json >/dev/null
"$contrawarp" embed --model "$work/byol" "$data" -o "$work/online.npy" >/dev/null
"$contrawarp" embed --model "$work/byol" --encoder target "$data" -o "$work/target.npy" --json >"$work/target.out"
[ "$(json "$work/target.out" "(o['encoder'], o['norm'])")" = "('target', 'running')" ] || fail 'embed --encoder'
cmp -s "$work/online.npy" "$work/target.npy" && fail 'the target network is the online one'
"$contrawarp" search --embeddings "$work/target.npy" --query "$tests/fixtures/pictures/grey.png" -k 3 \
  >"$work/by-target"
"$contrawarp" search --embeddings "$work/target.npy" --query "$tests/fixtures/pictures/grey.png" -k 3 \
  --encoder online >"$work/by-online"
cmp -s "$work/by-target" "$work/by-online" && fail 'search does not embed the query with the target network'

# Side by side: what differs, and what the runs keep of the evaluations, that of a checkpoint too.
"$contrawarp" evaluate --model "$work/byol/checkpoints/step-00000006.safetensors" "$data" --json >/dev/null
"$contrawarp" run compare "$work/run" "$work/byol" --json >"$work/compare.json"
[ "$(json "$work/compare.json" "(o['settings']['objective.type'], o['settings']['schedule.epochs'],
  [(e['steps']['$work/run'], e['steps']['$work/byol']) for e in o['evaluations'] if len(e['steps']) == 2])")" = \
  "({'A': 'simclr', 'B': 'byol'}, {'A': '3', 'B': '1'}, [(18, 6)])" ] || fail "run compare: $(cat "$work/compare.json")"
"$contrawarp" run compare "$work/run" "$work/byol" | grep -q '^objective.type  *simclr  byol$' || fail 'run compare'
# Those of a folder, held against the other one, with names for people.
"$contrawarp" run compare "$work" --against "$work/byol" >"$work/compare.txt" || fail 'run compare FOLDER'
grep -q ' − [AB]' "$work/compare.txt" && grep -q 'macro recall' "$work/compare.txt" \
  || fail "run compare --against: $(cat "$work/compare.txt")"
"$contrawarp" run compare "$work/run" "$work/byol" --against "$work" 2>/dev/null && fail 'against no run'
rm -r "$work/byol"

# An encoder goes out and comes in again.
"$contrawarp" export --model "$work/run" --to safetensors -o "$work/w.safetensors" --json >"$work/export.json"
[ "$(json "$work/export.json" "(o['encoder'], o['dim'])")" = "('small', 64)" ] || fail 'export'
"$contrawarp" embed --model "$work/w.safetensors" "$data" -o "$work/w.npy" >/dev/null
cmp "$work/e.npy" "$work/w.npy" || fail 'an exported encoder gives other vectors'
"$contrawarp" export --model "$work/w.safetensors" --to npy -o "$work/arrays" >/dev/null
python3 - "$work/arrays/layer1.0.conv1.weight.npy" <<'PYTHON'
import ast, sys
data = open(sys.argv[1], 'rb').read()
header = ast.literal_eval(data[10:10 + int.from_bytes(data[8:10], 'little')].decode())
assert header['shape'] == (8, 8, 3, 3) and header['descr'] == '<f4', header
PYTHON
"$contrawarp" bench search --n 5000 --dim 40 --k 7 --queries 3 --runs 2 --json >"$work/bench.json"
[ "$(json "$work/bench.json" "(o['n'], o['queries'], o['milliseconds_per_query'] > 0)")" = "(5000, 3, True)" ] ||
  fail 'bench search'

printf '[view]\nsteps=crop;noise\n\n[warp]\ntype=elastic\n' >"$work/part.cwexp"
"$contrawarp" augment "$tests/fixtures/pictures/grey.png" -o "$work/part" --apply "$work/part.cwexp" --json \
  >"$work/part.json"
grep -q '"noise"' "$work/part.json" && ! grep -q '"flip"' "$work/part.json" || fail 'augment --apply'
"$contrawarp" augment "$tests/fixtures/pictures/grey.png" -o "$work/views" --negatives 2 \
  --sheet warp.magnitude-max=0.02:0.2 --json >"$work/augment.json"
[ "$(json "$work/augment.json" "[v['view'] for v in o['pictures'][0]['views']]")" = \
  "['anchor', 'positive', 'negative-1', 'negative-2']" ] || fail 'augment'
ls "$work"/views/grey-negative-2-field.npy "$work"/views/grey-negative-1-field.svg \
  "$work"/views/grey-views.png "$work"/views/grey-strength.png >/dev/null

# Pictures of one name in different folders write over nothing of each other.
mkdir "$work/a" "$work/b"
cp "$tests/fixtures/pictures/grey.png" "$work/a/face.png"
cp "$tests/fixtures/pictures/grey.png" "$work/b/Face.png"
cp "$tests/fixtures/pictures/grey.png" "$work/b/face-2.png"
"$contrawarp" augment "$work/a/face.png" "$work/b/Face.png" "$work/b/face-2.png" -o "$work/same" --json \
  >"$work/augment.json"
[ "$(json "$work/augment.json" "[p['sheet'].split('/')[-1] for p in o['pictures']]")" = \
  "['face-views.png', 'Face-2-views.png', 'face-2-2-views.png']" ] || fail 'names of views'
[ "$(json "$work/augment.json" "len({v['path'] for p in o['pictures'] for v in p['views']})")" = \
  "$(ls "$work"/same/*.png | grep -vc views)" ] || fail 'views of one name'

# Interrupted: it ends soon, with whole files only.
"$contrawarp" augment $(yes "$tests/fixtures/pictures/grey.png" | head -n 1000) -o "$work/many" >/dev/null 2>&1 &
pid=$!
while [ -z "$(ls "$work/many" 2>/dev/null)" ] && kill -0 $pid 2>/dev/null; do sleep 0.05; done
kill -INT $pid
status=0
wait $pid || status=$?
[ $status = 130 ] || fail "status $status after an interrupt of augment"
[ -z "$(find "$work/many" -name '*.??????')" ] || fail 'half-written files'
[ "$(ls "$work/many" | wc -l)" -lt 3000 ] || fail 'augment went on'
rm -r "$work/many"

# What was drawn for each view: the steps that are for it, in their order.
"$contrawarp" augment "$tests/fixtures/pictures/grey.png" -o "$work/byol" --set view.preset=byol \
  --json >"$work/augment.json"
[ "$(json "$work/augment.json" "[list(v['drawn'])[4:] for v in o['pictures'][0]['views']]")" = \
  "[['blur'], ['blur-2', 'solarise'], ['blur-2', 'solarise']]" ] || fail 'views of steps'
"$contrawarp" augment "$tests/fixtures/pictures/grey.png" -o "$work/steps" --rows 4 \
  --set 'view.steps=flip;perspective;posterise' --sheet view.posterise.bits=1:8 --json >"$work/augment.json"
[ "$(json "$work/augment.json" "[list(v['drawn']) for v in o['pictures'][0]['views']][1]")" = \
  "['flip', 'perspective', 'posterise']" ] || fail 'steps'

"$contrawarp" run list "$work" --json >"$work/list.json"
[ "$(json "$work/list.json" "[r['state'] for r in o['runs']]")" = "['finished']" ] || fail 'run list'
"$contrawarp" run show "$work/run" --json >"$work/show.json"
[ "$(json "$work/show.json" "o['evaluation']['n_test'] > 0 and o['last']['step'] == 17")" = True ] ||
  fail 'run show'
"$contrawarp" run show "$work/run" >"$work/show.txt"
grep -q '^  linear.accuracy .* %  (random init .* %, pixels .* %)$' "$work/show.txt" || fail 'scores of run show'
[ "$(tail -n 1 "$work/show.txt" | cut -d: -f1)" = health ] || fail 'the health is not at the end'
grep -q '{' "$work/show.txt" && fail 'JSON in the text of run show'
"$contrawarp" run show "$work/run" --json --metrics >"$work/metrics.json"
[ "$(json "$work/metrics.json" "len(o['metrics'])")" = 18 ] || fail 'run show --metrics'

# A demo that is given again goes on, or reports again; one of other settings has a folder of its own.
program=$(realpath "$contrawarp")
mkdir "$work/demo"
for seed in 1 1 2; do
  # shellcheck disable=SC2086
  (cd "$work/demo" && "$program" demo $tiny --set schedule.epochs=20 --seed $seed --json >"$seed.json")
  [ "$(json "$work/demo/$seed.json" "(o['seed'], o['steps'])")" = "($seed, 120)" ] || fail "demo: $seed"
done
[ "$(cd "$work/demo" && echo */report.html)" = 'contrawarp-demo-2/report.html contrawarp-demo/report.html' ] ||
  fail "folders of demos: $(ls "$work/demo")"
(cd "$work/demo" && "$program" run show contrawarp-demo/run) | grep -c ' started ' | grep -qx 1 || fail 'trained twice'
# shellcheck disable=SC2086
"$contrawarp" demo $tiny --set schedule.epochs=60 -o "$work/demo/stopped" >/dev/null 2>"$work/stderr" &
pid=$!
while [ -z "$(ls "$work/demo/stopped/run/checkpoints" 2>/dev/null)" ] && kill -0 $pid 2>/dev/null; do sleep 0.05; done
kill -INT $pid
status=0
wait $pid || status=$?
if [ $status != 0 ]; then
  [ $status = 130 ] || fail "status $status after an interrupt: $(cat "$work/stderr")"
  grep -q '^contrawarp: the same command goes on' "$work/stderr" || fail 'no word of how to go on'
fi
# shellcheck disable=SC2086
"$contrawarp" demo $tiny --set schedule.epochs=60 -o "$work/demo/stopped" --json >"$work/demo.json"
[ "$(json "$work/demo.json" "o['steps']")" = 360 ] || fail 'a demo does not go on'
rm -r "$work/demo"

# It is what another run begins with.
# shellcheck disable=SC2086
(cd "$work" && "$program" train generated-demo $tiny --set encoder.weights=w.safetensors \
  --set schedule.epochs=1 --run next --json >next.json)
grep -q "^weights=$work/w.safetensors" "$work/next/experiment.cwexp" || fail 'weights are not frozen'

"$contrawarp" ops list --json >"$work/ops.json"
json "$work/ops.json" "all(o[k] for k in ('transforms', 'warps', 'objectives', 'encoders', 'optimizers',
  'evaluators', 'readers')) and 'communicators' in o and 'detectors' in o" | grep -qx True || fail 'ops list'
"$contrawarp" ops describe local-translation | grep -q '^    magnitude-max .*(0.002 to 0.5)$' || fail 'a range'
"$contrawarp" ops describe simclr | grep -q '^    negative .*hinge, triplet, nce, nce-batch' || fail 'choices'
for section in data view warp encoder heads objective optimizer schedule run experiment; do
  "$contrawarp" ops describe $section --json >"$work/section.json"
  [ "$(json "$work/section.json" "len(o['sections']) > 0")" = True ] || fail "ops describe $section"
done
"$contrawarp" ops describe warp | grep -q '^    count ' || fail 'keys of a section'
"$contrawarp" ops describe view | grep -q '^    preset .*byol' || fail 'presets of views'
"$contrawarp" plugins list | grep -q generated-faces

# A comma for the decimal point changes nothing that is written.
if locale -a 2>/dev/null | grep -qi '^de_DE.utf'; then
  LC_ALL=de_DE.UTF-8 "$contrawarp" evaluate --model "$work/run" "$data" --json >"$work/de.json"
  [ "$(json "$work/de.json" "o['trained']['knn']")" = "$(json "$work/evaluate.json" "o['trained']['knn']")" ]
fi
