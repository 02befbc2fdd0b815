import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factsNeeded } from '../../src/facts/needed.ts';
import { scopeTypes } from '../../src/plan/scope-types.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { allNodes, plainSteps } from '../../src/playbook/nodes.ts';
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

describe('what holds other steps', () => {
  const fixture = (name: string) =>
    readFileSync(join(import.meta.dirname, `../../fixtures/problems/${name}.yml`), 'utf8');

  test('must be built at any depth, with sizes as numbers and parts and pauses in milliseconds', async () => {
    const { steps } = await load(fixture('ok-loops'));
    const byId = new Map(allNodes(steps).map((node) => [node.id, node]));
    expect(byId.get('look')).toMatchObject({
      kind: 'parallel',
      parallel: [{ id: 'one' }, { id: 'two' }],
      pivot: false,
    });
    expect(byId.get('each')).toMatchObject({ kind: 'for_each', in: '["web", "api"]', as: 'name', allow: 1 });
    expect(byId.get('each')).not.toHaveProperty('batch');
    expect(byId.get('batches')).toMatchObject({ batch: '{{service.batch}}', delay: '{{service.delay}}', allow: 0 });
    expect(byId.get('fixed')).toMatchObject({ batch: [1, { percent: 25 }, 2] });
    expect(byId.get('ask')).toMatchObject({ uses: 'http.check', place: { line: 34 } });
    const text =
      'playbook: v1\nname: x\nsteps: [{ id: a, for_each: { in: "[1]", as: x, batch: 50%, delay: 1m }, do: [{ id: b, uses: shell.run, with: { argv: [a, "{{x.0}}"] } }] }]\n';
    expect((await load(text)).steps[0]).toMatchObject({ batch: [{ percent: 50 }], delay: 60_000 });
  });

  test('triggers must get their defaults, and `every` among their parameters', async () => {
    const { rollback } = await load(fixture('ok-rolling-update'));
    if (rollback === 'never') throw new Error('it has a way back');
    const [unhealthy, restarts] = rollback.triggers;
    expect(unhealthy).toMatchObject({ from: 'roll', trip: { bad: 1, of: 1 }, no_data: 'ignore', with: { for: '10s' } });
    expect(restarts).toMatchObject({ from: 'start', with: { more_than: 2 } });
    const loops = (await load(fixture('ok-loops'))).rollback;
    const down = loops === 'never' ? undefined : loops.triggers.find(({ id }) => id === 'down');
    expect(down?.with).toEqual({ url: '{{inputs.url}}', every: '10s' });
    expect(down).not.toHaveProperty('every');
  });

  test('variables of loops must not count as facts, and facts inside of loops and of triggers must', async () => {
    expect(factsNeeded(await load(fixture('ok-loops')))).toEqual([]);
    const inside = `playbook: v1\nname: x\nsteps: [{ id: a, for_each: { in: stack.services, as: one }, do: [{ id: b, uses: shell.run, with: { argv: [a, '{{one.name}}'] } }] }]\n`;
    expect(factsNeeded(await load(inside))).toEqual(['stack']);
    const trigger = `${SMALL}rollback: { triggers: [{ id: t, uses: watch.restarts, when: 'stack.project == "x"' }] }\n`;
    expect(factsNeeded(await load(trigger))).toEqual(['stack']);
  });

  test('the types of a run must know the variables and what a loop gives', async () => {
    const types = await scopeTypes(await load(fixture('ok-loops')), fakeRegistry());
    expect(types.locals).toMatchObject({
      name: { type: 'string' },
      service: { type: 'object', properties: { name: { type: 'string' } } },
      old: { type: 'array', items: { type: 'string' } },
      number: { type: 'array', items: { type: 'integer' } },
    });
    expect(types.steps['roll']?.properties).toHaveProperty('given_up');
    expect(types.steps['look']?.properties).toEqual({});
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
