import { expect, test } from 'vitest';
import { serving } from '../support/edge-stack.ts';
import { firstSync } from '../support/edge-updates.ts';
import { type AppVersion, nameApp } from '../support/images.ts';
import { canHaveIslands, type PrivateEngine, withPrivateEngine } from '../support/private-engine.ts';
import { runningOf } from '../support/replicas.ts';
import { removeProject, type TestStack, withStack } from '../support/stack.ts';
import { stackFiles } from '../support/stack-files.ts';
import { until } from '../support/until.ts';

test.runIf(canHaveIslands)(
  'after each way of updating, a restart of the edge, then of the engine, must leave the new version serving, and only it',
  async () => {
    await withPrivateEngine(async (engine) => {
      await withServedStack(engine, async (stack) => {
        expect(await staysOn(stack, engine, { playbook: 'rolling-update', version: '2' })).toHaveLength(2);
        expect(await staysOn(stack, engine, { playbook: 'blue-green', version: '3' })).toHaveLength(2);
      });
    });
  },
);

/** Gives the containers that serve after both restarts. */
async function staysOn(
  stack: TestStack,
  engine: PrivateEngine,
  { playbook, version }: { playbook: string; version: AppVersion },
): Promise<string[]> {
  await nameApp(`${stack.project}/web:1`, version, engine.env);
  const inputs = ['stable_for=0s', 'soak=0s'].flatMap((input) => ['-i', input]);
  const ended = await stack.playbook(['run', `${playbook}.yml`, '--yes', ...inputs]);
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  await servesOnly(stack, version);
  await stack.compose(['restart', 'edge']);
  await servesOnly(stack, version);
  await engine.end('TERM');
  await engine.start();
  return servesOnly(stack, version);
}

/** Version 1 behind its edge on an engine of its own, which has the next versions too. */
async function withServedStack(engine: PrivateEngine, body: (stack: TestStack) => Promise<void>): Promise<void> {
  const app = ['1', '2', '3'].map((version) => `playbook-fixture/app:${version}`);
  await engine.loadImages(['playbook-fixture/haproxy', ...app]);
  const files = {
    ...(await stackFiles('haproxy')),
    '.env': 'IMAGES=$PROJECT\nPORT=$PORT\nREPLICAS=2\n',
    // Nobody holds a connection here: the proxy need not wait for long to end.
    'compose.override.yml': 'services: { edge: { stop_grace_period: 1s } }\n',
  };
  const served = async (stack: TestStack): Promise<void> => {
    await nameApp(`${stack.project}/web:1`, '1', engine.env);
    try {
      await stack.compose(['up', '-d', '--wait']);
      await firstSync(stack);
      await servesOnly(stack, '1');
      await body(stack);
    } finally {
      // The proxy holds files of the stack's folder, which goes before the containers do.
      await removeProject(stack.project, engine.env);
    }
  };
  await withStack('serveson', files, served, engine.env);
}

/** Every answer is of this version, and the edge gives requests to exactly the two containers that run. */
async function servesOnly(stack: TestStack, version: string): Promise<string[]> {
  await until(`version ${version} answers`, async () => (await asked(stack)) === `web ${version}`);
  for (let time = 0; time < 6; time += 1) expect(await asked(stack)).toBe(`web ${version}`);
  const running = await runningOf(stack, 'web');
  expect(running).toHaveLength(2);
  expect(await serving(stack)).toEqual(running);
  return running;
}

/** From inside: the ports of a private engine are not those of this machine. */
async function asked(stack: TestStack): Promise<string | undefined> {
  const ask = ['exec', '-T', 'edge', 'wget', '-q', '-O', '-', 'http://127.0.0.1:8080/'];
  return stack.compose(ask).then(
    (answer) => answer.trim(),
    () => undefined,
  );
}
