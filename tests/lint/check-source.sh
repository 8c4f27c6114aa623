#!/bin/sh
# SPDX-License-Identifier: MIT
# Every source file says its licence; the engine calls nothing that prints, ends the process, or depends on
# the locale or on hidden state; nothing names the machine it was written on.
set -eu
cd "$1"
bad=0

for file in $(find engine gui plugins ui tests data po .ci meson.build meson_options.txt -type f \
    \( -name '*.c' -o -name '*.h' -o -name '*.py' -o -name '*.sh' -o -name '*.ui' -o -name '*.css' \
    -o -name '*.xml' -o -name 'meson.build' -o -name 'run' -o -name '*.svg' -o -name '*.cwexp' \
    -o -name '*.md' \) ! -path 'tests/fixtures/*'); do
  head -n 4 "$file" | grep -q 'SPDX-License-Identifier: MIT' || {
    echo "$file: no SPDX line"
    bad=1
  }
done

banned='(^|[^_[:alnum:]])(exit|_exit|abort|printf|puts|putchar|fprintf|g_print|g_printerr|rand|srand|random|drand48|strtod|strtof|atof|atoi|atol|strcpy|strcat|sprintf|vsprintf|gets|strtok|setlocale) \('
if grep -rnE "$banned" engine --include='*.c' --include='*.h' | grep -v '^engine/cli/' |
   grep -vE '^[^:]*:[0-9]*: *(\*|/\*)'; then
  echo 'banned in the engine (see above)'
  bad=1
fi
if grep -rnE '#include <(gtk|gdk/|cairo|adwaita)' engine; then
  echo 'the engine includes no GTK and no Cairo'
  bad=1
fi
exit $bad
