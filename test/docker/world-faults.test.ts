import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { docker, dockerLines } from '../support/docker.ts';
import { type EngineState, only, putBack, sameStack } from '../support/engine-state.ts';
import { type Call, type Fault, withFaultProxy } from '../support/fault-proxy.ts';
import { startPlaybook } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const compose = `
services:
  web: { image: '$PROJECT/web:\${TAG:-1}', stop_grace_period: 1s, volumes: ['data:/data'] }
volumes: { data: {} }
`;

const playbook = `playbook: v1
name: faulty
steps:
  - { id: up, uses: compose.up, timeout: 10s }
  - { id: healthy, uses: health.wait, with: { stable_for: 1s }, timeout: 1m }
  - { id: soak, uses: wait.soak, with: { for: 1s }, pivot: true }
rollback:
  on: [failure, timeout, cancel]
  verify: [healthy]
`;

type Trouble = {
  name: string;
  /** The call of the run that meets it. */
  at: (call: Call, printed: string) => boolean;
  /** What becomes of that call, and of all that follow within so many milliseconds. */
  fault?: Fault;
  lasts?: number;
  act?: (stack: TestStack, pid: number) => Promise<unknown>;
  ends: { code: number; status: string };
  says?: RegExp;
};

const isStart = ({ method, path }: Call) => method === 'POST' && /\/containers\/\w+\/start/.test(path);
const isCreate = ({ method, path }: Call) => method === 'POST' && path.startsWith('/containers/create');
const isWaiting = (_: Call, printed: string) => printed.includes('"uses":"health.wait"');
const done = { code: 0, status: 'succeeded' };
const back = { code: 4, status: 'rolled-back' };

const troubles: Trouble[] = [
  { name: 'a change whose connection breaks', at: isStart, fault: { cut: true }, ends: back, says: /connection broke/ },
  {
    name: 'an engine that fails',
    at: isStart,
    fault: { status: 500, message: 'it failed' },
    ends: back,
    says: /it failed/,
  },
  { name: 'an engine that hangs', at: isStart, fault: { delayMs: 60_000 }, ends: back, says: /10 s/ },
  { name: 'a slow engine', at: isCreate, fault: { delayMs: 100 }, lasts: 60_000, ends: done },
  { name: 'an engine that is away for a while', at: isStart, fault: { cut: true }, lasts: 3_000, ends: back },
  {
    name: 'an engine that is away for a while in a wait',
    at: isWaiting,
    fault: { cut: true },
    lasts: 3_000,
    ends: done,
  },
  { name: 'Compose that is killed', at: isCreate, act: (_, pid) => killCompose(pid), ends: back, says: /ompose/ },
  {
    name: 'a new container that is removed by hand',
    at: isWaiting,
    act: async (stack) => docker(['rm', '-f', await newest(stack)]),
    ends: back,
    says: /removed|gone/,
  },
  { name: 'a network removed by hand, and what ran on it', at: isWaiting, act: removeNetwork, ends: back },
];

test.each(troubles)('$name must end with all new, or all as before, and say so', async (trouble) => {
  await withStack('faulty', { 'compose.yml': compose, 'faulty.yml': playbook }, async (stack) => {
    for (const version of ['1', '2'] as const) await stack.image(`web:${version}`, version);
    await stack.compose(['up', '-d', '--wait']);
    const before = await stack.state();
    const { code, stdout, stderr } = await runWith(stack, trouble);
    const shown = (await stack.playbook(['show', '--json'])).json() as { status: string };
    const told = stdout.slice(-3000) + stderr;
    expect({ code, status: shown.status }, told).toEqual(trouble.ends);
    if (trouble.says) expect(told).toMatch(trouble.says);
    const state = await stack.state();
    if (code === 0) expect(only(state, 'web').image).toBe(state.tags[`${stack.project}/web:2`]);
    else if (trouble.act === removeNetwork) expect(withoutNetworks(state)).toEqual(withoutNetworks(before));
    else expect(putBack(state)).toEqual(putBack(before));
  });
});

async function runWith(stack: TestStack, { at, fault, lasts = 0, act }: Trouble) {
  let since: number | undefined;
  let acted: Promise<unknown> | undefined;
  return withFaultProxy(
    () => undefined,
    async (proxy) => {
      const env = { ...stack.env, TAG: '2', DOCKER_HOST: proxy.host };
      const options = { cwd: stack.folder, stateDir: stack.stateDir, env };
      const running = startPlaybook(['run', 'faulty.yml', '--yes', '--json'], options);
      proxy.rule((call) => {
        const begins = since === undefined && at(call, running.output().stdout);
        if (begins) {
          since = Date.now();
          acted = act?.(stack, running.child.pid ?? 0);
        }
        return begins || (since !== undefined && Date.now() - since < lasts) ? fault : undefined;
      });
      const ended = await running.ended;
      expect(since, ended.stdout + ended.stderr).toBeDefined();
      await acted;
      return ended;
    },
  );
}

async function newest(stack: TestStack): Promise<string> {
  const [id = ''] = await dockerLines(['ps', '-lq', '--filter', `label=com.docker.compose.project=${stack.project}`]);
  return id;
}

async function removeNetwork(stack: TestStack): Promise<void> {
  const network = `${stack.project}_default`;
  // Running without a network is still running: it takes more for the run to go back.
  await docker(['rm', '-f', await newest(stack)]);
  await docker(['network', 'rm', network]);
}

/** Compose as a child of this run, by its pid: nobody else's. */
async function killCompose(run: number): Promise<void> {
  for (const pid of await childrenOf(run)) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('compose')) process.kill(pid, 'SIGKILL');
    await killCompose(pid);
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

/** A network that is made again has another ID. */
function withoutNetworks(state: EngineState) {
  const { networks: _networks, ...rest } = sameStack(state);
  return rest;
}
