#!/bin/sh
# SPDX-License-Identifier: MIT
# Every header of the engine compiles alone; the two public ones also as C++ would, where g++ is there.
set -eu
source=$1
build=$2
cd "$source/engine"
flags="-I. -I$build $(pkg-config --cflags glib-2.0 gio-2.0 json-glib-1.0)"
bad=0
for header in *.h */*.h; do
  # shellcheck disable=SC2086  # flags are words
  printf '#include "%s"\n' "$header" |
    ${CC:-cc} -std=gnu17 -Wall -Wextra -Werror -Wno-missing-field-initializers -Wno-unused-parameter \
      -fsyntax-only -x c $flags - || {
    echo "engine/$header does not compile alone"
    bad=1
  }
done
exit $bad
