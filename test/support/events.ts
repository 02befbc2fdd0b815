import type { RunEvent, RunEventBody } from '../../src/engine/events.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import { foldEvents } from '../../src/engine/state.ts';

/** 2026-03-01 02:59:50 UTC: at night, when nobody watches. */
export const NIGHT = Date.UTC(2026, 2, 1, 2, 59, 50);

export const ROOT = { user: 'root', host: 'vm' };

/** Events of one run, in order: bodies, with `{ wait: ms }` between them where time passes. */
export function eventsOf(...parts: readonly (RunEventBody | { wait: number })[]): RunEvent[] {
  const events: RunEvent[] = [];
  let at = NIGHT;
  for (const part of parts) {
    if ('wait' in part) at += part.wait;
    else events.push({ ...part, run: 'k3f9', seq: events.length + 1, at });
  }
  return events;
}

/** The state that such events add up to. */
export function stateOf(...parts: readonly (RunEventBody | { wait: number })[]): RunState {
  return foldEvents(eventsOf(...parts));
}

export function created(more: Partial<RunEventBody & { type: 'run.created' }> = {}): RunEventBody {
  return {
    type: 'run.created',
    playbook: 'deploy-stack',
    file: '/srv/shop/playbooks/deploy-stack.yml',
    project: 'shop',
    engine_id: 'E1',
    plan_id: '7f3a91c0',
    inputs: {},
    by: ROOT,
    started_by: 'terminal',
    process: { pid: 4711, host: 'vm', started: '1', boot: 'b' },
    ...more,
  };
}

export function go(id: string, say = 'all is well'): RunEventBody {
  return { type: 'guard.judged', guard: { id, verdict: 'go', say } };
}

export function started(
  step: string,
  uses: string,
  more: { attempt?: number; phase?: 'verify' | 'always' } = {},
): RunEventBody {
  return { type: 'step.started', phase: more.phase ?? 'steps', step, uses, attempt: more.attempt ?? 1 };
}

export function ended(
  step: string,
  outputs: (RunEventBody & { type: 'step.ended' })['outputs'] = {},
  more: { attempt?: number; phase?: 'verify' | 'always' } = {},
): RunEventBody {
  return { type: 'step.ended', phase: more.phase ?? 'steps', step, attempt: more.attempt ?? 1, outputs };
}

type Failed = RunEventBody & { type: 'step.failed' };

export function failed(
  step: string,
  error: Failed['error'],
  more: { attempt?: number; phase?: 'verify' | 'always'; retry_at?: number } = {},
): RunEventBody {
  const { attempt = 1, phase = 'steps', retry_at } = more;
  return { type: 'step.failed', phase, step, attempt, error, ...(retry_at === undefined ? {} : { retry_at }) };
}

export function receipt(step: string, number: number): RunEventBody {
  return { type: 'receipt.recorded', step, receipt: number, ref: { file: `receipts/${number}.json`, hmac: 'ab12' } };
}

export function undone(step: string, number: number, say: string): (RunEventBody | { wait: number })[] {
  return [
    { type: 'receipt.undoing', step, receipt: number },
    { wait: 900 },
    { type: 'receipt.undone', step, receipt: number, say },
  ];
}
