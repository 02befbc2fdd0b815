#!/usr/bin/env bash
# ensure-edge.sh haproxy|caddy|nginx: prints a folder with Debian's proxy and the libraries that it needs, laid out for an image:
# bin/PROXY and lib/. Installs nothing: the package is unpacked into node_modules/.cache once.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
name=$1
cache=$root/node_modules/.cache/playbook/edge

main() {
  if [ ! -x "$cache/$name/bin/$name" ]; then
    mkdir -p "$cache"
    unpacked=$(mktemp -d)
    trap "rm -rf '$unpacked'" EXIT
    prepare
  fi
  echo "$cache/$name"
}

prepare() {
  local binary library
  "$root/scripts/unpack-debian.sh" "$unpacked" "$name"
  binary=$(find "$unpacked/usr/bin" "$unpacked/usr/sbin" -name "$name" -type f 2>/dev/null | head -n 1)
  if ldd "$binary" | grep -q 'not found'; then "$root/scripts/unpack-debian.sh" "$unpacked" --missing "$name"; fi
  # Moved into place whole, so that two callers at once never see half of it.
  library=$(dirname "$(find "$unpacked/usr/lib" "$unpacked/lib" -name '*.so*' 2>/dev/null | head -n 1)")
  LD_LIBRARY_PATH=$library "$root/scripts/copy-program.sh" "$binary" "$unpacked/whole"
  mv -T "$unpacked/whole" "$cache/$name" 2>/dev/null || [ -x "$cache/$name/bin/$name" ]
}

main
