import type { Change } from '../runner/contract.ts';
import type { PlannedChange } from './types.ts';

/**
 * Compares what a step would do now with what the plan listed of it: one sentence per difference, none where it is as planned.
 * What was certain must be so again; what was likely may fall away; what was unknown may turn out as anything.
 */
export function matchChanges(planned: readonly PlannedChange[], now: readonly Change[]): string[] {
  const pairs = pairUp(planned, now);
  const differing = planned.flatMap((change) => compare(change, pairs.get(change)));
  const taken = new Set(pairs.values());
  const added = now.filter((change) => !taken.has(change) && !isExpected(change, planned));
  return [...differing, ...added.map(unplanned)];
}

/** The planned changes with what stands for them now: the same verb and target first, else the same target. */
function pairUp(planned: readonly PlannedChange[], now: readonly Change[]): Map<PlannedChange, Change> {
  const pairs = new Map<PlannedChange, Change>();
  const free = new Set(now);
  const pair = (fits: (wanted: PlannedChange, found: Change) => boolean) => {
    for (const wanted of planned) {
      if (wanted.open || pairs.has(wanted)) continue;
      const found = [...free].find((candidate) => candidate.target === wanted.target && fits(wanted, candidate));
      if (found) {
        pairs.set(wanted, found);
        free.delete(found);
      }
    }
  };
  pair((wanted, found) => wanted.verb === found.verb);
  pair(() => true);
  return pairs;
}

function compare(planned: PlannedChange, now: Change | undefined): string[] {
  if (planned.open || planned.certainty === 'unknown') return [];
  if (now === undefined || now.verb === 'keep')
    return planned.verb === 'keep' ? compareBinds(planned, now) : gone(planned);
  if (now.verb !== planned.verb)
    return [`${planned.target}: planned was to ${planned.verb} it, now it would be to ${now.verb} it${reasons(now)}`];
  return compareBinds(planned, now);
}

function gone(planned: PlannedChange): string[] {
  if (planned.certainty !== 'certain') return [];
  return [`${planned.target}: planned was to ${planned.verb} it, now there is nothing to do`];
}

function compareBinds(planned: PlannedChange, now: Change | undefined): string[] {
  if (planned.certainty !== 'certain' || now === undefined) return [];
  return Object.entries(planned.binds ?? {}).flatMap(([name, value]) => {
    const found = now.binds?.[name];
    if (found === value) return [];
    return [
      `${planned.target}: ${name} was ${short(value)} in the plan, now it is ${found === undefined ? 'gone' : short(found)}`,
    ];
  });
}

function isExpected(change: Change, planned: readonly PlannedChange[]): boolean {
  if (change.verb === 'keep') return true;
  return planned.some((each) => each.open || (each.certainty === 'unknown' && each.target === change.target));
}

function unplanned(change: Change): string {
  return `${change.target}: the plan did not list to ${change.verb} it${reasons(change)}`;
}

function reasons(change: Change): string {
  return change.because.length === 0 ? '' : `, because ${change.because.join(' and ')}`;
}

/** Enough of each ID or hash to recognise it. */
function short(value: string): string {
  const parts = value.split(' ').map((part) => part.replace(/^sha256:/, ''));
  const shown = parts.map((part) => (/^[0-9a-f]{24,}$/.test(part) ? `${part.slice(0, 12)}…` : part)).join(' ');
  return shown === '' ? 'none' : shown;
}
