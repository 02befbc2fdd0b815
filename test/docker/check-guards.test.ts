import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { check } from '../../runners/check/index.ts';
import { readyParams } from '../../src/playbook/params.ts';
import type { AnyGuard, Judgement, Look } from '../../src/runner/contract.ts';
import { bench } from '../support/action-context.ts';
import { getOnly, withFaultProxy } from '../support/fault-proxy.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const scope = { inputs: {}, facts: {}, steps: {}, types: { inputs: {}, facts: {}, steps: {} } };

/** Judges as the plan does: its defaults filled in, nothing planned before. */
async function judge(
  name: string,
  stack: TestStack,
  env: Record<string, string> = {},
  look?: Look,
): Promise<Judgement> {
  const guard = check.offers[`check.${name}`] as AnyGuard;
  const plain = look ?? (await bench(stack.folder, { project: stack.project })).look;
  const seen: Look = Object.create(plain, { env: { value: { ...plain.env, ...env } } });
  return guard.judge(readyParams(guard.params, {}, scope), seen, []);
}

const names = Object.keys(check.offers).map((name) => name.replace('check.', ''));
// Without a release to go back to, which only a `target` names, there is nothing that this one could let pass.
// The stack is as short as can be: no limits, no restart.
const others: Record<string, string> = { release: 'release no-go', practices: 'practices warn' };
const allGo = names.map((name) => others[name] ?? `${name} go`);

async function verdicts(stack: TestStack, env: Record<string, string> = {}): Promise<string[]> {
  const said: string[] = [];
  for (const name of names) said.push(`${name} ${(await judge(name, stack, env)).verdict}`);
  return said;
}

const web = `
services:
  web:
    image: playbook-fixture/app:1
    environment: { MODE: healthy }
    ports: ['$PORT:8080']
    stop_grace_period: 0s
`;

describe('the guards on a real engine', () => {
  test('must all be a go on a good stack, before and after it runs', async () => {
    await withStack('check', { 'compose.yml': web }, async (stack) => {
      expect(await verdicts(stack)).toEqual(allGo);
      await stack.compose(['up', '-d']);
      expect((await judge('ports', stack)).say).toBe('nothing that changes publishes a port.');
      expect((await judge('way_back', stack)).say).toMatch(/^1 container can be put back; there is no release yet/);
    });
  });

  test('must all judge through a socket that lets only reads through', async () => {
    await withStack('reads', { 'compose.yml': web }, async (stack) => {
      await withFaultProxy(getOnly, async (proxy) => {
        expect(await verdicts(stack, { DOCKER_HOST: proxy.host })).toEqual(allGo);
        expect(proxy.refused).toEqual([]);
      });
    });
  });
});

describe('check.ports on a real engine', () => {
  test('F05 must name the container of another project that holds the port', async () => {
    await withStack('holder', { 'compose.yml': web }, async (holder) => {
      await holder.compose(['up', '-d']);
      await withStack('ports', { 'compose.yml': web.replace('$PORT', String(holder.port)) }, async (stack) => {
        const before = await stack.state();
        expect(await judge('ports', stack)).toMatchObject({
          verdict: 'no-go',
          say: `port ${holder.port} of web is held by container ${holder.project}-web-1 of project ${holder.project}.`,
          hint: expect.stringContaining(`docker stop ${holder.project}-web-1`),
        });
        expect(await stack.state()).toEqual(before);
      });
    });
  });

  test('F05 must name the process that holds the port', async () => {
    await withStack('ports', { 'compose.yml': web }, async (stack) => {
      const server = createServer().listen(stack.port, '0.0.0.0');
      try {
        expect(await judge('ports', stack)).toMatchObject({
          verdict: 'no-go',
          say: expect.stringMatching(
            new RegExp(`^port ${stack.port} of web is held by .+ \\(pid ${process.pid}\\)\\.$`),
          ),
        });
      } finally {
        server.close();
      }
    });
  });

  test('must know the port as ours when its service is replaced', async () => {
    await withStack('ports', { 'compose.yml': web }, async (stack) => {
      await stack.compose(['up', '-d']);
      await stack.write('compose.yml', web.replace('MODE: healthy', 'MODE: healthy, NEW: 1'));
      expect(await judge('ports', stack)).toMatchObject({
        verdict: 'go',
        say: `${stack.port} is ours already (${stack.project}-web-1).`,
      });
    });
  });

  test('must be a no-go where an orphan of the stack holds the port', async () => {
    await withStack('ports', { 'compose.yml': web }, async (stack) => {
      await stack.compose(['up', '-d']);
      await stack.write('compose.yml', web.replace('  web:', '  front:'));
      expect(await judge('ports', stack)).toMatchObject({
        verdict: 'no-go',
        hint: expect.stringContaining(`docker rm -f ${stack.project}-web-1`),
      });
    });
  });
});

