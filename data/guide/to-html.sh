#!/bin/sh
# SPDX-License-Identifier: MIT
# to-html.sh CMARK FOLDER OUT: the guide's pages as HTML, with its pictures, in the new folder OUT;
# README.md is its index.html. A link to what is not there is an error.
set -eu
cmark=$1 folder=$2 out=$3

rm -rf "$out"
mkdir -p "$out/screenshots"
cp "$folder"/*.png "$out"
cp "$folder"/screenshots/explore-*.png "$out/screenshots"

for page in "$folder"/*.md; do
  name=$(basename "$page" .md)
  [ "$name" != README ] || name=index
  {
    echo '<!DOCTYPE html>'
    echo '<html lang="en"><head><meta charset="utf-8">'
    echo '<meta name="viewport" content="width=device-width, initial-scale=1">'
    sed -n '/^# /{s,^# ,<title>,;s,$,</title>,p;q}' "$page"
    echo '<style>'
    cat "$folder/guide.css"
    echo '</style></head><body>'
    [ "$name" = index ] || echo '<p><a href="index.html">User guide</a></p>'
    # Not into a pipe, which would hide that it failed.
    sed '/^<!--.*-->$/d' "$page" | "$cmark" --extension table >"$out/body"
    # A figure and its spread or interval stay on one line.
    sed 's,href="README\.md",href="index.html",g; s,href="\([a-z-]*\)\.md",href="\1.html",g
      s, ± ,\&nbsp;±\&nbsp;,g; s, … ,\&nbsp;…\&nbsp;,g' "$out/body"
    echo '</body></html>'
  } >"$out/$name.html"
done

rm "$out/body"

bad=0
for page in "$out"/*.html; do
  for link in $(grep -oE '(href|src)="[^"#]*' "$page" | sed 's/.*"//' | sort -u); do
    case $link in
      http*) ;;
      *)
        if [ ! -e "$out/$link" ]; then
          echo "$page: no $link in the guide" >&2
          bad=1
        fi
        ;;
    esac
  done
done
exit $bad
