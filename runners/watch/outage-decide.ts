import type { Json, Sample } from '../../src/runner/contract.ts';
import { sayDuration } from '../stack/words.ts';

/** One try: it went well, it did not, or nobody can tell because the fault is on this side. */
export type Try = { at: number; fault?: string; ours?: boolean; values?: Record<string, Json> };

/** Since when every try has failed; undefined when the last one went well. */
export type Outage = { since?: number };

/** Counts how long it has failed without a break. `due`: in how many milliseconds that is long enough. Pure. */
export function judgeTry(
  one: Try,
  before: Outage,
  failingFor: number,
): { outage: Outage; sample: Sample; due?: number } {
  const { at, fault, values } = one;
  if (one.ours) return { outage: before, sample: { at, say: `nothing could be measured: ${fault}` } };
  if (fault === undefined) {
    return { outage: {}, sample: { at, bad: false, say: 'it answers', values: { ...values, failing_for: 0 } } };
  }
  const since = before.since ?? at;
  const failing = at - since;
  const long = failing >= failingFor;
  return {
    outage: { since },
    sample: {
      at,
      bad: long,
      say: `${fault}, for ${sayDuration(Math.floor(failing / 1000) * 1000)}`,
      values: { ...values, failing_for: failing / 1000 },
    },
    ...(!long && { due: failingFor - failing }),
  };
}

/** This machine has no network, no name service or no socket left: that says nothing of the other side. Pure. */
export function isOurs(fault: string): boolean {
  return /\b(EAI_AGAIN|ENETUNREACH|ENETDOWN|EMFILE|ENFILE|ENOBUFS|EADDRNOTAVAIL)\b/.test(fault);
}
