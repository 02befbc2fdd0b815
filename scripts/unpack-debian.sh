#!/usr/bin/env bash
# unpack-debian.sh FOLDER PACKAGE...: downloads packages of Debian and unpacks them into FOLDER. Installs nothing. With --missing before
# the packages, what they need and this machine lacks comes along. Exits 1 with a sentence where that is not possible.
set -eu

give_up() { printf 'unpack-debian: %s\n' "$*" >&2; exit 1; }

main() {
  local folder=$1 packages download
  shift
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || give_up 'apt-get and dpkg-deb are not here.'
  download=$(mktemp -d)
  trap "rm -rf '$download'" EXIT
  chmod 755 "$download"
  cd "$download"
  fetch "$@" || { [ "$(id -u)" = 0 ] && apt-get update >/dev/null 2>&1 && fetch "$@"; } \
    || give_up "apt-get could not download ${*#--missing}. Run \"apt-get update\" as root, then this again."
  for package in ./*.deb; do dpkg-deb -x "$package" "$folder"; done
}

fetch() {
  local packages
  if [ "$1" = --missing ]; then
    shift
    packages=$(apt-get -s --no-install-recommends install "$@" 2>/dev/null | awk '$1 == "Inst" && $2 ~ /^lib/ { print $2 }')
    set -- "$@" $packages
  fi
  apt-get download "$@" >/dev/null 2>&1
}

main "$@"
