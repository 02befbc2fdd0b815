import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/engine/events.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { runJson } from '../../src/report/run-json.ts';
import { created, ended, eventsOf, failed, go, ROOT, receipt, started } from '../support/events.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Schema = { [key: string]: unknown };

/** As published, but with nothing allowed that is not described: what we print must be documented. */
const compiled = new Map<string, (value: unknown) => string[]>();

function strict(name: string): (value: unknown) => string[] {
  const validate = compiled.get(name) ?? compile(name);
  compiled.set(name, validate);
  return validate;
}

function compile(name: string): (value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: true, allErrors: true, formats: { 'date-time': true } });
  const validate = ajv.compile(closed(JSON.parse(read(`schemas/${name}.schema.json`)) as Schema) as Schema);
  return (value) => {
    validate(value);
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
    );
  };
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const each = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in each && each['type'] === 'object' ? { additionalProperties: false, ...each } : each;
}

const events = (file: string): RunEvent[] =>
  read(`fixtures/runs/${file}`)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
const runs = readdirSync(join(root, 'fixtures/runs')).filter((name) => name.endsWith('.jsonl'));
const plans = readdirSync(join(root, 'fixtures/plans')).filter((name) => !name.endsWith('.md'));

describe('the published schemas', () => {
  it.each(plans)('must describe all of plan %s', (name) => {
    expect(strict('plan')(JSON.parse(read(`fixtures/plans/${name}/plan.json`)))).toEqual([]);
  });

  it.each(runs)('must describe all of run %s', (file) => {
    const printed: unknown = JSON.parse(JSON.stringify(runJson(foldEvents(events(file)))));
    expect(strict('run')(printed)).toEqual([]);
  });

  it.each(runs)('must describe every event of %s', (file) => {
    const validate = strict('event');
    expect(events(file).flatMap(validate)).toEqual([]);
  });

  it('must describe every type of event there is', () => {
    const validate = strict('event');
    const stored: unknown[] = JSON.parse(JSON.stringify(eventsOf(...Object.values(everyEvent)))) as unknown[];
    expect(stored.flatMap(validate)).toEqual([]);
  });

  it.each(['plan', 'run', 'event'])('must describe every property of %s, and name its version', (name) => {
    const schema = JSON.parse(read(`schemas/${name}.schema.json`)) as Schema;
    expect(schema['$id']).toMatch(/^urn:playbook:[a-z]+:\d+$/);
    expect(undescribed(schema, name)).toEqual([]);
  });
});

function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: Record<string, Schema> };
  const here = Object.entries(properties ?? {}).filter(([, value]) => !value['description']);
  const below = Object.entries(schema).flatMap(([key, value]) => undescribed(value, `${path}.${key}`));
  return [...here.map(([key]) => `${path}.${key}`), ...below];
}

const error = { class: 'exit', message: 'it exited with 1', hint: 'Look at it.', lines: ['no'] } as const;
const failure = { ...error, lines: [...error.lines] };
const numbered = { step: 'up', receipt: 1 } as const;
const carrier = { pid: 1, host: 'vm', started: '1', boot: 'b' };

/** One of each; a type that is missing here does not compile. */
const everyEvent: { [T in RunEventBody['type']]: RunEventBody & { type: T } } = {
  'run.created': created({ commit: '3c9e1f2' }) as RunEventBody & { type: 'run.created' },
  'run.waiting': { type: 'run.waiting', because: 'run k3f8 holds it' },
  'run.started': { type: 'run.started' },
  'run.continued': { type: 'run.continued', process: carrier, because: 'undo', by: ROOT },
  'guard.judged': go('config') as RunEventBody & { type: 'guard.judged' },
  'step.skipped': { type: 'step.skipped', phase: 'steps', step: 'up', uses: 'compose.up', because: 'when' },
  'step.started': started('up', 'compose.up') as RunEventBody & { type: 'step.started' },
  'step.logged': { type: 'step.logged', step: 'up', lines: ['a'] },
  'step.measured': { type: 'step.measured', step: 'up', what: 'gap:web', ms: 1380 },
  'receipt.recorded': receipt('up', 1) as RunEventBody & { type: 'receipt.recorded' },
  'step.ended': ended('up', { say: 'done' }) as RunEventBody & { type: 'step.ended' },
  'step.failed': failed('up', failure, { retry_at: 5 }) as RunEventBody & { type: 'step.failed' },
  'step.probed': { type: 'step.probed', step: 'migrate', found: 'done', say: 'http.check: it holds' },
  'step.decided': { type: 'step.decided', step: 'migrate', as: 'retry', by: ROOT },
  'evidence.kept': { type: 'evidence.kept', step: 'up', name: 'web.log', bytes: 3 },
  'loop.entered': { type: 'loop.entered', step: 'roll', batches: [['a'], ['b', 'c']], delay: 5_000 },
  'batch.given_up': { type: 'batch.given_up', step: 'roll', batch: 1, error: failure },
  'trigger.measured': { type: 'trigger.measured', trigger: 'down', baseline: { bad: true, say: 'it does not answer' } },
  'trigger.opened': { type: 'trigger.opened', trigger: 'down', uses: 'watch.http' },
  'trigger.noted': { type: 'trigger.noted', trigger: 'down', now: 'no-data', say: 'the engine is away' },
  'trigger.set_aside': { type: 'trigger.set_aside', trigger: 'down', because: 'it was bad before' },
  'trigger.tripped': { type: 'trigger.tripped', trigger: 'down', say: 'down for 2 min', lines: ['503'] },
  'trigger.closed': { type: 'trigger.closed', trigger: 'down', samples: 60, bad: 3, no_data: 1 },
  'release.recorded': { type: 'release.recorded', release: 'r1' },
  'pivot.passed': { type: 'pivot.passed', step: 'up' },
  'cancel.asked': { type: 'cancel.asked', by: ROOT },
  'deadline.passed': { type: 'deadline.passed' },
  'undo.started': { type: 'undo.started', cause: 'failure', step: 'up', error: failure },
  'receipt.undoing': { type: 'receipt.undoing', ...numbered },
  'receipt.undone': { type: 'receipt.undone', ...numbered, say: 'web is back' },
  'receipt.undo_failed': { type: 'receipt.undo_failed', ...numbered, error: failure },
  'stack.captured': { type: 'stack.captured', ran_before: true },
  'stack.compared': { type: 'stack.compared', differences: ['a'], say: 'b' },
  'receipt.settled': { type: 'receipt.settled', ...numbered, say: 'the old web is removed' },
  'receipt.settle_failed': { type: 'receipt.settle_failed', ...numbered, error: failure },
  'run.parked': { type: 'run.parked', step: 'up', say: 'cut' },
  'run.ended': { type: 'run.ended', status: 'needs-decision', say: 'parked' },
};
