import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering } from './edge-stack.ts';
import { firstSync } from './edge-updates.ts';
import { nameApp, root } from './images.ts';
import { removeProject, type TestStack, withStack } from './stack.ts';
import { until } from './until.ts';

/** How the new version of `web` goes wrong: at its start, or as soon as the file `turns/now` is there. */
export type Turn =
  | 'never-healthy'
  | 'second-never-healthy'
  | 'no-page'
  | 'dies'
  | 'logs-errors'
  | 'loses-database'
  | 'eats-memory'
  | 'hides-page';

/** Mounted, so that a test can say when it happens. `none` is what runs before. */
const start = `
case "$TURN" in
  never-healthy) export MODE=never-healthy ;;
  second-never-healthy) mkdir /turns/first 2>/dev/null || export MODE=never-healthy ;;
  no-page) export MODE=broken ;;
esac
again() { while :; do echo "$*"; sleep 0.1; done; }
turn() {
  until [ -e /turns/now ]; do sleep 0.1; done
  case "$TURN" in
    dies) sleep 0.3; kill -TERM 1 ;;
    logs-errors) again 'ERROR no price for this item' ;;
    loses-database) again 'connect to db:5432: connection refused' ;;
    eats-memory) mkdir /turns/eater && head -c 404000000 /dev/zero >/dev/shm/eaten ;;
    hides-page) rm /www/index.html ;;
  esac
}
turn &
while :; do echo 'WARN this takes long'; sleep 1; done &
exec /app/start
`;

/** Beside the edge of the sample stack: `web` behind it, a database with a named and an unnamed volume, a migration. */
const services = `
  web:
    image: $PROJECT/web:1
    command: [sh, /turns/start]
    environment: { NAME: web, GREETING: '\${GREETING}', TURN: '\${TURN}' }
    deploy: { replicas: 2 }
    restart: always
    mem_limit: 400m
    shm_size: 400m
    volumes: ['./turns:/turns']
    networks: { default: { aliases: [shop] } }
    depends_on: { migrate: { condition: service_completed_successfully } }
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, 'http://127.0.0.1:8080/healthz']
      interval: 500ms
      timeout: 1s
      retries: 2
      start_period: 1s
      start_interval: 100ms
    x-playbook:
      edge: { driver: haproxy, service: edge, port: 8080, backend: web, control: ./edge/run/admin.sock, file: ./edge/run/servers }

  db:
    image: $PROJECT/app:1
    environment: { ROLE: db, TURN: '\${DATABASE_TURN}' }
    volumes: ['data:/data', /extra]
    x-playbook: { stateful: true }

  migrate:
    image: $PROJECT/app:1
    environment: { ROLE: job, DATABASE: 'db:8080' }
    depends_on: { db: { condition: service_healthy } }

volumes: { data: {} }
`;

/** The `.env` of the stack: what `web` turns to, and whether the database is another one too. */
export function envFile(turn: Turn | 'none', withDatabase = false): string {
  return `PORT=$PORT\nGREETING=hello\nTURN=${turn}\nDATABASE_TURN=${withDatabase ? turn : 'none'}\n`;
}

/** The stack as plain Compose has started it, its edge in step, notes in its volumes; shipped playbooks with short windows. */
export async function withTurningStack(
  name: string,
  body: (stack: TestStack) => Promise<void>,
  more: Record<string, string> = {},
): Promise<void> {
  const fixture = join(root, 'fixtures/stacks/haproxy');
  const [edge = ''] = (await readFile(join(fixture, 'compose.yml'), 'utf8')).split(/^ {2}web:/m);
  const files = {
    'compose.yml': edge + services,
    'edge/haproxy.cfg': await readFile(join(fixture, 'edge/haproxy.cfg'), 'utf8'),
    'turns/start': start,
    '.env': envFile('none'),
    ...(await quickPlaybooks()),
    ...more,
  };
  await withStack(name, files, async (stack) => {
    for (const image of ['web', 'app']) await nameApp(`${stack.project}/${image}:1`, '1');
    try {
      await stack.compose(['up', '-d']);
      const notes = 'for folder in data extra; do echo "kept in $folder" >/$folder/note; done';
      await stack.compose(['exec', '-T', 'db', 'sh', '-c', notes]);
      await firstSync(stack);
      await until('the stack answers', async () => (await answering(stack)) !== undefined);
      await body(stack);
    } finally {
      // The proxy holds files of the stack's folder, which goes before the containers do.
      await removeProject(stack.project);
    }
  });
}

const windows: [string, string][] = [
  ["steps.start.containers}}', stable_for:", "steps.start.containers}}', deadline: 6s, stable_for:"],
  ['with: { for: 10s }', 'with: { for: 2s }'],
  ['more_than: 10, within: 1m', 'more_than: 10, within: 5s'],
  ['more_than: 5, within: 30s', 'more_than: 5, within: 5s'],
  ['every: 5s, failing_for: 2m', 'every: 500ms, failing_for: 2s'],
  ['with: { every: 5s }', 'with: { every: 1s }'],
];

/** The edge warns too, of every server that comes and goes: only what `web` says is compared. */
const comparing: [string, string][] = [
  ["pattern: 'ERROR|FATAL', more_than: 10,", "pattern: 'ERROR|WARN this', over_baseline: 3x,"],
];

/** The shipped texts with nothing changed but windows; and one that compares with what was logged before. */
async function quickPlaybooks(): Promise<Record<string, string>> {
  const read = async (name: string) => replaced(await readFile(join(root, `playbooks/${name}.yml`), 'utf8'), windows);
  const [rolling, colours] = await Promise.all([read('rolling-update'), read('blue-green')]);
  return {
    'playbooks/rolling-update.yml': rolling,
    'playbooks/over-baseline.yml': replaced(rolling, comparing),
    'playbooks/blue-green.yml': colours,
  };
}

function replaced(text: string, pairs: readonly [string, string][]): string {
  return pairs.reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`the shipped playbook does not say any more: ${from}`);
    return all.replace(from, to);
  }, text);
}
