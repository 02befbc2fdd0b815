import { expect, test } from 'vitest';
import type { RunEvent, RunEventBody, RunStatus } from '../../src/engine/events.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { Defect } from '../../src/errors.ts';
import { effectiveStatus, reservesItsStack, rowAfter } from '../../src/history/run-row.ts';
import type { RunRow } from '../../src/history/store.ts';
import { ana, created, here } from './history-fixtures.ts';

const numbered = (bodies: RunEventBody[]): RunEvent[] =>
  bodies.map((body, index) => ({ run: 'k3f9', seq: index + 1, at: 100 + index, ...body }));
const rowOf = (bodies: RunEventBody[]): RunRow | undefined =>
  numbered(bodies).reduce<RunRow | undefined>(rowAfter, undefined);

const started: RunEventBody[] = [created(), { type: 'run.started' }];
const continued: RunEventBody = { type: 'run.continued', process: { ...here, pid: 7 }, because: 'undo', by: ana };
const ended: RunEventBody = { type: 'run.ended', status: 'rolled-back', say: 'all is back' };

test.each<[string, RunEventBody[]]>([
  ['created', [created()]],
  ['waiting', [created(), { type: 'run.waiting', because: 'm4x2 holds shop' }]],
  ['started', started],
  ['started after waiting', [created(), { type: 'run.waiting', because: 'busy' }, { type: 'run.started' }]],
  ['with a release', [...started, { type: 'release.recorded', release: 'r3' }]],
  ['parked', [...started, { type: 'run.parked', step: 'up', say: 'did it happen?' }]],
  ['ended', [...started, ended]],
  ['gone on with', [...started, ended, continued]],
  ['gone on with and ended', [...started, ended, continued, { type: 'run.ended', status: 'succeeded', say: 'ok' }]],
])('the row of a run that is %s must say the same as the fold of its events', (_what, bodies) => {
  const state = foldEvents(numbered(bodies));
  const { status, ended_at, release, process } = state;
  expect(rowOf(bodies)).toMatchObject({ status, process });
  expect([rowOf(bodies)?.ended_at, rowOf(bodies)?.release]).toEqual([ended_at, release]);
});

test('an event that says nothing a row keeps must leave the very same row', () => {
  const row = rowOf(started);
  const [event] = numbered([{ type: 'step.logged', step: 'up', lines: ['x'] }]);
  expect(event && rowAfter(row, event)).toBe(row);
});

test('a run must be created once, and first', () => {
  expect(() => rowOf([created(), created()])).toThrow(Defect);
  expect(() => rowOf([ended])).toThrow(Defect);
});

test.each<[RunStatus, boolean | 'unknown', RunStatus]>([
  ['running', true, 'running'],
  ['running', false, 'interrupted'],
  ['running', 'unknown', 'running'],
  ['waiting', false, 'interrupted'],
  ['needs-decision', false, 'needs-decision'],
  ['succeeded', false, 'succeeded'],
  ['cancelled', false, 'cancelled'],
])('F64 a run that is %s in the journal, its process alive: %s, must be shown as %s', (status, alive, shown) => {
  expect(effectiveStatus({ status, process: here }, () => alive)).toBe(shown);
});

test.each<[string, RunEventBody[], boolean]>([
  ['was created', [created()], false],
  ['waits', [created(), { type: 'run.waiting', because: 'busy' }], false],
  ['has started', started, true],
  ['is parked', [...started, { type: 'run.parked', step: 'up', say: '?' }], true],
  ['has ended', [...started, ended], false],
  ['was gone on with', [...started, ended, continued], true],
])('a run that %s must reserve its stack or not', (_what, bodies, reserves) => {
  const row = rowOf(bodies);
  expect(row && reservesItsStack(row)).toBe(reserves);
});
