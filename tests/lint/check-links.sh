#!/bin/sh
# SPDX-License-Identifier: MIT
# The engine's library and the command line are free of GTK and Cairo, also indirectly.
set -eu
bad=0
for file in "$@"; do
  if ldd "$file" | grep -E 'libgtk|libgdk-[0-9x]|libadwaita|libcairo|libpango'; then
    echo "$file links the above"
    bad=1
  fi
  if nm -D --undefined-only "$file" | grep -E ' (gtk|gdk_display|cairo|adw)_'; then
    echo "$file uses the above"
    bad=1
  fi
done
exit $bad
