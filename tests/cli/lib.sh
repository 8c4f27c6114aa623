# SPDX-License-Identifier: MIT
# Sourced by the tests of this folder. Arguments of each: the contrawarp program, the tests folder.
contrawarp=$(realpath "$1")
tests=$2
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export CONTRAWARP_PRESET_PATH="$tests/../data/presets"
export XDG_CACHE_HOME="$work/cache"

# An experiment that trains in seconds.
tiny="--set data.location=generated:faces?n=96&size=48&per-subject=8 --set view.size=32
  --set encoder.width=8 --set heads.projector-hidden=32 --set heads.projector-out=16
  --set schedule.batch=16 --set schedule.epochs=3 --set schedule.warmup=1
  --set run.checkpoint-every=1"

fail () {
  echo "FAILED: $*" >&2
  exit 1
}

# expect STATUS TEXT COMMAND...: ends with STATUS, and stderr is one line (two with "Try ... --help") that
# contains TEXT.
expect () {
  status=$1
  text=$2
  shift 2
  got=0
  "$@" >"$work/stdout" 2>"$work/stderr" </dev/null || got=$?
  [ "$got" = "$status" ] || {
    cat "$work/stderr" >&2
    fail "status $got instead of $status: $*"
  }
  grep -qF -- "$text" "$work/stderr" || {
    cat "$work/stderr" >&2
    fail "stderr does not say '$text': $*"
  }
  lines=$(grep -vc "^Try '" "$work/stderr" || true)
  [ "$lines" = 1 ] || {
    cat "$work/stderr" >&2
    fail "$lines lines on stderr instead of 1: $*"
  }
}

# json FILE EXPRESSION: value of a Python expression over the object `o`.
json () {
  python3 -c "import json, sys; o = json.load(open(sys.argv[1])); print($2)" "$1"
}
