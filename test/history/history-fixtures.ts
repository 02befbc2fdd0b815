import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProcessRef, RunEventBody } from '../../src/engine/events.ts';
import { Refusal } from '../../src/errors.ts';
import type { Lease, Store } from '../../src/history/store.ts';
import type { Release } from '../../src/runner/contract.ts';

export const stack = { engine_id: 'E:1', project: 'shop' };
export const here: ProcessRef = { pid: 4242, host: 'vm', started: '100', boot: 'b1/1' };
export const ana = { user: 'ana', host: 'vm' };

/** A folder of the test's own, gone when it ends. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'playbook-history-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function created(more: Partial<Extract<RunEventBody, { type: 'run.created' }>> = {}): RunEventBody {
  return {
    type: 'run.created',
    playbook: 'deploy-stack',
    file: '/srv/deploy-stack.yml',
    ...stack,
    plan_id: '7f3a91c0',
    inputs: { tag: '2' },
    by: ana,
    started_by: 'person',
    process: here,
    ...more,
  };
}

export function logged(line: string): RunEventBody {
  return { type: 'step.logged', step: 'up', lines: [line] };
}

/** Takes a stack that nobody holds. */
export function take(store: Store, run: string, wanted: Partial<Lease> = {}): Lease {
  const answer = store.acquire({ ...stack, run, holder: here, since: 5, ...wanted }, () => false);
  if ('held' in answer) throw new Error(`run ${answer.held.run} holds it`);
  return answer.got;
}

/** A run that holds its stack and has begun. */
export function begin(store: Store, run: string, more: Parameters<typeof created>[0] = {}): Lease {
  const wanted = more.project === undefined ? {} : { project: more.project };
  const lease = take(store, run, { ...wanted, ...(more.process ? { holder: more.process } : {}) });
  store.append(run, created(more), 10, lease.fence);
  store.append(run, { type: 'run.started' }, 11, lease.fence);
  return lease;
}

export function release(id: string, more: Partial<Release> = {}): Release {
  return {
    id,
    ...stack,
    created_at: 1,
    compose_version: '2.26.1',
    profiles: [],
    services: {},
    fingerprints: {},
    files: {},
    ...more,
  };
}

/** What was refused; fails when it was not, or when something else was thrown. */
export function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export async function refusalOfAsync(work: Promise<unknown>): Promise<Refusal> {
  const settled = await work.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  );
  return refusalOf(() => {
    throw settled;
  });
}