describe('the other guards on a real engine', () => {
  test('check.config must name each file by its path from the folder of the stack', async () => {
    const files = { 'compose.yml': `include: [cache/compose.yml]\n${web}`, 'cache/compose.yml': 'services: {}\n' };
    await withStack('config-files', files, async (stack) => {
      expect(await judge('config', stack)).toMatchObject({
        say: 'compose.yml and cache/compose.yml are valid: 1 service.',
      });
    });
  });

  test('check.config must name the variables that are set nowhere', async () => {
    await withStack(
      'config',
      { 'compose.yml': web.replace('app:1', 'app:$${TAG}$${REST:-}').replaceAll('$$', '$') },
      async (stack) => {
        expect(await judge('config', stack, { REST: '1' })).toMatchObject({
          verdict: 'warn',
          say: 'compose.yml is valid: 1 service. But TAG is not set, so it is empty.',
        });
        expect(await judge('config', stack, { TAG: '1' })).toMatchObject({ verdict: 'go' });
      },
    );
  });

  test('check.config must say what Compose says, with the place', async () => {
    await withStack('config', { 'compose.yml': web.replace('image:', 'imagee:') }, async (stack) => {
      expect(await judge('config', stack)).toMatchObject({
        verdict: 'no-go',
        say: expect.stringMatching(/compose\.yml:4:\d+: .*imagee/),
        evidence: { problems: [{ code: 'invalid-compose-file', place: { line: 4 } }] },
      });
    });
  });

  test('check.images must be a no-go for an image that is nowhere, and for a build without its file', async () => {
    const files = {
      'compose.yml': `
services:
  web: { image: 127.0.0.1:1/nobody/nothing:1 }
  local: { image: nobody/local:1, pull_policy: never }
  built: { build: ./src }
`,
    };
    await withStack('images', files, async (stack) => {
      const judged = await judge('images', stack);
      expect(judged.verdict).toBe('no-go');
      expect(judged.say).toContain('127.0.0.1:1/nobody/nothing:1 (web) is not here, and cannot be pulled');
      expect(judged.say).toContain('nobody/local:1 (local) is not here, and pull_policy is never');
      expect(judged.say).toContain(`cannot be built: there is no folder ${stack.folder}/src`);
      await stack.write('src/Dockerfile', 'FROM scratch\n');
      expect((await judge('images', stack)).say).not.toContain('cannot be built');
    });
  });

  test('check.healthchecks must know the healthcheck of an image, and warn of a service without one', async () => {
    const services = `${web}  worker: { image: playbook-fixture/base }\n`;
    await withStack('checks', { 'compose.yml': services }, async (stack) => {
      expect(await judge('healthchecks', stack)).toMatchObject({
        verdict: 'warn',
        say: 'worker has no healthcheck: "it runs" is all that can be known.',
        evidence: { web: { interval: 1000 }, worker: null },
      });
    });
  });

  test('check.way_back must be a no-go while a variable of a secret is not set', async () => {
    const secret = `${web}    secrets: [token]\nsecrets: { token: { environment: PLAYBOOK_TEST_TOKEN } }\n`;
    await withStack('back', { 'compose.yml': secret }, async (stack) => {
      expect(await judge('way_back', stack)).toMatchObject({
        verdict: 'no-go',
        say: expect.stringContaining('PLAYBOOK_TEST_TOKEN (secret token) is not set'),
      });
      expect(await judge('way_back', stack, { PLAYBOOK_TEST_TOKEN: 'x' })).toMatchObject({ verdict: 'go' });
      await stack.write('.env', 'PLAYBOOK_TEST_TOKEN=x\n');
      expect(await judge('way_back', stack)).toMatchObject({ verdict: 'go' });
    });
  });

  test('check.resources must name what is missing, and refuse more CPUs than there are', async () => {
    const greedy = web.replace('    stop_grace', '    cpus: 999\n    stop_grace');
    await withStack('room', { 'compose.yml': greedy }, async (stack) => {
      expect(await judge('resources', stack)).toMatchObject({
        verdict: 'no-go',
        say: expect.stringContaining('web may use 999 CPUs'),
      });
    });
  });
});
