import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/engine/events.ts';
import { applyEvent, initialState } from '../../src/engine/state.ts';
import type { Plan } from '../../src/plan/types.ts';
import type { Row } from '../../src/report/rows.ts';
import { createTelling } from '../../src/report/telling.ts';
import { created, ended, eventsOf, failed, receipt, started, undone } from '../support/events.ts';

type Part = RunEventBody | { wait: number };

/** Of a loop `each` over services, with the steps `start` and `stop` in it. */
const plan = {
  steps: [
    { id: 'each', uses: 'for_each' },
    { id: 'start', uses: 'replicas.start', inside: 'each' },
    { id: 'stop', uses: 'replicas.stop', inside: 'each' },
  ],
  changes: [],
} as unknown as Plan;

const begin: Part[] = [
  created(),
  { type: 'run.started' },
  started('each', 'for_each'),
  { type: 'loop.entered', step: 'each', batches: ['web', 'api'], delay: 5000 },
];

const start = (batch: number): Part[] => [
  started(`start[${batch}]`, 'replicas.start'),
  { wait: 900 },
  ended(`start[${batch}]`, { say: 'started' }),
];
const stop = (batch: number): Part[] => [
  started(`stop[${batch}]`, 'replicas.stop'),
  { wait: 100 },
  ended(`stop[${batch}]`, { say: 'stopped' }),
];

/** The rows of the last of the events, after all the others were told. */
function told(parts: Part[], by: Plan | undefined = plan): { last: Row[]; rest: Row[] } {
  const [first, ...events] = eventsOf(...parts);
  if (first?.type !== 'run.created') throw new Error('begin with run.created');
  const state = initialState(first);
  const telling = createTelling(by);
  telling.rows(first, state);
  let last: Row[] = [];
  for (const event of events) last = telling.rows(event, applyEvent(state, event));
  return { last, rest: telling.rest() };
}

describe('a batch', () => {
  it('must be told once, when its last step has ended, without the pause after it', () => {
    expect(told([...begin, ...start(1)]).last).toEqual([]);
    expect(told([...begin, ...start(1), ...stop(1)]).last).toEqual([
      { mark: '✓', name: 'web', text: 'started · stopped', ms: 1000 },
    ]);
  });

  it('must be told when the next one begins, where no plan tells which step is its last', () => {
    const next = [{ wait: 5000 }, started('start[2]', 'replicas.start')];
    const none = { steps: [], changes: [] } as unknown as Plan;
    expect(told([...begin, ...start(1), ...stop(1)], none).last).toEqual([]);
    expect(told([...begin, ...start(1), ...stop(1), ...next], none).last).toEqual([
      { mark: '✓', name: 'web', text: 'started · stopped', ms: 1000 },
    ]);
  });

  it('must be told where its last step is skipped', () => {
    const skipped: Part = {
      type: 'step.skipped',
      phase: 'steps',
      step: 'stop[1]',
      uses: 'replicas.stop',
      because: 'when',
    };
    expect(told([...begin, ...start(1), skipped]).last).toEqual([{ mark: '✓', name: 'web', text: 'started', ms: 900 }]);
  });

  it('must say what had been done in it before the step that failed, and name that step', () => {
    const error = { class: 'exit', message: 'it exited with 1' } as const;
    expect(told([...begin, ...start(1), started('stop[1]', 'replicas.stop'), failed('stop[1]', error)]).last).toEqual([
      { mark: '·', name: 'web', text: 'started' },
      { mark: '✗', name: 'web', text: 'stop: it exited with 1', ms: 0, more: [] },
    ]);
  });

  it('must say which step of it is tried again', () => {
    const error = { class: 'transient', message: 'no answer' } as const;
    const again = failed('stop[1]', error, { retry_at: Date.UTC(2026, 2, 1, 2, 59, 54) });
    expect(told([...begin, started('stop[1]', 'replicas.stop'), again]).last).toEqual([
      { mark: '!', name: 'web', text: 'stop: attempt 1 failed: no answer; again in 4 s' },
    ]);
  });

  it('must be taken back in one row, last batch first', () => {
    const back: Part[] = [
      receipt('start[1]', 1),
      receipt('stop[1]', 2),
      receipt('start[2]', 3),
      { type: 'undo.started', cause: 'cancel' },
      ...undone('start[2]', 3, 'api-2 removed'),
      ...undone('stop[1]', 2, 'web-1 started'),
      ...undone('start[1]', 1, 'web-2 removed'),
    ];
    const both = [...begin, ...start(1), ...stop(1), ...start(2), ...back];
    const end: Part = { type: 'stack.compared', differences: [], say: 'as it was' };
    expect(told([...both, end]).last).toEqual([
      { mark: '↺', name: 'web', text: 'web-1 started · web-2 removed', ms: 1800 },
      { mark: '✓', name: 'compare', text: 'as it was' },
    ]);
    expect(told(both).rest).toEqual([{ mark: '↺', name: 'web', text: 'web-1 started · web-2 removed', ms: 1800 }]);
  });

  it('must not be lost where the run ends in the middle of it', () => {
    expect(told([...begin, ...start(1)]).rest).toEqual([{ mark: '·', name: 'web', text: 'started' }]);
  });

  it('must be followed by all of the loop', () => {
    const end = ended('each', { batches: 2, given_up: 0 });
    expect(told([...begin, ...start(1), ...stop(1), ...start(2), ...stop(2), end]).last).toEqual([
      { mark: '✓', name: 'each', text: '2 batches', ms: 2000 },
    ]);
  });
});

describe('a trigger', () => {
  const noted = (now: 'good' | 'bad' | 'no-data', say: string): Part => ({
    type: 'trigger.noted',
    trigger: 'hot',
    now,
    say,
  });

  it('must be told when it sees something bad, and when that is over, but not when all is well', () => {
    expect(told([created(), noted('good', 'memory 40 %')]).last).toEqual([]);
    expect(told([created(), noted('bad', 'memory 97 %')]).last).toEqual([
      { mark: '!', name: 'hot', text: 'memory 97 %' },
    ]);
    expect(told([created(), noted('bad', 'memory 97 %'), noted('good', 'memory 40 %')]).last).toEqual([
      { mark: '·', name: 'hot', text: 'good: memory 40 %' },
    ]);
  });

  it('must not call bad what cannot be measured', () => {
    expect(told([created(), noted('no-data', 'the engine did not answer')]).last).toEqual([
      { mark: '!', name: 'hot', text: 'no data: the engine did not answer' },
    ]);
  });

  it('must show the lines that tripped it, and what it stopped must not look like what failed', () => {
    const tripped: Part = { type: 'trigger.tripped', trigger: 'hot', say: 'memory 97 %', lines: ['web 97 %'] };
    expect(told([created(), tripped]).last).toEqual([
      { mark: '✗', name: 'hot', text: 'memory 97 %', more: ['web 97 %'] },
    ]);
    const stopped = failed('soak', { class: 'cancelled', message: 'stopped, because hot tripped' });
    expect(told([created(), started('soak', 'wait.soak'), tripped, stopped]).last[0]?.mark).toBe('–');
  });
});
