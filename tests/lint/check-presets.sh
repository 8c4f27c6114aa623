#!/bin/sh
# SPDX-License-Identifier: MIT
# Every preset says what it is for and how to start it.
set -eu
cd "$1"
bad=0
for file in data/presets/*.cwexp; do
  grep -q '^# .*contrawarp ' "$file" || {
    echo "$file: no comment with the command that uses it"
    bad=1
  }
done
exit $bad
