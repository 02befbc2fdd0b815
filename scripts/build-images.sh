#!/usr/bin/env bash
# build-images.sh [sample] [load]: builds the images that the demo and the tests run. `sample`: playbook-fixture/base, and
# playbook-fixture/app in each version and each way of going wrong. `load`: the proxies, and the app that load is put on. Nothing named:
# both. Does nothing when they are here and fixtures/images did not change.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
images=$root/fixtures/images
versions='1 2 3'
modes='never-healthy exits crash-loops dies ignores-term slow broken fails'
proxies='haproxy caddy nginx'

main() {
  context=$(mktemp -d)
  trap "rm -rf '$context'" EXIT
  make_sure sample 11 app base app
  case " $* " in '  ' | *' load '*) make_sure load 3 load node load $proxies ;; esac
}

# make_sure GROUP COUNT IMAGE FOLDER...: COUNT versions of IMAGE are here, built from these folders as they are now.
make_sure() {
  local group=$1 count=$2 image=$3 stamp here
  shift 3
  stamp=$(cd "$images" && find "$@" -type f -print0 | sort -z | xargs -0 cat "$root/scripts/build-images.sh" | sha256sum | cut -c1-16)
  here=$(docker images -q --filter "reference=playbook-fixture/$image" | sort -u | wc -l)
  [ "$here" -ge "$count" ] && docker image inspect "playbook-fixture/stamp:$group-$stamp" >/dev/null 2>&1 && return
  "build_$group"
  docker images --filter "reference=playbook-fixture/stamp:$group-*" --format '{{.Repository}}:{{.Tag}}' | xargs -r docker rmi >/dev/null
  docker tag playbook-fixture/base "playbook-fixture/stamp:$group-$stamp"
}

build_sample() {
  local tag
  mkdir "$context/base"
  cp "$("$root/scripts/ensure-busybox.sh")" "$context/base/busybox"
  cp -r "$images/base/." "$context/base"
  build playbook-fixture/base "$context/base"
  for tag in $versions; do build "playbook-fixture/app:$tag" "$images/app" --build-arg "VERSION=$tag"; done
  for tag in $modes; do build "playbook-fixture/app:$tag" "$images/app" --build-arg "VERSION=$tag" --build-arg "MODE=$tag"; done
}

build_load() {
  local proxy tag
  for proxy in $proxies; do
    cp -r "$("$root/scripts/ensure-edge.sh" "$proxy")" "$context/$proxy"
    cp "$images/$proxy/Dockerfile" "$context/$proxy/"
    build "playbook-fixture/$proxy" "$context/$proxy"
  done
  "$root/scripts/copy-program.sh" "$root/node_modules/node/bin/node" "$context/node"
  cp "$images/node/Dockerfile" "$context/node/"
  build playbook-fixture/node "$context/node"
  for tag in 1 2; do build "playbook-fixture/load:$tag" "$images/load" --build-arg "VERSION=$tag"; done
  build playbook-fixture/load:bad "$images/load" --build-arg VERSION=bad --build-arg MODE=never-healthy
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

main "$@"
