#!/usr/bin/env bash
# Makes sure that a Docker Engine with Compose can be used. A reachable one is used as it is and nothing is installed.
# Otherwise says what it is about to install, installs it (Debian, root), and starts an engine.
# Otherwise says in one sentence what is missing, and exits 1.
set -u

min_engine=25
log=${PLAYBOOK_ENGINE_LOG:-/var/log/playbook-dockerd.log}
apt_log=/dev/null

say() { printf 'engine: %s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }

engine_answers() { command -v docker >/dev/null && timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
compose_answers() { command -v docker >/dev/null && timeout 10 docker compose version --short >/dev/null 2>&1; }
buildx_answers() { timeout 10 docker buildx version >/dev/null 2>&1; }

main() {
  if ! { engine_answers && compose_answers && buildx_answers; }; then
    engine_answers || [ -z "${DOCKER_HOST:-}" ] || give_up "DOCKER_HOST is ${DOCKER_HOST}, and no engine answers there."
    install_missing
    engine_answers || start_engine
  fi
  local version
  version=$(docker version --format '{{.Server.Version}}') || give_up "the engine stopped answering; see $log."
  [ "${version%%.*}" -ge "$min_engine" ] || give_up "Docker Engine $version is too old: $min_engine or newer is needed."
  say "Docker Engine $version, Compose $(docker compose version --short)"
}

install_missing() {
  local wanted=()
  command -v dockerd >/dev/null || engine_answers || wanted+=(docker.io/trixie docker-cli/trixie)
  compose_answers || wanted+=(docker-compose/trixie)
  buildx_answers || wanted+=(docker-buildx/trixie)
  command -v iptables >/dev/null || engine_answers || wanted+=(iptables)
  [ "${#wanted[@]}" -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || give_up "missing: ${wanted[*]%%/*}. Install them, or run this as root on Debian."
  command -v apt-get >/dev/null && grep -qs '^ID=debian' /etc/os-release \
    || give_up "missing: ${wanted[*]%%/*}. Install Docker Engine $min_engine or newer with Compose; this script knows only Debian."
  say "installing from Debian's packages: ${wanted[*]%%/*} (nothing of the system is upgraded)"
  add_trixie
  apt_install "${wanted[@]}" || give_up "apt-get could not install ${wanted[*]%%/*}: $(tail -n 1 "$apt_log")"
}

# Docker 26 and Compose 2.26 are in trixie. The low pin keeps every other package of the machine where it is.
add_trixie() {
  . /etc/os-release
  [ "${VERSION_CODENAME:-}" = trixie ] && return
  cat >/etc/apt/preferences.d/playbook-trixie <<'PIN'
Package: *
Pin: release n=trixie
Pin-Priority: 50
PIN
  cat >/etc/apt/sources.list.d/playbook-trixie.list <<'LIST'
deb http://deb.debian.org/debian trixie main
LIST
}

apt_install() {
  apt_log=$(mktemp)
  apt-get update >"$apt_log" 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$apt_log" 2>&1
}

start_engine() {
  [ "$(id -u)" = 0 ] || give_up "no engine answers. Start Docker, or join its group (usermod -aG docker $(id -un)), or run this as root."
  if [ -d /run/systemd/system ] && systemctl start docker >/dev/null 2>&1 && wait_for_engine 30; then return; fi
  clear_what_a_killed_engine_left
  engine_answers && return
  say "starting dockerd (its log: $log)"
  setsid nohup dockerd >>"$log" 2>&1 </dev/null &
  wait_for_engine 60 || give_up "dockerd did not come up within 60 s: $(tail -n 1 "$log")"
}

# A pid file of a dead process stops the next engine; so does a containerd that outlived its parent.
clear_what_a_killed_engine_left() {
  local file pid
  for file in /run/docker.pid /run/docker/containerd/containerd.pid; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    if kill -0 "$pid" 2>/dev/null && grep -qsE 'dockerd|containerd' "/proc/$pid/comm"; then
      [ "$file" = /run/docker.pid ] && wait_for_engine 15 && return
      say "ending a half-dead $(cat "/proc/$pid/comm") (pid $pid)"
      kill "$pid"; wait_until_gone "$pid" || kill -9 "$pid"
    fi
    rm -f "$file"
  done
}

wait_until_gone() {
  for _ in $(seq 50); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.2; done
  return 1
}

wait_for_engine() {
  local until=$((SECONDS + $1))
  while [ "$SECONDS" -lt "$until" ]; do engine_answers && return 0; sleep 0.3; done
  return 1
}

main
