import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/history/sqlite.ts';
import { begin, logged, tempDir } from '../history/history-fixtures.ts';
import { runPlaybook } from '../support/run-playbook.ts';

/** A state folder whose journal was changed like this. */
function folderWith(change: (bytes: Buffer) => Buffer): string {
  const dir = tempDir();
  const store = openStore(dir);
  const { fence } = begin(store, 'k3f9');
  for (let n = 0; n < 200; n += 1) store.append('k3f9', logged(`line ${n} ${'x'.repeat(300)}`), 20, fence);
  store.close();
  const file = join(dir, 'history.db');
  writeFileSync(file, change(readFileSync(file)));
  return dir;
}

const damages: [what: string, change: (bytes: Buffer) => Buffer, say: RegExp][] = [
  ['cut in the middle', (bytes) => bytes.subarray(0, bytes.length / 2), /history\.db does not read as it was written/],
  ['no database at all', () => Buffer.from('rubbish '.repeat(999)), /history\.db does not read as it was written/],
  ['changed in one letter', flipped, /journal of run k3f9 is damaged: event 103 does not read as it was written/],
];

/** Also where the room of an older copy has not been used again. */
function flipped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('line 100 x', 'line 109 x'), 'latin1');
}

/** What reads the journal of a run, and the commands that would go by it. */
const commands = [
  ['show', 'k3f9'],
  ['show', 'k3f9', '--export', 'out.json'],
  ['undo', 'k3f9', '--yes'],
  ['resume', 'k3f9', '--yes'],
];

describe.each(damages)('a journal that was %s', (_what, change, say) => {
  test('must be named by every command that needs it, with what to do, exit 9, and stay as it is', async () => {
    const dir = folderWith(change);
    const before = readFileSync(join(dir, 'history.db'));
    const ended = await Promise.all(commands.map((args) => runPlaybook(args, { cwd: dir, stateDir: dir })));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect({ args: commands[index], code, stdout }).toEqual({ args: commands[index], code: 9, stdout: '' });
      expect(stderr).toMatch(say);
      expect(stderr).toContain('from a backup');
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(readFileSync(join(dir, 'history.db')).equals(before)).toBe(true);
    expect(readdirSync(dir)).not.toContain('out.json');
  });

  test('must be found by doctor', async () => {
    const dir = folderWith(change);
    const { code, stdout } = await runPlaybook(['doctor', '--json'], { cwd: dir, stateDir: dir });
    const findings = JSON.parse(stdout) as { name: string; level: string; say: string; fix: string }[];
    const found = findings.find(({ name, level }) => name === 'history' && level === 'missing');
    expect([code, found?.say, found?.fix]).toEqual([
      9,
      expect.stringMatching(/damaged/),
      expect.stringMatching(/backup/),
    ]);
  });
});
