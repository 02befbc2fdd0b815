import fc from 'fast-check';
import { expect, test } from 'vitest';
import { engineLock } from '../../../../runners/stack/lock/lock.ts';
import type { LockOwner } from '../../../../src/runner/engine-lock.ts';
import { type FakeVolumes, fakeVolumes } from './fake-volumes.ts';

type Life = 'works' | 'dies';

/** What everybody in a race can see, and only the test does. */
type Race = FakeVolumes & { dead: Set<string>; holders: Set<string>; most: number; changed: string[] };

const CHANGES = 3;

function raceOf(turn: () => Promise<unknown>): Race {
  return { ...fakeVolumes(turn), dead: new Set(['before']), holders: new Set(), most: 0, changed: [] };
}

/** Takes the lock, looks after it before each change, and gives it back, or dies on the way. */
async function contend(token: string, life: Life, race: Race): Promise<void> {
  const lock = engineLock(race.docker);
  const tried = await lock.take(ownerOf(token), (owner) => race.dead.has(owner.token));
  if ('held' in tried) return;
  let hold = tried.got;
  race.holders.add(token);
  race.most = Math.max(race.most, race.holders.size);
  for (let change = 0; change < CHANGES; change += 1) {
    const seen = await lock.keep(hold);
    if (!('kept' in seen)) break;
    hold = seen.kept;
    race.changed.push(token);
    if (life === 'works') continue;
    race.dead.add(token);
    race.holders.delete(token);
    return;
  }
  race.holders.delete(token);
  race.changed.push(`${token} is done`);
  await lock.release(hold);
}

function ownerOf(token: string): LockOwner {
  const process = { pid: 1, host: 'vm', started: token, boot: 'b' };
  return { token, project: 'shop', run: token, playbook: 'p', user: 'u', state_dir: '/s', since: 0, process };
}

const lives = fc.array(fc.constantFrom<Life>('works', 'works', 'dies'), { minLength: 2, maxLength: 5 });
const atOnce = (race: Race, all: readonly Life[]): Promise<void>[] =>
  all.map((life, index) => contend(`t${index}`, life, race));

test('however their calls interleave, and whoever dies, two must never hold it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), lives, fc.boolean(), async (scheduler, all, isLeft) => {
      const quiet = fakeVolumes();
      if (isLeft) await engineLock(quiet.docker).take(ownerOf('before'), () => false);
      const race = raceOf(() => scheduler.schedule(Promise.resolve()));
      for (const [name, volume] of quiet.volumes) race.volumes.set(name, volume);
      await scheduler.waitFor(Promise.all(atOnce(race, all)));
      expect(race.most).toBe(1);
      if (!all.includes('dies')) expect([...race.volumes.keys()]).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a holder whose lock is removed must have it again, or find out before it begins another change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const race = raceOf(() => scheduler.schedule(Promise.resolve()));
      const pruned = scheduler.schedule(Promise.resolve()).then(() => race.volumes.clear());
      await scheduler.waitFor(Promise.all([...atOnce(race, ['works', 'works']), pruned]));
      // To look and to change are two calls: what was under way between them is the one change that can still come. Who came
      // and went between two looks left nothing to find (docs/locks.md).
      expect(Math.min(...['t0', 't1'].map((token) => afterTheOther(race.changed, token)))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});

/** How many changes of this one came after the first one of somebody else who was still at work. */
function afterTheOther(changed: readonly string[], token: string): number {
  const other = changed.findIndex((each) => !each.startsWith(token));
  const done = changed.findIndex((each) => !each.startsWith(token) && each.endsWith('is done'));
  return other < 0 ? 0 : changed.slice(other, done < 0 ? undefined : done).filter((each) => each === token).length;
}
