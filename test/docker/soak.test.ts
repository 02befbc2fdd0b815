import { describe, expect, test } from 'vitest';
import { docker } from '../support/docker.ts';
import { type EngineState, only, sameStack } from '../support/engine-state.ts';
import { canHaveIslands, type PrivateEngine, withPrivateEngine } from '../support/private-engine.ts';
import { startPlaybook } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const compose = `
services:
  front:
    image: $PROJECT/app:\${TAG:-1}
    environment: { NAME: front }
    ports: ['$PORT:8080']
    restart: always
    networks: { default: { aliases: [www] } }
    volumes: [/scratch, 'kept:/kept']
  store:
    image: $PROJECT/app:1
    environment: { ROLE: db }
    volumes: [/data]
    restart: unless-stopped
volumes: { kept: {} }
`;

type Soaking = {
  stack: TestStack;
  engine: PrivateEngine;
  before: EngineState;
  /** Cancels the run and gives how it ended. */
  cancel(): Promise<{ code: number; stdout: string; stderr: string }>;
};

/** A stack on an engine of its own, deployed anew and now in its soak. */
async function withSoakingStack(body: (soaking: Soaking) => Promise<void>): Promise<void> {
  await withPrivateEngine(async (engine) => {
    await engine.loadImages(['playbook-fixture/app:1', 'playbook-fixture/app:2']);
    const soak = async (stack: TestStack): Promise<void> => {
      await stack.image('app:1', '1');
      await stack.image('app:2', '2');
      await stack.compose(['up', '-d', '--wait']);
      await stack.compose(['exec', '-T', 'front', 'sh', '-c', 'echo precious | tee /scratch/note >/kept/note']);
      const before = await stack.state();
      const args = ['run', 'deploy-stack.yml', '--yes', '--json', '-i', 'stable_for=1s', '-i', 'soak=10m'];
      const place = { cwd: stack.folder, stateDir: stack.stateDir, env: { ...stack.env, TAG: '2' } };
      const running = startPlaybook(args, place);
      await until('the soak begins', () => begun(running.output())).catch((error: Error) => {
        throw new Error(`${error.message}\n${running.output().stdout}${running.output().stderr}`);
      });
      const cancel: Soaking['cancel'] = async () => {
        const history = (await stack.playbook(['history', '--json'])).json() as { id: string }[];
        expect(await stack.playbook(['cancel', history[0]?.id ?? ''])).toMatchObject({ code: 0 });
        return running.ended;
      };
      await body({ stack, engine, before, cancel });
    };
    await withStack('soak', { 'compose.yml': compose }, soak, engine.env);
  });
}

async function inTheSoak(meddle: (stack: TestStack, engine: PrivateEngine) => Promise<void>): Promise<void> {
  await withSoakingStack(async ({ stack, engine, before, cancel }) => {
    await meddle(stack, engine);
    const ended = await cancel();
    expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 130 });
    expect(sameStack(await stack.state())).toEqual(sameStack(before));
    const inFront = (...argv: string[]): Promise<string> => stack.compose(['exec', '-T', 'front', ...argv]);
    expect(await inFront('cat', '/scratch/note', '/kept/note')).toBe('precious\nprecious');
    expect(await inFront('wget', '-q', '-O', '-', 'http://www:8080/')).toMatch(/^front 1/);
  });
}

function begun({ stdout, stderr }: { stdout: string; stderr: string }): boolean {
  if (stdout.includes('"run.ended"')) throw new Error(`the run ended before its soak:\n${stdout}${stderr}`);
  return /"step.started"[^\n]*"soak"/.test(stdout);
}

describe.runIf(canHaveIslands)('in the middle of the soak, and undo must still put everything back', () => {
  test('nothing happens', () => inTheSoak(async () => undefined));

  test('somebody types a plain "docker compose up -d"', () =>
    inTheSoak(async (stack) => {
      await stack.compose(['up', '-d'], { env: { TAG: '2' } });
    }));

  test('somebody types "docker compose up -d" with the old tag', () =>
    inTheSoak(async (stack) => {
      await stack.compose(['up', '-d']);
    }));

  test('a timer runs "docker system prune -f"', () =>
    inTheSoak(async (_stack, engine) => {
      await docker(['system', 'prune', '-f'], { env: engine.env });
    }));

  test('the engine is restarted', () =>
    inTheSoak(async (_stack, engine) => {
      await engine.end('TERM');
      await engine.start();
    }));

  test('the engine is killed: what it does not start again itself must be named', () =>
    withSoakingStack(async ({ stack, engine, before, cancel }) => {
      await engine.end('KILL');
      await engine.start();
      const ended = await cancel();
      const store = only(await stack.state(), 'store');
      expect(ended.code).toBe(store.status === 'running' ? 130 : 5);
      expect(ended.stdout.includes(`${stack.project}-store-1 does not run`)).toBe(store.status !== 'running');
      expect(only(sameStack(await stack.state()), 'front')).toEqual(only(sameStack(before), 'front'));
    }));
});
