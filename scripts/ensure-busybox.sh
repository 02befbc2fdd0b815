#!/usr/bin/env bash
# Prints the path of a static busybox binary, the base of every sample and test image. Installs nothing: where the machine has none,
# Debian's package is downloaded and unpacked into node_modules/.cache. Otherwise says in one sentence what is missing, and exits 1.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cache=$root/node_modules/.cache/playbook

give_up() { printf 'busybox: %s\n' "$*" >&2; exit 1; }

is_static() { [ -x "$1" ] && "$1" --list 2>/dev/null | grep -qx httpd && ! ldd "$1" >/dev/null 2>&1; }

main() {
  local candidate
  for candidate in "$cache/busybox" "$(command -v busybox || true)"; do
    if is_static "$candidate"; then echo "$candidate"; return; fi
  done
  download
  is_static "$cache/busybox" || give_up "Debian's busybox-static is here, but it does not run or has no httpd."
  echo "$cache/busybox"
}

download() {
  local folder
  mkdir -p "$cache"
  folder=$(mktemp -d)
  "$root/scripts/unpack-debian.sh" "$folder" busybox-static \
    || give_up 'no static busybox with httpd is here. Install one (Debian: busybox-static) so that "busybox" is in the PATH.'
  # Moved into place whole, so that two callers at once never see half a binary.
  mv "$folder/bin/busybox" "$cache/busybox.$$" && mv "$cache/busybox.$$" "$cache/busybox"
  rm -rf "$folder"
}

main
