import { describe, expect, it } from 'vitest';
import type { Glimpse, RunEvent } from '../../src/engine/events.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';
import type { Plan } from '../../src/plan/types.ts';
import { createReporter } from '../../src/report/reporter.ts';
import { plainStyle } from '../../src/report/style.ts';
import { summary } from '../../src/report/summary.ts';
import type { ReporterOptions } from '../../src/report/view.ts';
import { created, ended, eventsOf, failed, go, NIGHT, receipt, started } from '../support/events.ts';

function watching(
  mode: ReporterOptions['mode'],
  given: readonly (RunEvent | Glimpse)[],
  more: Partial<ReporterOptions> = {},
): string {
  let text = '';
  const out = (part: string) => {
    text += part;
  };
  const reporter = createReporter({
    mode,
    out,
    style: plainStyle(),
    columns: () => 100,
    now: () => NIGHT,
    every: () => () => {},
    ...more,
  });
  for (const event of given) reporter.watch(event);
  reporter.close();
  return text;
}

const fine = eventsOf(
  created(),
  go('config'),
  { type: 'run.started' },
  { type: 'run.ended', status: 'succeeded', say: 'done' },
);
const error = { class: 'exit', message: 'it exited with 1' } as const;

describe('the reporter', () => {
  it('must be silent when told to be quiet and all is well', () => {
    expect(watching('quiet', fine)).toBe('');
  });

  it('must print nothing but JSON when JSON is asked for, and no glimpses', () => {
    const glimpse: Glimpse = { type: 'progress', step: 'pull', say: '10 %' };
    const lines = watching('json', [...fine, glimpse])
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as RunEvent).type)).toEqual(fine.map((event) => event.type));
  });

  it('must go on from the state of a run that is taken up again, without changing it', () => {
    const before = eventsOf(created(), { type: 'run.started' }, started('up', 'compose.up'));
    const state = foldEvents(structuredClone(before));
    const copy = structuredClone(state);
    const next = eventsOf(
      created(),
      { type: 'run.started' },
      started('up', 'compose.up'),
      { wait: 1600 },
      ended('up', { say: 'web recreated' }),
    ).slice(-1);
    expect(watching('plain', next, { state })).toMatch(/✓ up +web recreated {2}\(1\.6 s\)\n/);
    expect(state).toEqual(copy);
  });

  it('must not give up where it did not see the beginning', () => {
    const rest = eventsOf(created(), started('up', 'compose.up'), failed('up', error)).slice(1);
    expect(watching('plain', rest)).toContain('✗ up');
    expect(watching('terminal', rest)).toContain('✗ up');
  });

  it('must not change the events it is given', () => {
    const given = structuredClone(fine);
    watching('plain', given);
    expect(given).toEqual(fine);
  });

  it('must say how far a long pull is, but not a thousand times', () => {
    let now = NIGHT;
    const pulling = (done: number): Glimpse => ({
      type: 'progress',
      step: 'pull',
      say: 'pulling shop/web',
      done,
      total: 100,
    });
    const steps = Array.from({ length: 100 }, (_, done) => pulling(done));
    const text = watching('plain', steps, { now: () => (now += 1000) });
    expect(text.split('\n').filter((line) => line.includes('pulling shop/web ('))).toHaveLength(6);
  });

  it('must show a line when it comes, and not again when it is stored', () => {
    const line: Glimpse = { type: 'line', step: 'up', line: 'web is started' };
    const stored = { type: 'step.logged' as const, step: 'up', lines: ['web is started'] };
    const text = watching('plain', [...eventsOf(created()), line, ...eventsOf(created(), stored).slice(1)]);
    expect(text.split('\n').filter((each) => each.includes('web is started'))).toHaveLength(1);
  });

  it('must show a guard that was judged late, and what it said', () => {
    const late = {
      type: 'guard.judged',
      step: 'smoke',
      guard: { id: 'ready', verdict: 'no-go', say: 'the database is behind' },
    } as const;
    expect(watching('plain', eventsOf(created(), { type: 'run.started' }, late))).toContain(
      '✗ smoke     guard ready: no-go, the database is behind',
    );
  });

  it('must speak of the end of the way back only where there is something to go back from', () => {
    const pivot = { type: 'pivot.passed', step: 'soak' } as const;
    const begin = [created(), { type: 'run.started' } as const];
    expect(watching('plain', eventsOf(...begin, pivot))).not.toContain('no way back');
    expect(watching('plain', eventsOf(...begin, receipt('up', 1), pivot))).toContain('no way back');
  });

  it('must write times that sort, in UTC', () => {
    const lines = watching('plain', fine.slice(0, -1)).trimEnd().split('\n').slice(0, 2);
    for (const line of lines) expect(line).toMatch(/^2026-03-01T02:59:50Z {2}/);
  });
});

describe('the summary of a step', () => {
  const step = (outputs: (RunEvent & { type: 'step.ended' })['outputs']) =>
    ({ ...ended('up', outputs), run: 'k', seq: 1, at: 0 }) as RunEvent & { type: 'step.ended' };
  const plan = (...changes: [string, string, string?][]) =>
    ({
      changes: changes.map(([verb, target, certainty = 'certain']) => ({
        step: 'up',
        verb,
        target,
        because: [],
        certainty,
      })),
    }) as unknown as Plan;

  it.each([
    ['what it says itself', { say: 'web recreated' }, plan(['create', 'api']), 'web recreated'],
    [
      'what the plan was certain of',
      {},
      plan(['recreate', 'web'], ['create', 'api'], ['create', 'db'], ['keep', 'cache']),
      'web recreated; api and db created',
    ],
    ['that nothing was to be changed', {}, plan(['keep', 'web']), 'nothing to change'],
    [
      'its short outputs where the plan was not certain',
      { healthy: 4, waited_ms: 1200, services: ['web', 'api'] },
      plan(['create', 'web', 'likely']),
      'healthy 4, services web and api',
    ],
    [
      'how many are what',
      { services: { web: 'healthy', api: 'healthy', worker: 'running' }, waited_ms: 1200, healthy: 2 },
      undefined,
      '2 healthy, 1 running',
    ],
    [
      'what is true and what is not',
      { changed: false, ok: true, restarts: 0 },
      undefined,
      'not changed, ok, restarts 0',
    ],
    ['only that it is done where there is nothing to say', { text: 'a\nb', nested: { a: 1 } }, undefined, 'done'],
  ])('must be %s', (_, outputs, planned, text) => {
    expect(summary(step(outputs), planned)).toBe(text);
  });
});

describe('a run that was over before it was followed', () => {
  it('must still be told how it ended', () => {
    const state: RunState = foldEvents(structuredClone(fine));
    expect(watching('quiet', [], { state: { ...state, status: 'failed' } })).toMatch(/^Failed/);
  });
});
