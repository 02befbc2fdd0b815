#!/usr/bin/env bash
# Prints the path of a registry server, for tests that pull and push. Installs nothing: where the machine has none, Debian's package
# is downloaded and unpacked into node_modules/.cache. Otherwise says in one sentence what is missing, and exits 1.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cache=$root/node_modules/.cache/playbook

give_up() { printf 'registry: %s\n' "$*" >&2; exit 1; }

runs() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }

main() {
  local candidate
  for candidate in "$cache/docker-registry" "$(command -v docker-registry || true)"; do
    if runs "$candidate"; then echo "$candidate"; return; fi
  done
  download
  runs "$cache/docker-registry" || give_up "Debian's docker-registry is here, but it does not run."
  echo "$cache/docker-registry"
}

download() {
  local folder
  mkdir -p "$cache"
  folder=$(mktemp -d)
  "$root/scripts/unpack-debian.sh" "$folder" docker-registry \
    || give_up 'no registry server is here. Install one (Debian: docker-registry) so that "docker-registry" is in the PATH.'
  # Moved into place whole, so that two callers at once never see half a server.
  mv "$folder/usr/bin/docker-registry" "$cache/docker-registry.$$" && mv "$cache/docker-registry.$$" "$cache/docker-registry"
  rm -rf "$folder"
}

main
