import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/engine/events.ts';
import { type EngineState, putBack } from '../support/engine-state.ts';
import { type Call, withFaultProxy } from '../support/fault-proxy.ts';
import { canHaveIslands, type PrivateEngine, withPrivateEngine } from '../support/private-engine.ts';
import { type Registry, withRegistry } from '../support/registry.ts';
import { startPlaybook } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const compose = `
services:
  web: { image: '$PROJECT/web:\${TAG:-1}', restart: always, stop_grace_period: 1s, volumes: ['data:/data'] }
  api: { image: '$PROJECT/web:1', restart: always, stop_grace_period: 1s }
volumes: { data: {} }
`;

const playbook = `playbook: v1
name: restarted
inputs:
  fails: { type: boolean, default: false, description: Whether it shall be taken back. }
steps:
  - { id: pull, uses: compose.pull, retry: { attempts: 3, backoff: 1s..5s, if: 'error.class == "transient"' } }
  - { id: up, uses: compose.up }
  - { id: healthy, uses: health.wait, with: { stable_for: 2s }, timeout: 2m }
  - { id: smoke, uses: http.check, when: inputs.fails, with: { url: 'http://127.0.0.1:1/' }, timeout: 1s }
  - { id: soak, uses: wait.soak, with: { for: 1s }, pivot: true }
rollback:
  on: [failure, timeout, cancel]
  verify: [healthy]
`;

type Moment = {
  name: string;
  /** Whether the engine is to go at this call of the run, which still reaches it. */
  at: (call: Call, printed: string) => boolean;
  args?: string[];
  /** What else is so while it is away. */
  meanwhile?: { begin: () => void; end: () => void };
  ends: { code: number; status: string };
};

const isStop = ({ method, path }: Call) => method === 'POST' && /\/containers\/\w+\/stop/.test(path);
const isIn = (event: RunEvent['type'], printed: string) => printed.includes(`"type":"${event}"`);
const isWaiting = (printed: string) => printed.split('"uses":"health.wait"').length === 2;

const moments: Moment[] = [
  {
    name: 'the switch',
    at: (call) => isStop(call),
    ends: { code: 4, status: 'rolled-back' },
  },
  {
    name: 'a wait',
    at: (_, printed) => isWaiting(printed),
    ends: { code: 0, status: 'succeeded' },
  },
  {
    name: 'an undo',
    at: (call, printed) => isIn('undo.started', printed) && isStop(call),
    args: ['-i', 'fails=true'],
    ends: { code: 4, status: 'rolled-back' },
  },
];

const isPull = ({ method, path }: Call) => method === 'POST' && path.startsWith('/images/create');

describe.runIf(canHaveIslands)('an engine that restarts in the middle of', () => {
  test.each(moments)('$name must not lose the run: everything new, or everything as before', async (moment) => {
    await withRestartable(async (engine, stack) => {
      const { ended, told } = await endOf(engine, stack, moment);
      expect(ended, told).toEqual({ ...moment.ends, runs: moment.ends.code === 0 ? 'new' : 'before' });
    });
  });

  test('a pull must not lose the run: it is pulled again', async () => {
    await withRestartable(async (engine, stack) => {
      const pulled = async (registry: Registry): Promise<void> => {
        const name = `${stack.project}/web:2`;
        await registry.publish(name, '2', stack.project);
        await stack.write('compose.override.yml', `services: { web: { image: '${registry.host}/${name}' } }`);
        const meanwhile = { begin: registry.hang, end: registry.goOn };
        const ends = { code: 0, status: 'succeeded' };
        const { ended, told } = await endOf(engine, stack, { name: 'a pull', at: isPull, meanwhile, ends });
        expect(ended, told).toEqual({ ...ends, runs: 'new' });
      };
      await withRegistry(pulled, engine);
    });
  });
});

type Ended = Moment['ends'] & { runs: unknown };

/** How it ended, and what runs then: all `new`, all as `before`, or else what there is. */
async function endOf(engine: PrivateEngine, stack: TestStack, moment: Moment): Promise<{ ended: Ended; told: string }> {
  const before = putBack(await stack.state());
  const { code, stdout, stderr } = await runWhileRestarting(engine, stack, moment);
  const { status } = (await stack.playbook(['show', '--json'])).json() as { status: string };
  const state = await stack.state();
  const now = [...statuses(state), ...tagsOf(state)];
  const runs = isDeepStrictEqual(putBack(state), before) ? 'before' : now.join() === ALL_NEW ? 'new' : now;
  return { ended: { code, status, runs }, told: stdout.slice(-3000) + stderr };
}

const ALL_NEW = 'running,running,1,2';

async function withRestartable(body: (engine: PrivateEngine, stack: TestStack) => Promise<void>): Promise<void> {
  await withPrivateEngine(async (engine) => {
    await engine.loadImages(['playbook-fixture/app:1', 'playbook-fixture/app:2']);
    const files = { 'compose.yml': compose, 'restarted.yml': playbook };
    const run = async (stack: TestStack) => {
      for (const version of ['1', '2'] as const) await stack.image(`web:${version}`, version);
      await stack.compose(['up', '-d', '--wait']);
      await body(engine, stack);
    };
    await withStack('restart', files, run, engine.env);
  });
}

async function runWhileRestarting(engine: PrivateEngine, stack: TestStack, { at, args = [], meanwhile }: Moment) {
  let restarted: Promise<void> | undefined;
  const restart = async () => {
    meanwhile?.begin();
    await engine.end('TERM');
    meanwhile?.end();
    await engine.start();
  };
  return withFaultProxy(
    () => undefined,
    async (proxy) => {
      const env = { ...stack.env, TAG: '2', DOCKER_HOST: proxy.host };
      const options = { cwd: stack.folder, stateDir: stack.stateDir, env };
      const running = startPlaybook(['run', 'restarted.yml', '--yes', '--json', ...args], options);
      proxy.rule((call) => {
        if (restarted === undefined && at(call, running.output().stdout)) restarted = restart();
        return undefined;
      });
      const ended = await running.ended;
      expect(restarted, ended.stdout + ended.stderr).toBeDefined();
      await restarted;
      return ended;
    },
    engine.env.DOCKER_HOST,
  );
}

const statuses = ({ containers }: EngineState) => Object.values(containers).map(({ status }) => status);

const tagsOf = ({ containers, tags }: EngineState) =>
  Object.values(containers)
    .map(({ image }) =>
      Object.entries(tags)
        .find(([, id]) => id === image)?.[0]
        .split(':')
        .at(-1),
    )
    .toSorted();
