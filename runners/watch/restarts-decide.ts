import type { Json, Sample } from '../../src/runner/contract.ts';
import { counted } from '../stack/words.ts';
import type { Replica } from './replica.ts';

/** What is remembered from look to look, by the ID of the container. */
export type Restarts = { counts: Readonly<Record<string, Count>>; aside: readonly string[] };
type Count = {
  container: string;
  service: string;
  /** The engine's count at the last look, and by how much it has grown while it was watched. */
  last: number;
  grown: number;
  /** Ends for want of memory, and when the last one was. */
  oom: number;
  oom_at: number;
};

type Looked = {
  at: number;
  /** Now, and when the watch began, by the engine's clock. */
  now: number;
  since: number;
  before: Restarts;
  /** `oom` events by container: a child that is killed leaves no other trace. */
  oom: Readonly<Record<string, number>>;
  more_than: number;
};

/** A container without a healthcheck that ran so long, in milliseconds, does not crash at its start. */
const steady = 10_000;

/** A baseline names services that kept crashing before the run: they count once they run. */
export function restartsAtFirst(baseline: Json | undefined): Restarts {
  const values = baseline as { aside?: string[] } | undefined;
  return { counts: {}, aside: values?.aside ?? [] };
}

/** Judges one look. What was counted stays, also of containers that are gone. Pure. */
export function judgeRestarts(replicas: readonly Replica[], look: Looked): { restarts: Restarts; sample: Sample } {
  const aside = look.before.aside.filter(
    (service) => !replicas.some((one) => one.service === service && isSteady(one, look.now)),
  );
  const fresh = replicas.map((one) => [one.id, countOf(one, look, aside)] as const);
  const counts = { ...look.before.counts, ...Object.fromEntries(fresh) };
  const all = Object.values(counts);
  const worst = all.toSorted((a, b) => b.grown - a.grown)[0];
  const killed = all.filter(({ oom }) => oom > 0);
  const kills = killed.reduce((sum, { oom }) => sum + oom, 0);
  const grown = worst?.grown ?? 0;
  return {
    restarts: { counts, aside },
    sample: {
      at: look.at,
      bad: grown > look.more_than || kills > 0,
      say: sayCounts(killed, grown > 0 ? worst : undefined),
      values: { restarts: grown, oom: kills },
    },
  };
}

function isSteady({ state, health, started_at }: Replica, now: number): boolean {
  return state === 'running' && (health === undefined ? now - started_at >= steady : health === 'healthy');
}

function countOf(one: Replica, look: Looked, aside: readonly string[]): Count {
  const known = look.before.counts[one.id];
  const isNew = one.created_at >= look.since;
  const last = known?.last ?? (isNew ? 0 : one.restarts);
  const about = { container: one.name, service: one.service, last: one.restarts };
  const oom_at = one.oom ? one.finished_at : 0;
  if (aside.includes(one.service)) return { ...about, grown: 0, oom: 0, oom_at };
  // A start by hand sets the engine's count back to 0.
  const grown = (known?.grown ?? 0) + (one.restarts >= last ? one.restarts - last : one.restarts);
  const another = oom_at > Math.max(known?.oom_at ?? 0, look.since) ? 1 : 0;
  const oom = Math.max((known?.oom ?? 0) + another, look.oom[one.id] ?? 0);
  return { ...about, grown, oom, oom_at: Math.max(oom_at, known?.oom_at ?? 0) };
}

function sayCounts(killed: readonly Count[], worst: Count | undefined): string {
  const kills = killed.map(({ container, oom }) => `${container} ran out of memory${oom > 1 ? ` ${oom} times` : ''}`);
  const restarts = worst ? [`${worst.container} was restarted ${timesOf(worst.grown)}`] : [];
  return [...kills, ...restarts].join('; ') || 'no container was restarted';
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : counted(count, 'time');
}
