import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/engine/events.ts';
import type { RunRow } from '../../src/history/store.ts';
import { historyJson, printHistory } from '../../src/report/history.ts';
import { columnsOf } from '../../src/report/layout.ts';
import { plainStyle } from '../../src/report/style.ts';
import { NIGHT, ROOT } from '../support/events.ts';

const hour = 3_600_000;

function row(run: string, status: RunStatus, more: Partial<RunRow> = {}): RunRow {
  return {
    run,
    playbook: 'deploy-stack',
    project: 'shop',
    engine_id: 'E1',
    status,
    by: ROOT,
    process: { pid: 1, host: 'vm', started: '1', boot: 'b' },
    created_at: NIGHT,
    ...more,
  };
}

const rows = [
  row('k3fb', 'running', { created_at: NIGHT - 12_000 }),
  row('k3fa', 'rolled-back', {
    created_at: NIGHT - hour,
    ended_at: NIGHT - hour + 15_800,
    say: 'healthy failed: web is unhealthy.',
  }),
  row('k3f9', 'succeeded', {
    created_at: NIGHT - 72 * hour,
    ended_at: NIGHT - 72 * hour + 25_000,
    release: 'r12',
    say: 'deploy-stack is done.',
  }),
];

describe('the history', () => {
  it('must be a table that says when, how long and what came of it, and why where it went wrong', () => {
    expect(printHistory(rows, plainStyle(100), NIGHT)).toBe(
      [
        'RUN   STATUS       WHAT                 WHEN        TOOK         RELEASE',
        'k3fb  running      deploy-stack → shop  12 s ago    12 s so far',
        'k3fa  rolled-back  deploy-stack → shop  1 h ago     16 s',
        '      healthy failed: web is unhealthy.',
        'k3f9  succeeded    deploy-stack → shop  3 days ago  25 s         r12',
        '',
      ].join('\n'),
    );
  });

  it('must fit a narrow terminal', () => {
    const lines = printHistory(rows, plainStyle(40), NIGHT).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(40);
  });

  it('must say so when there is none', () => {
    expect(printHistory([], plainStyle(), NIGHT)).toBe('No runs yet.\n');
  });

  it('F87 must show a run that waited and was refused like any other', () => {
    const refused = row('k3fc', 'cancelled', { say: 'run k3fb of root holds shop.', ended_at: NIGHT });
    expect(printHistory([refused], plainStyle(), NIGHT)).toContain('run k3fb of root holds shop.');
  });

  it('must give programs the same, with times as ISO 8601 and null where there is nothing', () => {
    expect(historyJson(rows)[0]).toEqual({
      id: 'k3fb',
      playbook: 'deploy-stack',
      stack: 'shop',
      status: 'running',
      say: null,
      by: ROOT,
      started_at: '2026-03-01T02:59:38.000Z',
      ended_at: null,
      release: null,
    });
    expect(historyJson(rows).map((record) => record.id)).toEqual(['k3fb', 'k3fa', 'k3f9']);
  });
});
