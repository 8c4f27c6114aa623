#!/bin/sh
# SPDX-License-Identifier: MIT
# A data set is packed, and everything that works from a data set works from the pack; the benchmarks of views
# and loader answer.
set -eu
. "$2/cli/lib.sh"
faces='generated:faces?n=96&size=48&per-subject=8'

# What was packed is what the source holds.
"$contrawarp" dataset pack "$faces" -o "$work/faces.npy" --json >"$work/pack.json"
[ "$(json "$work/pack.json" "(o['items'], o['side'], o['channels'], o['rejected'])")" = '(96, 48, 3, [])' ] ||
  fail 'pack report'
"$contrawarp" dataset scan "$faces" --json >"$work/source.json"
"$contrawarp" dataset scan "$work/faces.npy" --json >"$work/packed.json"
[ "$(json "$work/packed.json" "o['layout']")" = pack ] || fail 'layout'
for key in items splits labels subjects columns; do
  [ "$(json "$work/packed.json" "o['$key']")" = "$(json "$work/source.json" "o['$key']")" ] ||
    fail "$key of the pack"
done
# The array is NumPy's: shape, type and size without any further package.
python3 - "$work/faces.npy" <<'PYTHON'
import ast, struct, sys
f = open(sys.argv[1], 'rb').read()
assert f[:8] == b'\x93NUMPY\x01\x00'
n = struct.unpack('<H', f[8:10])[0]
h = ast.literal_eval(f[10:10 + n].decode())
assert h == {'descr': '|u1', 'fortran_order': False, 'shape': (96, 48, 48, 3)}, h
assert len(f) == 10 + n + 96 * 48 * 48 * 3 and (10 + n) % 64 == 0
PYTHON

# Training from it gives the very weights that training from the source gives.
# shellcheck disable=SC2086
"$contrawarp" train generated-demo $tiny --run "$work/direct" --json >"$work/direct.json"
# shellcheck disable=SC2086
"$contrawarp" train generated-demo $tiny --set "data.location=$work/faces.npy" --run "$work/run" --json \
  >"$work/train.json"
[ "$(json "$work/train.json" "o['weights_sha256']")" = "$(json "$work/direct.json" "o['weights_sha256']")" ] ||
  fail 'weights from the pack differ'
"$contrawarp" evaluate --model "$work/run" "$faces" --json >"$work/evaluate-source.json"
"$contrawarp" evaluate --model "$work/run" "$work/faces.npy" --json >"$work/evaluate.json"
[ "$(json "$work/evaluate.json" "o['trained']")" = "$(json "$work/evaluate-source.json" "o['trained']")" ] ||
  fail 'evaluation on the pack differs'
"$contrawarp" embed --model "$work/run" "$work/faces.npy" -o "$work/e.npy" >/dev/null
[ "$(wc -l <"$work/e.csv")" = 97 ] || fail 'embeddings of the pack'

# What is read, and what is somebody's own, is not written over; packs and vectors of ours are.
cp -r "$tests/fixtures/table" "$work/own"
cp "$work/own/labels.csv" "$work/own/mine.csv"
mkdir "$work/own/folder.npy"
find "$work/own" "$work"/faces.* "$work"/e.* -type f -exec sha256sum {} + >"$work/sums"
for name in labels mine; do
  expect 1 "$name.csv is" "$contrawarp" dataset pack "$work/own/$name.csv" -o "$work/own/$name.npy"
  expect 1 "$name.csv is" "$contrawarp" embed --model "$work/run" "$work/own/$name.csv" -o "$work/own/$name.npy"
done
expect 1 'labels.csv is what the data are read from' "$contrawarp" dataset pack "$work/own" -o "$work/own/labels.npy"
expect 1 'mine.csv is there already' "$contrawarp" dataset pack "$work/own" -o "$work/own/mine.npy"
expect 1 'folder.npy is a folder' "$contrawarp" dataset pack "$work/own" -o "$work/own/folder.npy"
expect 1 'what the data are read from' "$contrawarp" dataset pack "$work/faces.npy" -o "$work/faces.npy"
expect 1 'what the data are read from' "$contrawarp" embed --model "$work/run" "$work/faces.npy" -o "$work/faces.npy"
expect 1 'not part of such vectors' "$contrawarp" embed --model "$work/run" "$work/own" -o "$work/faces.npy"
expect 1 'not part of a pack' "$contrawarp" dataset pack "$work/own" -o "$work/e.npy"
sha256sum --quiet -c "$work/sums" || fail 'something was written over'
[ "$(find "$work/own" "$work"/faces.* "$work"/e.* -type f | wc -l)" = "$(wc -l <"$work/sums")" ] || fail 'something was left'
"$contrawarp" dataset pack "$work/own" -o "$work/again.npy" >/dev/null
"$contrawarp" dataset pack "$faces" -o "$work/again.npy" >/dev/null
cmp "$work/again.npy" "$work/faces.npy" || fail 'a pack is not replaced'
"$contrawarp" embed --model "$work/run" "$work/own" -o "$work/e.npy" >/dev/null
[ "$(wc -l <"$work/e.csv")" = 5 ] || fail 'vectors are not replaced'

