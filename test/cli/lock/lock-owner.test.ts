import { describe, expect, test } from 'vitest';
import { heldElsewhere, lifeOf } from '../../../src/cli/lock-owner.ts';
import { thisProcess } from '../../../src/history/process-ref.ts';
import type { Store } from '../../../src/history/store.ts';
import type { LockOwner } from '../../../src/runner/engine-lock.ts';
import { laptop, ownerOf } from './lock-fixtures.ts';

/** A history in which this owner's run is on record. */
const recorded = ({ run, process }: LockOwner) => ({ findRun: () => ({ run, process }) }) as unknown as Store;

const gone = { ...thisProcess(), started: 'long ago' };
const earlier = { ...thisProcess(), boot: 'an-earlier-boot/1' };

describe('F59 the owner of a lock must be taken for dead only where that is proved', () => {
  const strange = ownerOf('a', { process: earlier, run: 'k3f9' });
  const cases: [string, LockOwner, Store | undefined, boolean | 'unknown'][] = [
    ['a process that is there', ownerOf('a'), undefined, true],
    ['a process of this boot that is gone', ownerOf('a', { process: gone }), undefined, false],
    ['one of another machine', ownerOf('a', { process: laptop }), undefined, 'unknown'],
    ['one of a machine of the same name', strange, undefined, 'unknown'],
    ['one of an earlier boot that this history has on record', strange, recorded(strange), false],
    ['one whose run has only the same id here', strange, recorded(ownerOf('b', { run: 'k3f9' })), 'unknown'],
    ['one of a system that tells no boots', ownerOf('a', { process: { ...gone, boot: '/' } }), undefined, 'unknown'],
  ];
  test.each(cases)('%s', (_what, owner, store, life) => {
    expect(lifeOf(owner, store)).toBe(life);
  });
});

describe('F60 who is refused must be told who holds it, since when, for which run, and what to do', () => {
  test('of another machine, with the command that frees it as the last resort', () => {
    const { reason, message, hint } = heldElsewhere(ownerOf('k3f9', { process: laptop }), 'unknown', 180_000);
    expect(reason).toBe('locked');
    expect(message).toMatch(
      /^Run k3f9 \(deploy, started by ana on laptop\) holds shop since 19\d\d-.* \(3 min ago\): process 42 on laptop, and whether it is still at work cannot be seen from here\.$/,
    );
    expect(hint).toMatch(/`playbook show k3f9 --state-dir \/s` on laptop .* `playbook unlock -p shop` frees shop\.$/);
  });

  test('of this host, with the history that knows it', () => {
    const { message, hint } = heldElsewhere(ownerOf('k3f9'), true, 0);
    expect(message).toMatch(/is at work, with another history\.$/);
    expect(hint).toContain('`playbook cancel k3f9 --state-dir /s`');
  });
});
