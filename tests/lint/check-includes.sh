#!/bin/sh
# SPDX-License-Identifier: MIT
# The include rule of engine/README.md: a room includes itself and the rooms it may; gui/ and engine/cli/
# include contrawarp.h and their own headers; plugins include contrawarp-plugin.h and their own.
set -eu
cd "$1"

allowed () {
  case $1 in
    base) echo 'base' ;;
    image) echo 'base image' ;;
    face) echo 'base image face' ;;
    data) echo 'base image face data' ;;
    nn) echo 'base nn' ;;
    learn) echo 'base image data nn learn' ;;
    run) echo 'base image face data nn learn run' ;;
    eval) echo 'base image data nn learn eval' ;;
    search) echo 'base data nn eval search' ;;
    report) echo 'base image data nn learn run eval search report' ;;
    plugin) echo 'base image face data nn learn run eval search plugin' ;;
    cli) echo 'cli' ;;
    *) echo "" ;;
  esac
}

bad=0
for folder in engine/*/; do
  room=$(basename "$folder")
  rooms=$(allowed "$room")
  if [ -z "$rooms" ]; then
    echo "engine/$room: not a room of engine/README.md"
    bad=1
    continue
  fi
  # "file:room of the header"
  for use in $(grep -rhoE '^#include "[a-z]+/' "$folder" | sed 's/.*"//; s,/,,' | sort -u); do
    case " $rooms " in
      *" $use "*) ;;
      *)
        echo "engine/$room may not include $use/:"
        grep -rn "^#include \"$use/" "$folder"
        bad=1
        ;;
    esac
  done
done

# Only the front ends' own headers and the umbrella.
if grep -rnE '^#include [<"](base|image|face|data|nn|learn|run|eval|search|plugin|report)/' gui; then
  echo 'gui/ may include contrawarp.h only'
  bad=1
fi
if grep -rnE '^#include [<"](base|image|face|data|nn|learn|run|eval|search|report|plugin)/' plugins |
   grep -v '/test-'; then
  echo 'plugins/ may include contrawarp-plugin.h only'
  bad=1
fi
exit $bad
