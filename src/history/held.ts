import { Refusal } from '../errors.ts';
import type { Lease, RunRow } from './store.ts';

/** Why a stack cannot be had now. */
export type Held =
  | { why: 'busy'; lease: Lease; row?: RunRow }
  | { why: 'unknown'; lease: Lease; row?: RunRow }
  | { why: 'inside'; lease: Lease; row?: RunRow }
  | { why: 'reserved'; row: RunRow };

/** Says who holds the stack, since when, for which run, and how to follow, stop or free it. */
export function lockedRefusal(held: Held, project: string, now: number): Refusal {
  const { say, hint } = sentences(held, project, now);
  return new Refusal('locked', say, { hint });
}

/** The sentence alone, for a run that waits. */
export function sayHeld(held: Held, project: string, now: number): string {
  return sentences(held, project, now).say;
}

function sentences(held: Held, project: string, now: number): { say: string; hint: string } {
  if (held.why === 'reserved') return reserved(held.row, project, now);
  const { lease } = held;
  const { run, holder } = lease;
  const who = `Run ${run}${of(held.row)} holds ${project} since ${when(lease.since, now)}`;
  const where = `process ${holder.pid} on ${holder.host}`;
  switch (held.why) {
    case 'busy':
      return {
        say: `${who}: ${where} is at work.`,
        hint: `\`playbook show ${run}\` shows how far it is, \`playbook cancel ${run}\` stops it and puts back what it changed.`,
      };
    case 'inside':
      return {
        say: `${who}, and this command was started by it (${where}): waiting for it would never end.`,
        hint: 'A step must not run a playbook on the stack it works on. Make its steps part of this playbook.',
      };
    case 'unknown':
      return {
        say: `${who}: ${where}, and whether it is still at work cannot be seen from here.`,
        hint: `Look there: \`playbook status\` on ${holder.host} says whether it is, and \`playbook undo ${run}\` there puts back what it changed.`,
      };
  }
}

function reserved(row: RunRow, project: string, now: number): { say: string; hint: string } {
  const since = when(row.started_at ?? row.created_at, now);
  const end = row.status === 'needs-decision' ? 'it waits for a decision' : 'it was interrupted';
  return {
    say: `Run ${row.run}${of(row)} reserves ${project}: started ${since}, ${end}, and it is not finished.`,
    hint: `\`playbook resume ${row.run}\` takes it up again, \`playbook undo ${row.run}\` puts back what it changed; \`playbook resume ${row.run} --plan\` says what there is to do.`,
  };
}

function of(row: RunRow | undefined): string {
  return row ? ` (${row.playbook}, started by ${row.by.user} on ${row.by.host})` : '';
}

/** A moment for people: the time of day and how long ago that was. */
export function when(at: number, now: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${time} (${ago(now - at)} ago)`;
}

function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
