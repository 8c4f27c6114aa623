# SPDX-License-Identifier: MIT
# Sourced by gui/run and tests/run from the top folder: installs what is missing, configures and builds.

# Names in the sections of data/debian-packages that are given as arguments.
packages_of () {
  for section in "$@"; do
    sed -n "/^\[$section\]/,/^\[/{/^[a-z]/p}" data/debian-packages
  done
}

install_packages () {
  missing=
  for package in $(packages_of "$@"); do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null; then
    as_root=sudo
  else
    echo "Not installed:$missing" >&2
    echo "Install them as root, or install sudo, and start again." >&2
    exit 1
  fi
  echo "Installing:$missing"
  $as_root apt-get -qq update
  # shellcheck disable=SC2086  # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    $missing >/dev/null
}

# Configures the folder $1 with the remaining options, or again where they changed, and builds it.
build_in () {
  folder=$1
  shift
  if [ -f "$folder/build.ninja" ]; then
    meson configure "$folder" "$@" >/dev/null
  else
    meson setup "$folder" "$@" >/dev/null || {
      tail -n 20 "$folder/meson-logs/meson-log.txt" >&2
      exit 1
    }
  fi
  ninja -C "$folder"
}
