// What other processes do to a history in the tests: `node history-child.ts COMMAND DIR …`.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../src/errors.ts';
import { acquireLease, thisProcess } from '../../src/history/lock.ts';
import { openStore } from '../../src/history/sqlite.ts';
import type { Clock } from '../../src/runner/contract.ts';

const stack = { engine_id: 'E:1', project: 'shop' };
const clock: Clock = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};

const [command = '', dir = '', run = '', more = ''] = process.argv.slice(2);
const commands: Record<string, () => void | Promise<void>> = { write, churn, hold, ask, turns, open };

try {
  await commands[command]?.();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(`${error.reason}: ${error.message}`);
}

/** Appends to a run until it is killed (or has `more` events), and says each number once it is on disk. */
function write(): void {
  const store = openStore(dir);
  const fence = begin(store, run);
  const last = more === '' ? Number.POSITIVE_INFINITY : Number(more);
  for (let seq = 2; seq <= last; seq += 1) {
    store.append(run, { type: 'step.logged', step: 'up', lines: [`line ${seq}`] }, Date.now(), fence);
    say(String(seq));
  }
  store.close();
}

/** Makes runs that end, and takes each out of the record again when the next one is there, until it is killed. */
function churn(): void {
  const store = openStore(dir);
  for (let turn = 1; ; turn += 1) {
    const id = `${run}t${turn}`;
    const fence = begin(store, id);
    for (let n = 0; n < 20; n += 1)
      store.append(id, { type: 'step.logged', step: 'up', lines: ['x'.repeat(900)] }, Date.now(), fence);
    store.append(id, { type: 'run.ended', status: 'succeeded', say: 'done' }, Date.now(), fence);
    if (turn > 1) store.retire([`${run}t${turn - 1}`]);
    store.compact();
    say(String(turn));
  }
}

/** Takes the stack and keeps it, with a run in this state, until it is killed or its input ends. */
async function hold(): Promise<void> {
  const store = openStore(dir);
  const fence = begin(store, run, 'shop');
  if (more !== 'created') store.append(run, { type: 'run.started' }, Date.now(), fence);
  if (more === 'ended') store.append(run, { type: 'run.ended', status: 'succeeded', say: 'done' }, Date.now(), fence);
  say('held');
  for await (const _ of process.stdin);
}

/** Asks for the stack, ready to wait a minute, and gives it back. */
async function ask(): Promise<void> {
  const store = openStore(dir);
  const wanted = { ...stack, run, process: thisProcess() };
  const lease = await acquireLease(store, wanted, 60_000, clock, new AbortController().signal);
  say(`got ${lease.fence}`);
  store.release(lease);
}

/** Takes the stack again and again; two that hold it at once would find each other's file. */
async function turns(): Promise<void> {
  const store = openStore(dir);
  const wanted = { ...stack, run, process: thisProcess() };
  const impatient: Clock = { now: Date.now, sleep: (_ms, signal) => clock.sleep(1, signal) };
  for (let turn = 0; turn < Number(more); turn += 1) {
    const lease = await acquireLease(store, wanted, 60_000, impatient, new AbortController().signal);
    const file = join(dir, 'inside');
    closeSync(openSync(file, 'wx'));
    await clock.sleep(1);
    rmSync(file);
    store.release(lease);
    say(String(lease.fence));
  }
}

function open(): void {
  openStore(dir).close();
  say('open');
}

function begin(store: ReturnType<typeof openStore>, id: string, project = id): number {
  const me = thisProcess();
  const taken = store.acquire({ ...stack, project, run: id, holder: me, since: Date.now() }, () => false);
  if ('held' in taken) throw new Error(`run ${taken.held.run} holds it`);
  const { fence } = taken.got;
  const by = { user: 'ana', host: me.host };
  const facts = { playbook: 'deploy-stack', file: 'x', engine_id: stack.engine_id, project, plan_id: 'p', inputs: {} };
  store.append(id, { type: 'run.created', ...facts, by, started_by: 'person', process: me }, Date.now(), fence);
  return fence;
}

/** At once, past every buffer: what was said before a kill was done before it. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}
