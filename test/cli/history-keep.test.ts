import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storeReleases } from '../../src/history/releases.ts';
import { openStore } from '../../src/history/sqlite.ts';
import { NO_LEASE, type Store } from '../../src/history/store.ts';
import { begin, created, logged, release, stack, tempDir } from '../history/history-fixtures.ts';
import { runPlaybook } from '../support/run-playbook.ts';

/** A history with some runs of long ago, each with a folder. */
function filled(runs: readonly string[], fill?: (store: Store) => void): string {
  const dir = tempDir();
  const store = openStore(dir);
  for (const run of runs) {
    mkdirSync(join(dir, 'runs', run, 'evidence'), { recursive: true });
    store.append(run, created(), 1, NO_LEASE);
    for (let n = 0; n < 30; n += 1) store.append(run, logged('x'.repeat(2000)), 2, NO_LEASE);
    store.append(run, { type: 'run.ended', status: 'no-go', say: 'ports' }, 3, NO_LEASE);
  }
  fill?.(store);
  store.close();
  return dir;
}

const history = (dir: string, ...args: string[]) => runPlaybook(['history', ...args], { cwd: dir, stateDir: dir });

function idsIn(dir: string): string[] {
  const store = openStore(dir);
  const ids = store.runs().map(({ run }) => run);
  store.close();
  return ids;
}

const old = ['aaaa', 'bbbb', 'cccc'];

describe('history prune', () => {
  test('must take out events, rows and folders of what it names, give room back, and leave the rest', async () => {
    const dir = filled(old, (store) => begin(store, 'dddd'));
    const before = statSync(join(dir, 'history.db')).size;
    const { code, stdout, stderr } = await history(dir, 'prune', '--keep', '2', '--yes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(idsIn(dir)).toEqual(['dddd', 'cccc']);
    expect(readdirSync(join(dir, 'runs'))).toEqual(['cccc']);
    expect(statSync(join(dir, 'history.db')).size).toBeLessThan(before);
    expect(stdout).toMatch(/^Goes {3}2 runs of 1970-01-01: 2 of shop$/m);
    expect(stdout).toMatch(/^Stays {2}2 runs: 1 not finished · 1 among the newest of its stack$/m);
    expect(stdout).toMatch(/^2 runs taken out; the journal is \d+ kB smaller\.$/m);
  });

  test('a dry run must say the same and change nothing, and make nothing where nothing is', async () => {
    const dir = filled(old);
    const said = await history(dir, 'prune', '--keep', '1', '--dry-run', '--json');
    expect(said.json()).toEqual({
      goes: ['bbbb', 'aaaa'],
      stays: [{ id: 'cccc', because: 'newest' }],
      pruned: false,
    });
    expect(idsIn(dir)).toEqual(['cccc', 'bbbb', 'aaaa']);
    const nowhere = join(dir, 'nowhere');
    expect((await history(nowhere.slice(0, -8), 'prune', '--dry-run')).code).toBe(0);
    expect((await runPlaybook(['history', 'prune', '--yes'], { cwd: dir, stateDir: nowhere })).code).toBe(0);
    expect(existsSync(nowhere)).toBe(false);
  });

  test('without a terminal and without --yes it must refuse before anything', async () => {
    const dir = filled(old);
    const { code, stderr } = await history(dir, 'prune', '--keep', '1');
    expect({ code, ids: idsIn(dir) }).toEqual({ code: 2, ids: ['cccc', 'bbbb', 'aaaa'] });
    expect(stderr).toContain('playbook history prune --dry-run');
  });

  test('the number of a release whose run was pruned must not be given again', async () => {
    const dir = filled(old, (store) => {
      for (const [run, id] of [
        ['dddd', 'r7'],
        ['eeee', 'r6'],
      ] as const) {
        const lease = begin(store, run);
        store.append(run, { type: 'release.recorded', release: id }, 12, lease.fence);
        store.append(run, { type: 'run.ended', status: 'succeeded', say: 'done' }, 13, lease.fence);
        store.release(lease);
      }
      store.saveRelease(release('r6'));
    });
    expect((await history(dir, 'prune', '--keep', '0', '--yes')).code).toBe(0);
    const store = openStore(dir);
    expect(await storeReleases(store, dir, stack).nextId()).toBe('r8');
    store.close();
  });
});

describe('history backup', () => {
  test('must make a whole private copy that another folder can be filled with, also while a run writes', async () => {
    const dir = filled(old);
    const writer = openStore(dir);
    begin(writer, 'dddd');
    const to = tempDir();
    const file = join(to, 'history.db');
    const { code, stdout } = await history(dir, 'backup', file, '--json');
    writer.close();
    expect({ code, said: JSON.parse(stdout) }).toEqual({ code: 0, said: { file, bytes: statSync(file).size } });
    expect([readdirSync(to), statSync(file).mode & 0o777]).toEqual([['history.db'], 0o600]);
    const [copy, original] = [openStore(to), openStore(dir)];
    expect(copy.runs()).toEqual(original.runs());
    for (const { run } of copy.runs()) expect(copy.events(run)).toEqual(original.events(run));
    for (const store of [copy, original]) store.close();
  });

  test('must never write over a file, nor leave half of one', async () => {
    const dir = filled(old);
    const to = tempDir();
    writeFileSync(join(to, 'kept'), 'mine');
    const { code, stderr } = await history(dir, 'backup', join(to, 'kept'));
    expect([code, stderr, readdirSync(to)]).toEqual([2, expect.stringContaining('is there already'), ['kept']]);
    const gone = await history(dir, 'backup', join(to, 'none', 'file'));
    expect([gone.code, gone.stderr]).toEqual([9, expect.stringContaining('does not exist')]);
  });
});

test.each([
  [['prune', 'more'], 'history prune takes no more.'],
  [['prune', '--limit', '3'], '--limit means nothing to playbook history prune.'],
  [['--keep', '3'], '--keep means nothing to playbook history.'],
  [['backup'], 'Say into which file'],
  [['prune', '--keep', '-1', '--dry-run'], '--keep -1: a number from 0 on is needed.'],
  [['prune', '--older-than', '3 weeks', '--dry-run'], 'write days, or a duration'],
  [['purge'], 'history does not know purge.'],
])('%j must be refused with a sentence, exit 2', async (args, say) => {
  const { code, stderr } = await history(tempDir(), ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(say)]);
});
