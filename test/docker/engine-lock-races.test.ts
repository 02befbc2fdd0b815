import { expect, test } from 'vitest';
import { dockerChanger } from '../../runners/clients/docker.ts';
import type { DockerChanger } from '../../runners/clients/docker-types.ts';
import { engineLock } from '../../runners/stack/lock/lock.ts';
import type { EngineLock, LockHold, LockOwner } from '../../src/runner/engine-lock.ts';
import { clientLook } from '../support/client-look.ts';
import { locksOf, withStack } from '../support/stack.ts';

const ROUNDS = 200;

/** What two who are at it at the same instant get: a hold, or nothing. */
type Got = readonly (LockHold | undefined)[];
type Side = { docker: DockerChanger; lock: EngineLock };

async function withTwo(body: (one: Side, two: Side) => Promise<void>): Promise<void> {
  const clients = [clientLook(env()), clientLook(env())];
  const sides = clients.map(async ({ context }): Promise<Side> => {
    const changer = await dockerChanger(context);
    return { docker: changer, lock: engineLock(changer) };
  });
  const [one, two] = await Promise.all(sides);
  if (one && two) await body(one, two);
  for (const { close } of clients) close();
}

const env = () =>
  Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));

async function take(
  lock: EngineLock,
  project: string,
  token: string,
  dead: readonly string[] = [],
): Promise<LockHold | undefined> {
  const process = { pid: 1, host: token, started: '', boot: '' };
  const owner: LockOwner = { token, project, run: token, playbook: 'p', user: 'u', state_dir: '/s', since: 0, process };
  const tried = await lock.take(owner, (other) => dead.includes(other.token));
  return 'got' in tried ? tried.got : undefined;
}

async function keep(lock: EngineLock, hold: LockHold): Promise<LockHold | undefined> {
  const kept = await lock.keep(hold);
  return 'kept' in kept ? kept.kept : undefined;
}

/** The one that got it; fails where none or both did. */
function winnerOf(got: Got): LockHold {
  const [winner, ...others] = got.filter((hold) => hold !== undefined);
  if (winner === undefined || others.length > 0)
    throw new Error(`${got.length - got.filter((hold) => !hold).length} hold it`);
  return winner;
}

test(`of two who take a stack at the same instant, ${ROUNDS} times one must get it: free, left by a dead one, removed under its holder`, () =>
  withStack('races', {}, ({ project }) =>
    withTwo(async (one, two) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const first = winnerOf(
          await Promise.all([take(one.lock, project, `a${round}`), take(two.lock, project, `b${round}`)]),
        );
        const dead = [first.owner.token];
        const second = winnerOf(
          await Promise.all([take(one.lock, project, `c${round}`, dead), take(two.lock, project, `d${round}`, dead)]),
        );
        // As `docker volume prune -af` does.
        for (const { name } of second.chain) await one.docker.removeVolume(name);
        const third = winnerOf(await Promise.all([keep(one.lock, second), take(two.lock, project, `e${round}`)]));
        // Whoever lost it takes nothing from whoever has it.
        if (third.owner.token !== second.owner.token) await one.lock.release(second);
        expect((await two.lock.ownerOf(project))?.token).toBe(third.owner.token);
        await two.lock.release(third);
      }
      expect(await locksOf(project)).toEqual([]);
    }),
  ));
