import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createStateDir, findStateDir } from '../../src/history/state-dir.ts';
import { refusalOf, tempDir } from './history-fixtures.ts';

const uid = process.getuid?.();
const none = '/proc/nowhere/playbook';

describe('the state folder', () => {
  test.each([
    ['--state-dir beats all', { flag: '/srv/state', env: { XDG_STATE_HOME: '/x' }, uid: 0 }, '/srv/state'],
    ['a relative --state-dir counts from here', { flag: 'state', env: {}, uid: 1000 }, resolve('state')],
    ['else XDG_STATE_HOME', { env: { XDG_STATE_HOME: '/x', HOME: '/home/ana' }, uid: 1000 }, '/x/playbook'],
    [
      'a relative XDG_STATE_HOME is ignored',
      { env: { XDG_STATE_HOME: 'x', HOME: '/h' }, uid: 1 },
      '/h/.local/state/playbook',
    ],
    ['an empty one too', { env: { XDG_STATE_HOME: '', HOME: '/h' }, uid: 1 }, '/h/.local/state/playbook'],
    ['without HOME the one of the system', { env: {}, uid: 1 }, join(homedir(), '.local/state/playbook')],
  ])('%s', (_what, options, path) => {
    expect(findStateDir({ shared: none, ...options })).toEqual({ path, exists: false });
  });

  test('root must get the shared one, whether it is there or not, and find it without making it', () => {
    const shared = join(tempDir(), 'lib', 'playbook');
    const options = { env: { HOME: '/h' }, uid: 0, shared };
    expect(findStateDir(options)).toEqual({ path: shared, exists: false });
    expect(existsSync(shared)).toBe(false);
    createStateDir(shared, uid);
    expect(findStateDir(options)).toEqual({ path: shared, exists: true });
  });

  test('another user must get the shared one only where it is there and writable', () => {
    const dir = tempDir();
    const options = { env: { HOME: '/h' }, uid: 1000, shared: join(dir, 'playbook') };
    expect(findStateDir(options).path).toBe('/h/.local/state/playbook');
    mkdirSync(options.shared);
    expect(findStateDir(options).path).toBe(options.shared);
  });

  test('root must not get a shared one where nothing can be made', () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    const shared = join(file, 'lib', 'playbook');
    expect(findStateDir({ env: { HOME: '/h' }, uid: 0, shared }).path).toBe('/h/.local/state/playbook');
  });
});

describe('making it', () => {
  test('only its owner may enter, and it must be empty', () => {
    const dir = join(tempDir(), 'a', 'b');
    createStateDir(dir, uid);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dir)).toEqual([]);
  });

  test('one that is there must keep its permissions', () => {
    const dir = join(tempDir(), 'mine');
    mkdirSync(dir, { mode: 0o755 });
    createStateDir(dir, uid);
    expect(statSync(dir).mode & 0o777).toBe(0o755);
  });

  test('where it cannot be made a sentence must say so', () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    const refusal = refusalOf(() => createStateDir(join(file, 'state'), uid));
    expect([refusal.reason, refusal.hint]).toEqual(['unavailable', expect.stringContaining('--state-dir')]);
  });
});