# A slip in a table is told with its line.
"$contrawarp" dataset scan "$work/own" --json >"$work/own.json"
[ "$(json "$work/own.json" "[r.split('/')[-1].split(' is ')[0] for r in o['remarks']]")" = \
  "[\"labels.csv:2: note = 'one, two'\"]" ] || fail 'remarks of scan'

# Pictures that cannot be read are listed with their reasons and left out.
mkdir "$work/pictures"
cp "$tests"/fixtures/pictures/*.png "$work/pictures"
"$contrawarp" dataset pack "$work/pictures" -o "$work/p.npy" --side 32 --json >"$work/p.json"
json "$work/p.json" "sorted(r['name'] for r in o['rejected'])" | grep -q "text.png.*truncated.png" ||
  fail 'unreadable pictures are not listed'
[ "$(json "$work/p.json" "o['items'] + len(o['rejected'])")" = "$(find "$work/pictures" -name '*.png' | wc -l)" ] ||
  fail 'a picture went missing'

# Interrupted, with OpenBLAS's threads, which block no signal: nothing is left.
mkdir "$work/stopped"
env -u OPENBLAS_NUM_THREADS "$contrawarp" dataset pack 'generated:faces?n=20000&size=64' -o "$work/stopped/p.npy" \
  >"$work/stdout" 2>"$work/stderr" &
pid=$!
while [ "$(ls "$work/stopped" | wc -l)" -lt 2 ] && kill -0 $pid 2>/dev/null; do sleep 0.05; done
kill -TERM $pid
status=0
wait $pid || status=$?
[ $status = 130 ] || fail "status $status after SIGTERM: $(cat "$work/stderr")"
[ "$(cat "$work/stderr")" = 'contrawarp: interrupted' ] || fail "after SIGTERM: $(cat "$work/stderr")"
[ -z "$(ls "$work/stopped")" ] || fail "left by SIGTERM: $(ls "$work/stopped")"

# Wrong use; packs that are none.
expect 2 '-o' "$contrawarp" dataset pack "$faces"
expect 2 '--side' "$contrawarp" dataset pack "$faces" -o "$work/x.npy" --side 3
expect 2 'unknown action' "$contrawarp" dataset wrap "$faces"
expect 2 'ends in .npy' "$contrawarp" dataset pack "$faces" -o "$work/x.bin"
expect 1 '/proc/x' "$contrawarp" dataset pack "$faces" -o /proc/x.npy
[ -z "$(find "$work" -name 'x.*')" ] || fail 'something was written'
head -c 10000 "$work/faces.npy" >"$work/cut.npy"
cp "$work/faces.csv" "$work/cut.csv"
expect 1 "$work/cut.npy" "$contrawarp" dataset scan "$work/cut.npy"
cp "$work/faces.npy" "$work/alone.npy"
expect 1 "$work/alone.csv" "$contrawarp" dataset scan "$work/alone.npy"
expect 1 'float32' "$contrawarp" dataset scan "$work/e.npy"

# Benchmarks.
"$contrawarp" bench augment --size 32 --views 20 --runs 1 --json >"$work/augment.json"
[ "$(json "$work/augment.json" "o['images_per_second'] > 0 and o['size'] == 32")" = True ] || fail 'bench augment'
"$contrawarp" bench loader --size 32 --batch 8 --pictures 16 --ahead 1 --batches 2 --runs 1 --json >"$work/loader.json"
[ "$(json "$work/loader.json" "o['views_per_second'] > 0 and o['layout'] == 'pack'")" = True ] || fail 'bench loader'
"$contrawarp" bench loader --data "$work/faces.npy" --size 32 --batch 8 --ahead 1 --batches 2 --runs 1 >/dev/null
expect 2 'more than --ahead' "$contrawarp" bench loader --batches 4
for name in augment loader step; do
  "$contrawarp" bench $name --help | grep -q 'Usage:' || fail "bench $name --help"
done
