import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RunEventBody } from '../src/engine/events.ts';
import { openStore } from '../src/history/sqlite.ts';
import type { Store } from '../src/history/store.ts';

// How many durable events per second the journal writes, against bare SQLite inserts of the same text in the same run.
// Both are taken in turns, so that a disk that is slow for a moment is slow for both.
const ROUNDS = 12;
const EVENTS = 150;
const holder = { pid: 1, host: 'bench', started: '1', boot: '1' };
const event: RunEventBody = { type: 'step.logged', step: 'up', lines: ['x'.repeat(460)] };

const folder = mkdtempSync(join(tmpdir(), 'playbook-bench-'));
try {
  const store = openStore(folder);
  const fence = begin(store);
  const bare = bareInsert(join(folder, 'bare.db'));
  const rounds = Array.from({ length: ROUNDS }, () => ({
    ours: perSecond(() => store.append('bench', event, 1, fence)),
    bare: perSecond(() => bare(JSON.stringify(event))),
  }));
  const ours = median(rounds.map((round) => round.ours));
  const best = median(rounds.map((round) => round.bare));
  const ratio = median(rounds.map((round) => round.ours / round.bare));
  console.log(
    `journal: ${ours.toFixed(0)} durable events/s, bare SQLite FULL ${best.toFixed(0)}/s: ${(100 * ratio).toFixed(0)} % (goal: over 70 %)`,
  );
  store.close();
} finally {
  rmSync(folder, { recursive: true });
}

function begin(store: Store): number {
  const stack = { engine_id: 'bench', project: 'bench' };
  const answer = store.acquire({ ...stack, run: 'bench', holder, since: 1 }, () => false);
  if (!('got' in answer)) throw new Error('a new store has no holder');
  const { fence } = answer.got;
  const by = { user: 'bench', host: 'bench' };
  const created = { playbook: 'bench', file: 'bench', plan_id: 'bench', inputs: {}, by, started_by: 'bench' };
  store.append('bench', { type: 'run.created', ...stack, ...created, process: holder }, 1, fence);
  return fence;
}

function bareInsert(file: string): (text: string) => void {
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE lines (n INTEGER PRIMARY KEY, text TEXT)',
  );
  const insert = db.prepare('INSERT INTO lines (text) VALUES (?)');
  return (text) => insert.run(text);
}

function perSecond(append: () => void): number {
  const from = performance.now();
  for (let n = 0; n < EVENTS; n += 1) append();
  return (1000 * EVENTS) / (performance.now() - from);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
