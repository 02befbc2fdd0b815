#!/usr/bin/env bash
# Builds the images that the demo and the tests run: playbook-fixture/base, and playbook-fixture/app in each version and each way of
# going wrong. Does nothing when they are here and fixtures/images did not change.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
images=$root/fixtures/images
versions='1 2 3'
modes='never-healthy exits crash-loops dies ignores-term slow broken fails'

main() {
  local stamp tag
  stamp=$(cd "$images" && find . -type f -print0 | sort -z | xargs -0 cat "$root/scripts/build-images.sh" | sha256sum | cut -c1-16)
  all_here "$stamp" && return
  local busybox context
  busybox=$("$root/scripts/ensure-busybox.sh")
  context=$(mktemp -d)
  trap "rm -rf '$context'" EXIT
  cp "$images/base/Dockerfile" "$context/" && cp "$busybox" "$context/busybox" && cp -r "$images/base/etc" "$context/etc"
  build playbook-fixture/base "$context"
  for tag in $versions; do build "playbook-fixture/app:$tag" "$images/app" --build-arg "VERSION=$tag"; done
  for tag in $modes; do build "playbook-fixture/app:$tag" "$images/app" --build-arg "VERSION=$tag" --build-arg "MODE=$tag"; done
  docker images --filter 'reference=playbook-fixture/stamp' --format '{{.Repository}}:{{.Tag}}' | xargs -r docker rmi >/dev/null
  docker tag playbook-fixture/base "playbook-fixture/stamp:$stamp"
}

all_here() {
  [ "$(docker images -q --filter 'reference=playbook-fixture/app' | sort -u | wc -l)" -ge 11 ] \
    && docker image inspect "playbook-fixture/stamp:$1" >/dev/null 2>&1
}

build() {
  local tag=$1 folder=$2 old
  shift 2
  old=$(docker image inspect -f '{{.Id}}' "$tag" 2>/dev/null || true)
  docker build -q --label playbook.fixture=1 -t "$tag" "$@" "$folder" >/dev/null
  remove_if_nameless "$old"
}

# What an earlier build had under this name, unless something else names or uses it.
remove_if_nameless() {
  [ -n "$1" ] && [ "$(docker image inspect -f '{{len .RepoTags}}' "$1" 2>/dev/null)" = 0 ] || return 0
  docker rmi "$1" >/dev/null 2>&1 || true
}

main
