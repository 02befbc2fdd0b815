import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileReceipts } from '../../src/history/receipts.ts';
import { createRunFolder } from '../../src/history/run-folder.ts';
import { refusalOfAsync, tempDir } from './history-fixtures.ts';

const key = new Uint8Array(32).fill(7);
const content = { old: { id: 'c0ffee', env: ['PASSWORD=s3cret', 'NAME=ä'] }, tags: [{ name: 'web:1' }], none: null };

async function receipts() {
  const folder = await createRunFolder(tempDir(), 'k3f9');
  return { folder, receipts: fileReceipts(folder, key) };
}

test('a receipt must be read back as it was written, from a file for its owner only', async () => {
  const { folder, receipts: files } = await receipts();
  const ref = await files.write('up', 12, content);
  expect(ref).toEqual({
    file: `receipts/0012-up.${ref.hmac.slice(0, 8)}.json`,
    hmac: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await files.read(ref)).toEqual(content);
  expect(await fileReceipts(folder, key).read(ref)).toEqual(content);
  expect(statSync(join(folder, ref.file)).mode & 0o777).toBe(0o600);
});

test('the reference that goes into the journal must hold nothing of the content', async () => {
  const { receipts: files } = await receipts();
  expect(JSON.stringify(await files.write('up', 1, content))).not.toMatch(/s3cret|PASSWORD|c0ffee/);
});

test('a receipt that was changed by a letter must be refused with a sentence, not followed', async () => {
  const { folder, receipts: files } = await receipts();
  const ref = await files.write('up', 1, content);
  const path = join(folder, ref.file);
  writeFileSync(path, readFileSync(path, 'utf8').replace('c0ffee', 'c0ffef'));
  const refusal = await refusalOfAsync(files.read(ref));
  expect(refusal.reason).toBe('needs-decision');
  expect(refusal.message).toBe(
    `The receipt ${path} is not as the run wrote it: it was changed, or the key beside the history was.`,
  );
  expect(refusal.hint).toContain('Nothing is undone by guess');
});

test('a receipt of another step must not pass for this one', async () => {
  const { folder, receipts: files } = await receipts();
  const [first, second] = [await files.write('up', 1, { id: 'a' }), await files.write('up', 2, { id: 'b' })];
  writeFileSync(join(folder, first.file), readFileSync(join(folder, second.file)));
  expect((await refusalOfAsync(files.read(first))).reason).toBe('needs-decision');
});

test('a receipt written with another key must be refused', async () => {
  const { folder, receipts: files } = await receipts();
  const ref = await files.write('up', 1, content);
  const other = fileReceipts(folder, new Uint8Array(32).fill(8));
  expect((await refusalOfAsync(other.read(ref))).message).toContain('or the key beside the history was');
});

test('F69 a process that lost its run must not write over a receipt of the one that goes on with it', async () => {
  const { folder, receipts: heir } = await receipts();
  const ref = await heir.write('up', 4, { id: 'of the heir' });
  await fileReceipts(folder, key).write('up', 4, { id: 'of the one before' });
  expect(await heir.read(ref)).toEqual({ id: 'of the heir' });
});

test('a receipt that is gone must be named', async () => {
  const { folder, receipts: files } = await receipts();
  const ref = await files.write('up', 1, content);
  rmSync(join(folder, ref.file));
  expect((await refusalOfAsync(files.read(ref))).message).toContain(`${join(folder, ref.file)} is gone`);
});

test.each([['../../key'], ['receipts/../../../key'], ['/etc/passwd'], ['receipts/..'], ['program.json']])(
  'a reference to %s must not lead out of the folder of receipts',
  async (file) => {
    const { receipts: files } = await receipts();
    expect((await refusalOfAsync(files.read({ file, hmac: '' }))).reason).toBe('needs-decision');
  },
);

test('a step with any name must get its file inside the folder', async () => {
  const { receipts: files } = await receipts();
  const ref = await files.write('../up', 1, 'x');
  expect(ref.file).toMatch(/^receipts\/0001-%2E.%2Fup\.[0-9a-f]{8}\.json$/);
  expect(await files.read(ref)).toBe('x');
});
