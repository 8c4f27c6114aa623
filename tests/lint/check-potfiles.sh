#!/bin/sh
# SPDX-License-Identifier: MIT
# po/POTFILES.in names exactly the files that have strings to translate.
set -eu
cd "$1"
bad=0
listed=$(grep -v '^#' po/POTFILES.in | sort)
wanted=$({
  grep -rlE '(^|[^[:alnum:]_])(_|N_|C_|ngettext|g_dngettext) ?\(($|[^)])' engine gui plugins --include='*.[ch]'
  grep -rl 'translatable="yes"' ui --include='*.ui'
  ls data/*.desktop.in data/*.metainfo.xml.in data/*.gschema.xml
} | sort)
for file in $wanted; do
  printf '%s\n' "$listed" | grep -qx "$file" || {
    echo "$file has strings and is not in po/POTFILES.in"
    bad=1
  }
done
for file in $listed; do
  printf '%s\n' "$wanted" | grep -qx "$file" || {
    echo "po/POTFILES.in names $file, which has none"
    bad=1
  }
done
exit $bad
