import type { RunRow } from '../history/store.ts';
import type { StackHeader } from '../plan/types.ts';
import { count, sayAgo } from './amounts.ts';
import { clean } from './clean.ts';
import { beside, clip, wrap } from './layout.ts';
import type { Style } from './style.ts';
import { printTable } from './table.ts';

/** One service as it runs now. */
export type ServiceStatus = {
  name: string;
  /** `shop/web:1.5.0`. */
  image: string;
  running: number;
  wanted: number;
  /** `healthy`, `unhealthy`, `starting`, `no healthcheck`, `done`, `stopped`. */
  health: string;
  /** Since when the newest of its containers runs. */
  since?: number;
};

/** What `playbook status` tells of a stack. */
export type StackStatus = {
  stack: StackHeader;
  services: ServiceStatus[];
  /** The release that was put in place last: when it was recorded, and when a rollback put it back. */
  release?: { id: string; created_at: number; restored_at?: number };
  /** What was changed by hand since that release, one sentence each. */
  drift: string[];
  /** A run that is under way, waits or was left unfinished. */
  run?: RunRow;
  /** Advice: an unwatched version, tags of releases this history lacks. */
  remarks: string[];
};

/** What runs, which release it is, what was changed by hand since, and a run in progress. */
export function printStatus(given: StackStatus, style: Style, now: number): string {
  const status = clean(given);
  const parts = [header(status, style), services(status, style, now), facts(status, style, now)];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header({ stack }: StackStatus, style: Style): string[] {
  const engine = `engine ${stack.engine_version}, compose ${stack.compose_version}`;
  const commit = stack.commit === undefined ? [] : [`commit ${stack.commit.slice(0, 7)}`];
  return wrap([`${stack.project} on ${stack.engine_name}`, engine, ...commit].join(' · '), style.width);
}

function services(status: StackStatus, style: Style, now: number): string[] {
  if (status.services.length === 0) return ['Nothing of it runs.'];
  const cells = status.services.map(({ name, image, running, wanted, health, since }) => [
    name,
    health === 'done' ? 'job' : `${running} of ${wanted}`,
    health,
    image,
    since === undefined ? '' : sayAgo(since, now),
  ]);
  const [head = '', ...rows] = printTable(['SERVICE', 'RUNS', 'HEALTH', 'IMAGE', 'STARTED'], cells);
  return [style.strong(clip(head, style.width)), ...rows.map((row) => clip(row, style.width))];
}

function facts({ release, drift, run, remarks }: StackStatus, style: Style, now: number): string[] {
  const running = release === undefined ? 'none recorded yet' : sayRelease(release, now);
  const byHand =
    release === undefined
      ? []
      : drift.length === 0
        ? ['nothing']
        : [count(drift.length, 'difference'), ...drift.map((each) => `· ${each}`)];
  // While a run is under way nobody can tell what was done by hand from what it has done.
  const label = run === undefined ? 'By hand   ' : 'Differs   ';
  return [
    ...beside('Release   ', running, style.width),
    ...byHand.flatMap((line, index) => beside(index === 0 ? label : ' '.repeat(10), line, style.width)),
    ...(run === undefined ? [] : beside('Run       ', runSentence(run, now), style.width)),
    ...remarks.flatMap((remark) => beside('Note      ', remark, style.width)),
  ];
}

function sayRelease({ id, created_at, restored_at }: NonNullable<StackStatus['release']>, now: number): string {
  const back = restored_at === undefined ? '' : `, put back ${sayAgo(restored_at, now)}`;
  return `${id}, recorded ${sayAgo(created_at, now)}${back}`;
}

function runSentence({ run, playbook, status, created_at, by }: RunRow, now: number): string {
  const who = `${playbook}, started ${sayAgo(created_at, now)} by ${by.user}@${by.host}`;
  if (status === 'running' || status === 'waiting') return `${run} is ${status}: ${who}`;
  return `${run} is ${status}: ${who}. It reserves the stack; to take it up again: playbook resume ${run}; to take back what it did: playbook undo ${run}`;
}
