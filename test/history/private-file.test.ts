import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Defect } from '../../src/errors.ts';
import { makePrivateFolder, nameOfFile, safeFileName, writePrivateFile } from '../../src/history/private-file.ts';
import { refusalOfAsync, tempDir } from './history-fixtures.ts';

describe('a private file', () => {
  test('only its owner may read it, whatever the umask and whatever was there before', async () => {
    const file = join(tempDir(), 'secret');
    writeFileSync(file, 'old', { mode: 0o644 });
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    await writePrivateFile(file, 'new');
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new', 0o600]);
  });

  test('a reader must see the old content or the new one whole, and nothing be left beside it', async () => {
    const file = join(tempDir(), 'file');
    await writePrivateFile(file, Buffer.alloc(200_000, 'a'));
    const writing = Promise.all(['b', 'c', 'd'].map((letter) => writePrivateFile(file, letter.repeat(200_000))));
    const progress = { ended: false };
    const ended = writing.finally(() => {
      progress.ended = true;
    });
    while (!progress.ended) {
      const text = readFileSync(file, 'utf8');
      expect([text.length, new Set(text).size]).toEqual([200_000, 1]);
      await new Promise(setImmediate);
    }
    await ended;
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
  });

  test('one that cannot be written must leave what was there, say why, and leave nothing beside it', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'taken', 'full'), { recursive: true });
    await expect(writePrivateFile(join(dir, 'taken'), 'x')).rejects.toThrow('taken');
    expect(readdirSync(dir)).toEqual(['taken']);
    const refusal = await refusalOfAsync(writePrivateFile(join(dir, 'missing', 'file'), 'x'));
    expect([refusal.reason, refusal.message]).toEqual(['unavailable', `${dir}/missing/file does not exist.`]);
  });

  test('folders must be for their owner only, all the way down', async () => {
    const dir = tempDir();
    await makePrivateFolder(join(dir, 'a', 'b', 'c'));
    await makePrivateFolder(join(dir, 'a', 'b', 'c'));
    const modes = ['a', 'a/b', 'a/b/c'].map((folder) => statSync(join(dir, folder)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o700]);
  });
});

describe('a name as a file', () => {
  test.each([
    ['web-1.logs.txt', 'web-1.logs.txt'],
    ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
    ['..', '%2E.'],
    ['.', '%2E'],
    ['a/b', 'a%2Fb'],
    ['a\\b\0c', 'a%5Cb%00c'],
    ['ABCD:EFGH', 'ABCD%3AEFGH'],
    ["it's (1)!*~", 'it%27s%20%281%29%21%2A%7E'],
  ])('%j must be %j', (name, file) => {
    expect(safeFileName(name)).toBe(file);
    expect(nameOfFile(file)).toBe(name);
  });

  const hostile = ['/', '.', '\\', '\0', '%', '~', ':', '*', '(', 'a', '-', '_', 'Ä', '\u{1f600}', ' ', '\n'];

  test('any name must stay one segment inside its folder, and no two share a file', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...hostile), minLength: 1, maxLength: 200 }), (name) => {
        const file = safeFileName(name);
        expect(file).toMatch(/^[A-Za-z0-9_%~-][A-Za-z0-9._%~-]*$/);
        expect(Buffer.byteLength(file)).toBeLessThan(200);
        expect(dirname(join('/folder', file))).toBe('/folder');
        expect(seen.get(file) ?? name).toBe(name);
        expect(nameOfFile(file)).toBeTypeOf('string');
        seen.set(file, name);
      }),
    );
  });

  test('an empty name must be refused, and one with half a letter must not break it', () => {
    expect(() => safeFileName('')).toThrow(Defect);
    expect(safeFileName('\ud800')).toBe('%EF%BF%BD');
    expect(existsSync(join(tempDir(), safeFileName('x'.repeat(5000))))).toBe(false);
  });
});
