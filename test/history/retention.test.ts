import { describe, expect, test } from 'vitest';
import type { RunStatus } from '../../src/engine/events.ts';
import { type Retention, retire, USUAL_RETENTION } from '../../src/history/retention.ts';
import type { RunRow } from '../../src/history/store.ts';
import { ana, here, stack } from './history-fixtures.ts';

const now = 1_000_000_000_000;
const day = 24 * 3_600_000;

/** A run that ended so many days ago. */
function row(run: string, days: number, more: Partial<RunRow> = {}): RunRow {
  const at = now - days * day;
  const common = { playbook: 'deploy-stack', by: ana, process: here, created_at: at, started_at: at, ended_at: at + 1 };
  return { run, ...stack, status: 'succeeded', ...common, ...more };
}

function decided(rows: RunRow[], asked: Partial<Retention> = {}, kept: readonly string[] = []) {
  const facts = { rows, now, releases: () => new Set(kept) };
  const { goes, stays } = retire(facts, { keep: 0, older_than: 0, ...asked });
  return { goes: goes.map(({ run }) => run), stays: Object.fromEntries(stays.map((each) => [each.row.run, each.why])) };
}

describe('what anybody may still need must stay, whatever is asked for:', () => {
  const open: RunStatus[] = ['waiting', 'running', 'interrupted', 'needs-decision'];
  test.each(open)('a run that is %s', (status) => {
    const { goes, stays } = decided([row('new', 1), row('open', 400, { status }), row('old', 500)]);
    expect({ goes, open: stays['open'] }).toEqual({ goes: ['old'], open: 'unfinished' });
  });

  test('the latest run that worked on its stack, for undo goes by it, whatever was refused since', () => {
    const refused = row('no', 1, { status: 'no-go' });
    delete refused.started_at;
    expect(decided([refused, row('latest', 2), row('old', 3)])).toEqual({
      goes: ['no', 'old'],
      stays: { latest: 'latest' },
    });
  });

  test('the run of a release that is kept, and the one with the highest number, which must not be given twice', () => {
    const rows = [row('new', 1), row('c', 2, { release: 'r10' }), row('b', 3, { release: 'r9' }), row('a', 4)];
    expect(decided(rows)).toEqual({ goes: ['b', 'a'], stays: { new: 'latest', c: 'release' } });
    expect(decided(rows, {}, ['r9'])).toEqual({ goes: ['a'], stays: { new: 'latest', c: 'release', b: 'release' } });
  });
});

describe('what is asked for', () => {
  test('must be counted stack by stack, engines apart', () => {
    const rows = ['a', 'b', 'c'].flatMap((run, index) => [
      row(run, index),
      row(`blog-${run}`, index, { project: 'blog' }),
      row(`far-${run}`, index, { engine_id: 'E:2' }),
    ]);
    expect(decided(rows, { keep: 2 }).goes).toEqual(['c', 'blog-c', 'far-c']);
  });

  test('must both let a run go', () => {
    const rows = Array.from({ length: 6 }, (_, index) => row(`run${index}`, index * 10));
    expect(decided(rows, { keep: 2, older_than: 35 * day })).toEqual({
      goes: ['run4', 'run5'],
      stays: { run0: 'latest', run1: 'newest', run2: 'young', run3: 'young' },
    });
  });

  test('must be the newest 100 of a stack and 90 days where nothing is', () => {
    const rows = Array.from({ length: 200 }, (_, index) => row(`run${index}`, index));
    expect(decided(rows, USUAL_RETENTION).goes).toEqual(rows.slice(100).map(({ run }) => run));
    expect(
      decided(
        rows.slice(0, 100).map((each) => ({ ...each, ended_at: 1 })),
        USUAL_RETENTION,
      ).goes,
    ).toEqual([]);
    expect(decided(rows.slice(0, 90), { ...USUAL_RETENTION, keep: 0 }).goes).toEqual([]);
  });

  test('must be nothing to do where there is no run', () => {
    expect(decided([])).toEqual({ goes: [], stays: {} });
  });
});
