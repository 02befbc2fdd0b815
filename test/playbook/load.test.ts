import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factsNeeded } from '../../src/facts/needed.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { plainSteps } from '../../src/playbook/nodes.ts';
import type { Playbook } from '../../src/playbook/types.ts';
import type { Registry } from '../../src/runner/registry.ts';
import { fakeRegistry } from '../support/fake-registry.ts';

async function load(text: string): Promise<Playbook> {
  const { playbook, problems } = await loadPlaybook({ file: '/p/x.yml', text }, fakeRegistry());
  if (!playbook) throw new Error(problems.map(({ message }) => message).join('\n'));
  return playbook;
}

const SMALL = 'playbook: v1\nname: small\nsteps: [{ id: up, uses: compose.up }]\n';

describe('what is left out', () => {
  test('must get its default', async () => {
    expect(await load(SMALL)).toEqual({
      version: 'v1',
      name: 'small',
      file: '/p/x.yml',
      inputs: {},
      secrets: {},
      target: {},
      lock: { wait: 0 },
      on_crash: 'undo',
      guards: [],
      steps: [
        { id: 'up', uses: 'compose.up', with: {}, guards: [], pivot: false, place: expect.anything() as unknown },
      ],
      rollback: { on: ['failure', 'timeout', 'cancel', 'trigger'], verify: [], triggers: [] },
      always: [],
    });
  });
});

describe('what is written', () => {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/problems/ok-everything.yml'), 'utf8');

  test('durations of the envelope must be milliseconds, parameters stay as written', async () => {
    const playbook = await load(text);
    const [up, ask, script, program] = plainSteps(playbook.steps);
    expect(playbook).toMatchObject({
      lock: { wait: 300_000 },
      deadline: 3_600_000,
      rollback: 'never',
      on_crash: 'ask',
    });
    expect(up?.retry).toEqual({ attempts: 2, backoff: { from: 5_000, to: 5_000 } });
    expect(up?.guards).toMatchObject([{ id: 'again', uses: 'check.ports', level: 'warn' }]);
    expect(ask).toMatchObject({
      timeout: 30_000,
      with: { samples: '{{inputs.replicas}}', headers: { Authorization: { secret: 'token' } } },
    });
    expect(script?.undo).toEqual({ none: true, because: 'It only prints.' });
    expect(program).toMatchObject({
      pivot: true,
      undo: { uses: 'shell.run' },
      probe: { done: 'result.ok == 1', with: {} },
    });
  });

  test('a playbook must survive JSON, for a run pins it', async () => {
    const playbook = await load(text);
    expect(JSON.parse(JSON.stringify(playbook))).toEqual(playbook);
  });

  test('a step must know its place', async () => {
    expect((await load(SMALL)).steps[0]?.place).toMatchObject({ file: '/p/x.yml', line: 3, column: 9 });
  });

  test('only the facts that are asked for must be read', async () => {
    expect(factsNeeded(await load(text))).toEqual([]);
    const deploy = readFileSync(join(import.meta.dirname, '../../fixtures/problems/ok-deploy-stack.yml'), 'utf8');
    expect(factsNeeded(await load(deploy))).toEqual(['stack']);
    expect(factsNeeded(await load(`${SMALL}target: { env: { P: '{{stack.project}}' } }\n`))).toEqual(['stack']);
  });
});

test('warnings must not keep a playbook from running', async () => {
  const text = `${SMALL}guards: [{ id: so, that: '1 < 2', say: No. }]\n`;
  const { playbook, problems } = await loadPlaybook({ file: 'x.yml', text }, fakeRegistry());
  expect(playbook?.name).toBe('small');
  expect(problems.map(({ level }) => level)).toEqual(['warning']);
});

test('problems must be sorted by place', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/problems/references.yml'), 'utf8');
  const { problems } = await loadPlaybook({ file: 'x.yml', text }, fakeRegistry());
  const places = problems.map(({ place }) => (place?.line ?? 0) * 1_000 + (place?.column ?? 0));
  expect(places).toEqual(places.toSorted((left, right) => left - right));
});

test('only the runners that a playbook names must be loaded', async () => {
  const asked: string[] = [];
  const registry = fakeRegistry();
  const spying: Registry = {
    ...registry,
    find: (name) => {
      asked.push(name);
      return registry.find(name);
    },
    facts: (name) => {
      asked.push(name);
      return registry.facts(name);
    },
  };
  await loadPlaybook({ file: 'x.yml', text: SMALL }, spying);
  expect(asked).toEqual(['compose.up']);
});

test('a playbook of 500 steps with conditions must load in time', async () => {
  const steps = Array.from(
    { length: 500 },
    (_, at) => `  - { id: s${at}, uses: compose.up${at > 0 ? `, when: 'steps.s${at - 1}.ok'` : ''} }`,
  );
  const playbook = await load(`playbook: v1\nname: long\nsteps:\n${steps.join('\n')}\n`);
  expect(playbook.steps).toHaveLength(500);
});
