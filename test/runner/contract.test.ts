import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../../runners/index.ts';
import { checkCondition } from '../../src/expression/check.ts';
import { parseDuration } from '../../src/playbook/duration.ts';
import { readyParams } from '../../src/playbook/params.ts';
import { checkShape } from '../../src/playbook/shape.ts';
import type { AnyAction, AnyTrigger, Json, JsonSchema, Runner } from '../../src/runner/contract.ts';

const families = await Promise.all(Object.values(FAMILIES).map((entry) => entry.load()));
const runners = families.flatMap((family) => Object.entries(family.offers));
const actions = runners.filter((entry): entry is [string, AnyAction] => entry[1].kind === 'action');
const triggers = runners.filter((entry): entry is [string, AnyTrigger] => entry[1].kind === 'trigger');
const scope = { inputs: {}, facts: {}, steps: {}, types: { inputs: {}, facts: {}, steps: {} } };

/** Every property below a schema that a user writes or reads, with its path. */
function propertiesOf(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).map(
    ([name, each]) => [`${path}.${name}`, each] as [string, JsonSchema],
  );
  const inner = [schema.items, schema.additionalProperties, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const deeper = [
    ...own,
    ...inner.flatMap((each) => (typeof each === 'object' ? [[path, each] as [string, JsonSchema]] : [])),
  ];
  return [...own, ...deeper.flatMap(([at, each]) => propertiesOf(each, at))];
}

/** Paths of properties whose description is missing or no sentence. */
function undescribed(schema: JsonSchema): string[] {
  const properties = propertiesOf(schema);
  return properties.filter(([, each]) => !/^\S.{3,}\.$/.test(each.description ?? '')).map(([path]) => path);
}

function faults(runner: Runner, params: Record<string, Json>): string[] {
  return checkShape(runner.params, params, { templates: true }, ['with']).map(({ message }) => message);
}

describe.each(runners)('%s', (_name, runner) => {
  it('must say in one sentence what it is', () => {
    expect(runner.summary).toMatch(/^[A-Z].{10,110}\.$/);
  });

  it('must refuse keys that it does not know', () => {
    expect(runner.params).toMatchObject({ type: 'object', additionalProperties: false });
    expect(faults(runner, { nonsense: 1 })).toContainEqual(expect.stringContaining('no key `nonsense`'));
  });

  it('must describe every parameter', () => {
    expect(undescribed(runner.params)).toEqual([]);
  });

  it('must have defaults and examples that fit their own schema', () => {
    const unfit = propertiesOf(runner.params).filter(([, schema]) => {
      const given = [...(schema.default === undefined ? [] : [schema.default]), ...(schema.examples ?? [])];
      return given.some((value) => checkShape(schema, value, { templates: false }).length > 0);
    });
    expect(unfit).toEqual([]);
  });

  it('must take its own examples', () => {
    expect(runner.examples.length).toBeGreaterThan(0);
    for (const example of runner.examples) {
      expect(faults(runner, example.with)).toEqual([]);
      expect(() => readyParams(runner.params, example.with, scope)).not.toThrow();
    }
  });

  it('must get its durations and sizes as numbers, defaults among them', () => {
    const [example] = runner.examples;
    const ready = readyParams(runner.params, example?.with ?? {}, scope);
    const left = Object.entries(runner.params.properties ?? {}).filter(
      ([name, { format }]) => (format === 'duration' || format === 'size') && typeof ready[name] === 'string',
    );
    expect(left).toEqual([]);
  });
});

describe.each(actions)('the action %s', (_name, action) => {
  it('must end by itself', () => {
    expect(parseDuration(action.timeout)).toBeGreaterThan(0);
  });

  it('must describe what it gives', () => {
    expect(action.outputs.type).toBe('object');
    expect(undescribed(action.outputs)).toEqual([]);
  });

  it('must have an undo, or say why there is none', () => {
    if (typeof action.undo === 'function') return;
    const reason = 'impossible' in action.undo ? action.undo.impossible : action.undo.unneeded;
    expect(reason).toMatch(/\w+ \w+/);
    if (action.effect === 'pure') expect(action.undo).toHaveProperty('unneeded');
    else expect(action.undo).toHaveProperty('impossible');
  });

  it('must be able to tell whether it happened where its class says so', () => {
    expect(action.probe !== undefined).toBe(action.effect === 'probed');
  });

  it('must keep something only for a way back, or to tell after a cut whether it has happened', () => {
    expect(action.settle !== undefined && typeof action.undo !== 'function' && action.effect !== 'probed').toBe(false);
  });
});

