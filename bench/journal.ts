import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RunEventBody } from '../src/engine/events.ts';
import { openStore } from '../src/history/sqlite.ts';
import type { Store } from '../src/history/store.ts';
import { inTurns, ratio, report } from './measure.ts';

const ROUNDS = 12;
const EVENTS = 150;
const holder = { pid: 1, host: 'bench', started: '1', boot: '1' };
const event: RunEventBody = { type: 'step.logged', step: 'up', lines: ['x'.repeat(460)] };

/** How many durable events per second the journal writes, against bare SQLite inserts of the same text. */
export async function benchJournal(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-bench-'));
  try {
    const store = openStore(folder);
    const fence = begin(store);
    const bare = bareInsert(join(folder, 'bare.db'));
    const rate = await inTurns(ROUNDS, {
      ours: () => perSecond(() => store.append('bench', event, 1, fence)),
      bare: () => perSecond(() => bare(JSON.stringify(event))),
    });
    store.close();
    const share = ratio(rate.ours, rate.bare);
    const figure = `${rate.ours.median.toFixed(0)}/s, ${(100 * share).toFixed(0)} % of ${rate.bare.median.toFixed(0)}/s`;
    console.log('\nJournal');
    report('durable events per second', figure, { text: 'over 70 % of bare SQLite FULL', met: share > 0.7 });
  } finally {
    rmSync(folder, { recursive: true });
  }
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
