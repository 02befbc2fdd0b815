import { describe, expect, test } from 'vitest';
import { engineLock } from '../../../../runners/stack/lock/lock.ts';
import type { EngineLock, LockHold, LockOwner } from '../../../../src/runner/engine-lock.ts';
import { fakeVolumes } from './fake-volumes.ts';

const dead = () => true;
const alive = () => false;

function owner(token: string, project = 'shop'): LockOwner {
  const process = { pid: 42, host: 'vm', started: '7', boot: 'b/1' };
  return { token, project, run: `run-${token}`, playbook: 'deploy', user: 'ana', state_dir: '/s', since: 5, process };
}

async function got(lock: EngineLock, token: string, isDead: (owner: LockOwner) => boolean = alive): Promise<LockHold> {
  const tried = await lock.take(owner(token), isDead);
  if ('held' in tried) throw new Error(`${tried.held.run} holds it`);
  return tried.got;
}

describe('a lock on the engine', () => {
  test('must be had by one, and tell everybody else all that is known of its owner', async () => {
    const { docker, volumes } = fakeVolumes();
    const lock = engineLock(docker);
    await got(lock, 'a');
    expect(await lock.take(owner('b'), alive)).toEqual({ held: owner('a') });
    expect(await lock.ownerOf('shop')).toEqual(owner('a'));
    expect([...volumes.keys()]).toEqual(['playbook-lock-shop']);
  });

  test('must leave nothing once it is given back', async () => {
    const { docker, volumes } = fakeVolumes();
    const lock = engineLock(docker);
    await lock.release(await got(lock, 'a'));
    expect(volumes.size).toBe(0);
    expect(await lock.ownerOf('shop')).toBeUndefined();
  });

  test('must be of one project, also where the name of another begins like it', async () => {
    const lock = engineLock(fakeVolumes().docker);
    await got(lock, 'a');
    const other = await lock.take(owner('b', 'shop-2'), alive);
    expect(other).toMatchObject({ got: { owner: { project: 'shop-2' } } });
    expect((await lock.owners()).map(({ token }) => token)).toEqual(['a', 'b']);
  });

  test('must say that a volume is in the way that somebody else has made', async () => {
    const { docker } = fakeVolumes();
    await docker.createVolume('playbook-lock-shop', {});
    await expect(engineLock(docker).take(owner('a'), dead)).rejects.toThrow(
      'The volume playbook-lock-shop is in the way',
    );
  });
});

describe('F59 a dead owner', () => {
  test('must be taken over by one, however often, and all of it be gone in the end', async () => {
    const { docker, volumes } = fakeVolumes();
    const lock = engineLock(docker);
    await got(lock, 'a');
    await got(lock, 'b', dead);
    const third = await got(lock, 'c', ({ token }) => token !== 'c');
    expect(await lock.take(owner('d'), ({ token }) => token !== 'c')).toEqual({ held: owner('c') });
    expect(await lock.ownerOf('shop')).toEqual(owner('c'));
    expect(await lock.owners()).toEqual([owner('c')]);
    await lock.release(third);
    expect(volumes.size).toBe(0);
  });
});

test('a takeover that comes late, when another one was made and given back, must not be one', async () => {
  const { docker, volumes } = fakeVolumes();
  const lock = engineLock(docker);
  await got(lock, 'a');
  const overtaken = async (): Promise<void> => {
    await lock.release(await got(lock, 'c', ({ token }) => token === 'a'));
    await got(lock, 'e');
  };
  const slow = {
    ...docker,
    async createVolume(name: string, labels: Record<string, string>) {
      if (name.endsWith('.a')) await overtaken();
      return docker.createVolume(name, labels);
    },
  };
  const late = await engineLock(slow).take(owner('b'), ({ token }) => token === 'a');
  expect(late).toEqual({ held: owner('e') });
  expect([...volumes.keys()]).toEqual(['playbook-lock-shop']);
});

describe('a lock that was removed while it was held', () => {
  test('must be put back where nobody has taken it meanwhile', async () => {
    const { docker, volumes } = fakeVolumes();
    const lock = engineLock(docker);
    const hold = await got(lock, 'a');
    volumes.clear();
    expect(await lock.keep(hold)).toEqual({ kept: hold });
    expect(await lock.take(owner('b'), alive)).toEqual({ held: owner('a') });
  });

  test('must be put back whatever of a takeover was removed, and leave nothing', async () => {
    for (const gone of ['playbook-lock-shop', 'playbook-lock-shop.a']) {
      const { docker, volumes } = fakeVolumes();
      const lock = engineLock(docker);
      await got(lock, 'a');
      const hold = await got(lock, 'b', ({ token }) => token === 'a');
      volumes.delete(gone);
      const kept = await lock.keep(hold);
      expect(await lock.ownerOf('shop')).toEqual(owner('b'));
      if ('kept' in kept) await lock.release(kept.kept);
      expect(volumes.size).toBe(0);
    }
  });

  test('must be lost to whoever was faster, even if that one has died since, and not be removed from under it', async () => {
    const { docker, volumes } = fakeVolumes();
    const lock = engineLock(docker);
    const hold = await got(lock, 'a');
    volumes.clear();
    await got(lock, 'b');
    expect(await lock.keep(hold)).toEqual({ lost: owner('b') });
    await lock.release(hold);
    expect(await lock.ownerOf('shop')).toEqual(owner('b'));
  });
});

describe('freeing it by force', () => {
  test('must remove all of it, a takeover included, and no other lock', async () => {
    const { docker, volumes } = fakeVolumes();
    const lock = engineLock(docker);
    await lock.take(owner('x', 'shop-2'), alive);
    await got(lock, 'a');
    await got(lock, 'b', ({ token }) => token === 'a');
    expect(await lock.free(owner('b'))).toBe(true);
    expect([...volumes.keys()]).toEqual(['playbook-lock-shop-2']);
  });

  test('must not touch whoever stands there by now', async () => {
    const lock = engineLock(fakeVolumes().docker);
    await got(lock, 'a');
    expect(await lock.free(owner('b'))).toBe(false);
    expect(await lock.ownerOf('shop')).toEqual(owner('a'));
  });
});