describe.each(triggers)('the trigger %s', (_name, trigger) => {
  const ready = trigger.examples.map((example) => readyParams(trigger.params, example.with, scope));

  it('must describe its samples, all of them and nothing else', () => {
    const { sample } = trigger;
    expect(sample).toMatchObject({ type: 'object', additionalProperties: false });
    expect(sample.required?.toSorted()).toEqual(Object.keys(sample.properties ?? {}).toSorted());
    expect(undescribed(sample)).toEqual([]);
    expect(propertiesOf(sample).filter(([, each]) => each.type === undefined)).toEqual([]);
  });

  it('must say what trips it as a clause', () => {
    for (const params of ready) expect(trigger.say(params)).toMatch(/^\S.{5,}[^.\s]$/);
  });

  it('must know how long it must watch', () => {
    for (const params of ready) expect(trigger.needs(params)).toBeGreaterThanOrEqual(0);
  });
});

describe('a condition over a sample', () => {
  const conditions: [string, string, number][] = [
    ['watch.usage', 'sample.memory > 95.0 || sample.cpu > 95.0', 0],
    ['watch.usage', 'sample.memory_of == "db"', 0],
    ['watch.usage', 'sample.disk > 95.0', 1],
    ['watch.usage', 'sample.memory > "95"', 1],
    ['watch.health', 'sample.unhealthy > 0 && sample.bad_for > 2.5', 0],
    ['watch.health', 'sample.services.exists(s, s == "web")', 0],
    ['watch.restarts', 'sample.restarts > 1 || sample.oom > 0', 0],
    ['watch.logs', 'sample.count > 5 && double(sample.count) > sample.baseline * 2.0', 0],
    ['watch.http', 'sample.status >= 500 || sample.latency_ms > 800', 0],
    ['watch.tcp', 'sample.failing_for > 3.0', 0],
    ['watch.events', 'sample.count > 3', 0],
  ];
  it.each(conditions)('%s: %s', (name, condition, faulty) => {
    const sample = triggers.find(([each]) => each === name)?.[1].sample ?? {};
    const types = { inputs: { type: 'object' as const }, facts: {}, steps: {}, sample };
    expect(checkCondition(condition, types, { later: [], field: 'bad' })).toHaveLength(faulty);
  });
});

describe('what a playbook may write', () => {
  const cases: [string, Record<string, Json>, string][] = [
    ['shell.run', { argv: ['true'], script: 'true' }, 'takes only one of'],
    ['shell.run', {}, 'needs `argv` or `script`'],
    ['shell.run', { argv: [] }, 'at least one item'],
    ['shell.run', { script: 'echo {{inputs.tag}}' }, 'a script takes no templates'],
    ['shell.run', { argv: [{ secret: 'token' }] }, 'takes no secret'],
    ['shell.run', { argv: ['true'], env: { 'A B': '1' } }, 'the name of a variable'],
    ['wait.for', { tcp: 'db:5432', path: '/x' }, 'takes only one of'],
    ['wait.for', { tcp: 'db' }, 'tcp'],
    ['wait.soak', {}, 'needs `for`'],
    ['http.check', { url: 'http://web/', status: ['fine'] }, 'status'],
    ['http.check', { url: 'http://web/', samples: 0 }, 'samples'],
    ['http.check', { url: { secret: 'token' } }, 'takes no secret'],
    ['health.wait', { stable_for: 'soon' }, 'stable_for'],
    ['check.resources', { memory: 'much' }, 'memory'],
    ['check.engine', { compose: 'new' }, 'compose'],
    ['watch.logs', { pattern: '(' }, 'a regular expression'],
    ['watch.logs', { pattern: 'ERROR', over_baseline: 'three' }, 'over_baseline'],
    ['watch.http', { url: 'http://web/' }, 'needs `failing_for`'],
    ['watch.http', { url: 'http://web/', failing_for: '1m', headers: { A: { secret: 'token' } } }, 'takes no secret'],
    ['watch.tcp', { host: 'db', port: 0, failing_for: '1m' }, 'port'],
    ['watch.events', { actions: ['dies'] }, 'die'],
    ['watch.usage', { of: 'container' }, 'cannot be `container`'],
  ];
  it.each(cases)('%s with %j must be refused', (name, params, part) => {
    const runner = runners.find(([each]) => each === name)?.[1];
    if (!runner) throw new Error(`there is no ${name}`);
    expect(faults(runner, params).join('; ')).toContain(part);
  });
});
