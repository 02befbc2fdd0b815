#!/usr/bin/env bash
# Makes sure that zsh and fish can be run, for the tests of their completion: uses what is there, else installs them (Debian, root).
set -u

missing=()
for shell in zsh fish; do command -v "$shell" >/dev/null || missing+=("$shell"); done
[ "${#missing[@]}" -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! grep -qs '^ID=debian' /etc/os-release; then
  echo "shells: ${missing[*]} not here: their completion is not tested" >&2
  exit 0
fi
echo "shells: installing from Debian's packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1; }
install || { apt-get update -q >/dev/null 2>&1 && install; } || { echo "shells: apt-get could not install ${missing[*]}" >&2; exit 1; }
