import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { RunEventBody } from '../src/engine/events.ts';
import { rowAfter } from '../src/history/run-row.ts';
import { sealed } from '../src/history/sqlite/sealed.ts';
import { openStore } from '../src/history/sqlite.ts';
import type { RunRow } from '../src/history/store.ts';
import { inTurns, ms, playbook, ratio, report, timed } from './measure.ts';

const RUNS = 100_000;
const by = { user: 'bench', host: 'bench' };
const process = { pid: 1, host: 'bench', started: '1', boot: '1' };
const step = { phase: 'steps', step: 'up', uses: 'compose.up', attempt: 1 } as const;

/** How long the record of 100,000 runs takes to be asked, against an empty Node. */
export async function benchHistory(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-bench-'));
  try {
    fill(folder);
    const ask = (...args: string[]) => timed(playbook(...args, '--state-dir', folder));
    const oldest = idOf(0);
    const taken = await inTurns(15, {
      node: () => timed(['node', '-e', '0']),
      history: () => ask('history'),
      'history -p': () => ask('history', '-p', 'shop7'),
      'show newest': () => ask('show'),
      'show oldest': () => ask('show', oldest),
    });
    const size = statSync(join(folder, 'history.db')).size / 1e6;
    console.log(`\nHistory of ${RUNS} runs, ${size.toFixed(0)} MB (node -e 0: ${ms(taken.node)})`);
    for (const name of ['history', 'history -p', 'show newest', 'show oldest'] as const) {
      const times = ratio(taken[name], taken.node);
      report(name, `${ms(taken[name])}, ${times.toFixed(2)}×`, { text: 'under 3×', met: times < 3 });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In one commit, and past the store, which has every event on the disk before the next one. */
function fill(folder: string): void {
  openStore(folder).close();
  const db = new DatabaseSync(join(folder, 'history.db'));
  db.exec('PRAGMA synchronous = OFF; BEGIN');
  const addRun = db.prepare('INSERT INTO runs (run, engine_id, project, status, json) VALUES (?, ?, ?, ?, ?)');
  const addEvent = db.prepare('INSERT INTO events (run, seq, at, type, json, checksum) VALUES (?, ?, ?, ?, ?, ?)');
  for (let n = 0; n < RUNS; n += 1) {
    const run = idOf(n);
    const events = eventsOf(n);
    let row: RunRow | undefined;
    for (const [index, event] of events.entries())
      row = rowAfter(row, { ...event, run, seq: index + 1, at: n + index });
    if (row) addRun.run(run, row.engine_id, row.project, row.status, sealed(row));
    for (const [index, event] of events.entries()) {
      const json = JSON.stringify(event);
      const sum = crc32(`${run} ${index + 1} ${n + index} ${json}`);
      addEvent.run(run, index + 1, n + index, event.type, json, sum);
    }
  }
  db.exec('COMMIT');
  db.close();
}

/** Ids in no order, as they are. */
function idOf(n: number): string {
  return `k${((n * 7919) % RUNS).toString(36).padStart(4, '0')}`;
}

function eventsOf(n: number): RunEventBody[] {
  const stack = { engine_id: 'bench', project: `shop${n % 20}` };
  const created = {
    playbook: 'deploy-stack',
    file: '/srv/deploy.yml',
    plan_id: '7f3a91c0',
    inputs: { tag: String(n) },
  };
  const lines = Array.from({ length: 5 }, (_, index) => `line ${index} of what the step said in run ${n}`);
  return [
    { type: 'run.created', ...created, ...stack, by, started_by: 'bench', process },
    { type: 'run.started' },
    { type: 'step.started', ...step },
    ...Array.from({ length: 6 }, (): RunEventBody => ({ type: 'step.logged', step: 'up', lines })),
    { type: 'step.ended', ...step, outputs: { say: 'web recreated' } },
    { type: 'run.ended', status: 'succeeded', say: '5 services' },
  ];
}
