#!/usr/bin/env bash
# npm run demo             deploys the sample stack from ./.demo, and asks it for its page
# npm run demo -- down     removes everything the demo made
# npm run demo -- COMMAND  any playbook command on the demo's stack: plan deploy-stack.yml, status, history, show RUN, undo RUN, …
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
demo=${PLAYBOOK_DEMO:-$root/.demo}
project=${PLAYBOOK_DEMO_PROJECT:-shop-demo}

main() {
  case "${1:-}" in
    '') deploy ;;
    down) remove_everything ;;
    *) [ -d "$demo/stack" ] || prepare; playbook "$@" ;;
  esac
}

deploy() {
  prepare
  local port status=0
  port=$(sed -n 's/^PORT=//p' "$demo/stack/.env")
  playbook run deploy-stack.yml --yes -i "smoke_url=http://127.0.0.1:$port/" -i stable_for=2s -i soak=0s || status=$?
  page "$port" || { [ "$status" != 0 ] || status=1; }
  hints
  return "$status"
}

prepare() {
  "$root/scripts/ensure-engine.sh"
  "$root/scripts/build-images.sh" sample
  [ -d "$demo/stack" ] || copy_stack
  local image tag
  for tag in 1 2 3 never-healthy exits crash-loops broken fails; do
    for image in api db; do docker tag "playbook-fixture/app:$tag" "$project/$image:$tag"; done
  done
}

copy_stack() {
  mkdir -p "$demo"
  cp -R "$root/fixtures/stacks/shop" "$demo/stack"
  rm "$demo/stack/plan.txt"
  printf '%s\n' "COMPOSE_PROJECT_NAME=$project" "IMAGES=$project" "PORT=${PLAYBOOK_DEMO_PORT:-$(free_port)}" >"$demo/stack/.env"
}

free_port() {
  local port=8080
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

playbook() { (cd "$demo/stack" && node "$root/bin/playbook.js" "$@" --state-dir "$demo/state"); }

page() {
  printf '\nhttp://127.0.0.1:%s says: ' "$1"
  node -e 'fetch(process.argv[1]).then((a) => a.text()).then((t) => process.stdout.write(t)).catch((e) => { console.log("nothing (" + e.message + ")"); process.exit(1); })' "http://127.0.0.1:$1/"
}

hints() {
  cat <<'TXT'

Try next:
  npm run demo                        again: nothing to do
  TAG=2 npm run demo                  a new version
  TAG=never-healthy npm run demo      one that never becomes healthy: everything is put back
  TAG=broken npm run demo             one that is healthy and whose page is missing: the smoke test notices
  npm run demo -- plan deploy-stack.yml    what a run would do; and: status, history, show RUN, releases
  npm run demo -- down                remove everything
TXT
}

remove_everything() {
  local label=label=com.docker.compose.project=$project
  docker ps -aq --filter "$label" | xargs -r docker rm -f -v >/dev/null
  docker network ls -q --filter "$label" | xargs -r docker network rm >/dev/null
  docker volume ls -q --filter "$label" | xargs -r docker volume rm >/dev/null
  docker images --format '{{.Repository}}:{{.Tag}}' | grep -E "^(playbook/)?$project/" | xargs -r docker rmi >/dev/null || true
  rm -rf "$demo"
  echo 'The demo is gone.'
}

main "$@"
