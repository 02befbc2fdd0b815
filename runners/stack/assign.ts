import { isLive } from './container.ts';
import type { DesiredService, ObservedContainer, ServiceDecision } from './model.ts';

/** Which containers stay, start, are replaced or are too many. */
export type Assigned = Pick<
  ServiceDecision,
  'verb' | 'because' | 'keep' | 'start' | 'replace' | 'surplus' | 'leftovers' | 'add'
>;

/** Fills the wanted number of places: with what fits and runs, with what fits and stands still, then by replacing. */
export function assign(
  service: DesiredService,
  containers: readonly ObservedContainer[],
  fits: (container: ObservedContainer) => boolean,
  put_back_at = 0,
): Assigned {
  const leftovers = containers.filter(
    (container) => container.state === 'created' && (container.leftover || !fits(container)),
  );
  const there = containers.filter((container) => !leftovers.includes(container) && container.state !== 'removing');
  if (service.job && service.still) return stillJob(there, fits, leftovers);
  if (service.job) return job(there, fits, { leftovers, put_back_at });
  const sorted = [...there].sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || a.number - b.number);
  const fitting = sorted.filter((container) => fits(container) && container.state !== 'dead');
  const taken = fitting.slice(0, service.replicas);
  const open = service.replicas - taken.length;
  const outdated = sorted.filter((container) => !fitting.includes(container));
  const replace = outdated.slice(0, open);
  const surplus = [...fitting.slice(service.replicas), ...outdated.slice(open)];
  const start = taken.filter((container) => !isLive(container));
  const add = open - replace.length;
  return {
    ...verbOf({ there, replace, start, surplus, add, service }),
    keep: ids(taken.filter(isLive)),
    start: ids(start),
    replace: ids(replace),
    surplus: ids(surplus),
    leftovers: ids(leftovers),
    add,
  };
}

/** A job that has ended well counts as done; one that failed, or was never there, runs. */
function job(
  there: readonly ObservedContainer[],
  fits: (container: ObservedContainer) => boolean,
  { leftovers, put_back_at }: { leftovers: readonly ObservedContainer[]; put_back_at: number },
): Assigned {
  const none = { keep: [], start: [], replace: [], surplus: [], leftovers: ids(leftovers), add: 0 };
  const newest = there.toSorted((a, b) => b.number - a.number);
  // What a rollback put in place has done its work when it was new; what came after it must not meet it again.
  const wasPutBack = ({ state, inspect }: ObservedContainer) =>
    state === 'created' && Date.parse(inspect.Created) <= put_back_at;
  const done = newest.find(
    (container) => fits(container) && (isLive(container) || succeeded(container) || wasPutBack(container)),
  );
  const waiting = newest.find((container) => fits(container) && container.state === 'created');
  const others = ids(newest.filter((container) => container !== (done ?? waiting)));
  if (done) {
    const because = others.length > 0 ? ['older containers of it are left'] : [];
    return { ...none, verb: others.length > 0 ? 'scale' : 'keep', because, keep: [done.id], surplus: others };
  }
  if (waiting)
    return { ...none, verb: 'run', because: ['it was made but never ran'], start: [waiting.id], surplus: others };
  const [last, ...older] = newest;
  if (!last) return { ...none, verb: 'run', because: ['it has not run yet'], add: 1 };
  const failed = fits(last) ? [`it ended with exit code ${last.inspect.State.ExitCode} last time`] : [];
  return { ...none, verb: 'run', because: failed, replace: [last.id], surplus: ids(older) };
}

/** Put back as a container that does not run: what fits stays, however it ended; else one is made and left as it is. */
function stillJob(
  there: readonly ObservedContainer[],
  fits: (container: ObservedContainer) => boolean,
  leftovers: readonly ObservedContainer[],
): Assigned {
  const newest = there.toSorted((a, b) => b.number - a.number);
  const right = newest.find(fits);
  const [last, ...older] = newest;
  const none = { keep: [], start: [], replace: [], surplus: [], leftovers: ids(leftovers), add: 0 };
  const because = ['it is put back without being run'];
  if (!last) return { ...none, verb: 'create', because, add: 1 };
  if (!right) return { ...none, verb: 'recreate', because, replace: [last.id], surplus: ids(older) };
  const others = newest.filter((container) => container !== right);
  const left = others.length > 0 ? ['older containers of it are left'] : [];
  return { ...none, verb: others.length > 0 ? 'scale' : 'keep', because: left, keep: [right.id], surplus: ids(others) };
}

function succeeded(container: ObservedContainer): boolean {
  return container.state === 'exited' && container.inspect.State.ExitCode === 0;
}

type Places = {
  there: readonly ObservedContainer[];
  replace: readonly ObservedContainer[];
  start: readonly ObservedContainer[];
  surplus: readonly ObservedContainer[];
  add: number;
  service: DesiredService;
};

function verbOf({ there, replace, start, surplus, add, service }: Places): Pick<Assigned, 'verb' | 'because'> {
  const because = start.map(stopped);
  if (there.length === 0 && add > 0)
    return { verb: 'create', because: [add === 1 ? 'it is not there yet' : `${are(add)} wanted, none is there yet`] };
  const present = service.replicas - add;
  if (add > 0) because.push(`${are(service.replicas)} wanted, ${are(present)} there`);
  if (surplus.length > 0) because.push(`${are(service.replicas)} wanted, ${are(there.length)} there`);
  if (replace.length > 0) return { verb: 'recreate', because };
  if (add > 0 || surplus.length > 0) return { verb: 'scale', because };
  return start.length > 0 ? { verb: 'start', because } : { verb: 'keep', because: [] };
}

function are(count: number): string {
  return `${count} ${count === 1 ? 'is' : 'are'}`;
}

function stopped(container: ObservedContainer): string {
  if (container.state === 'created') return 'it was made but never started';
  const { ExitCode: code } = container.inspect.State;
  const hint = code === 0 ? '; if it is a job, say `x-playbook: { job: true }`' : '';
  return `it has stopped (exit code ${code})${hint}`;
}

function ids(containers: readonly ObservedContainer[]): string[] {
  return containers.map((container) => container.id);
}
