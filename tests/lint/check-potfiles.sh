#!/bin/sh
# SPDX-License-Identifier: MIT
# po/POTFILES.in names exactly the files that have strings to translate, and po/contrawarp.pot holds those
# strings. After a change of strings: meson compile -C BUILD contrawarp-pot
set -eu
cd "$1"
bad=0
listed=$(grep -v '^#' po/POTFILES.in | sort)
wanted=$({
  grep -rlE '(^|[^[:alnum:]_])(_|N_|C_|ngettext|g_dngettext) \(' engine gui plugins --include='*.[ch]'
  grep -rl 'translatable="yes"' ui --include='*.ui'
  ls data/*.desktop.in data/*.metainfo.xml.in data/*.gschema.xml
} | sort)
# What follows looks for the space.
if grep -rnE '(^|[^[:alnum:]_])(_|N_|C_|ngettext|g_dngettext)\("' engine gui plugins --include='*.[ch]'; then
  echo 'write _ ("..."), with a space'
  bad=1
fi
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

# The same keywords as meson's preset 'glib'.
made=$(mktemp)
warnings=$(mktemp)
trap 'rm -f "$made" "$warnings"' EXIT
printf '%s\n' "$listed" | xgettext --files-from=- --from-code=UTF-8 --add-comments --output="$made" \
  --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=g_dcgettext:2 \
  --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3 --flag=N_:1:pass-c-format \
  --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format --flag=g_dngettext:2:pass-c-format \
  --flag=g_strdup_printf:1:c-format 2>"$warnings"
if grep 'warning:' "$warnings"; then
  bad=1
fi
strings () {
  msgcat --no-location --no-wrap --sort-output "$1" | grep -E '^msg(id|id_plural|ctxt) "|^"' |
    grep -vE '^"(Project|Report|POT|PO|Last|Language|MIME|Content|Plural)'
}
strings po/contrawarp.pot >"$warnings"
if ! strings "$made" | diff "$warnings" -; then
  echo 'po/contrawarp.pot is not what the sources say (see above)'
  bad=1
fi
exit $bad
