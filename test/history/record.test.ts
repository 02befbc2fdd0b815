import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RunRecord, readRecord, writeRecord } from '../../src/history/record.ts';
import { created, logged, refusalOfAsync, tempDir } from './history-fixtures.ts';

const record: RunRecord = {
  run: 'k3f9',
  status: 'failed',
  exported_at: 7,
  events: [created(), logged('ä "1"')].map((body, index) => ({ run: 'k3f9', seq: index + 1, at: index, ...body })),
  evidence: [
    { name: '../web.log', bytes: 4, text: 'no\n\u0000' },
    { name: 'core', bytes: 9 },
  ],
};

async function written(): Promise<string> {
  const file = join(tempDir(), 'k3f9.json');
  await writeRecord(file, record);
  return file;
}

/** What a record of these parts looks like, with the sum that belongs to it. */
function forged(more: object, inside: unknown = record): string {
  const sha256 = createHash('sha256').update(JSON.stringify(inside)).digest('hex');
  return JSON.stringify({ format: 'playbook run record', version: 1, sha256, record: inside, ...more });
}

/** Deep enough that whoever walks through it runs out of stack. */
function deep(): string {
  const events = `[${'['.repeat(200_000)}${']'.repeat(200_000)}]`;
  return `{"format":"playbook run record","version":1,"record":{"run":"x","status":"failed","events":${events},"evidence":[]}}`;
}

test('a device that never ends must be refused, and not fill the memory', async () => {
  const file = join(tempDir(), 'zero.json');
  symlinkSync('/dev/zero', file);
  expect((await refusalOfAsync(readRecord(file))).message).toContain('it is too large for a record');
});

test('a link that somebody has put where a record shall be must not be followed', async () => {
  const dir = tempDir();
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'k3f9.json'));
  expect((await refusalOfAsync(writeRecord(join(dir, 'k3f9.json'), record))).message).toContain('is there already');
  expect(readdirSync(dir)).toEqual(['k3f9.json']);
});

test('a record must be read back as it was written, from a file of its owner only', async () => {
  const file = await written();
  expect(await readRecord(file)).toEqual(record);
  expect([statSync(file).mode & 0o777, readdirSync(join(file, '..'))]).toEqual([0o600, ['k3f9.json']]);
});

test('a file that is there must never be written over', async () => {
  const file = await written();
  const before = readFileSync(file);
  expect((await refusalOfAsync(writeRecord(file, { ...record, run: 'other' }))).message).toContain('is there already');
  expect([readFileSync(file).equals(before), readdirSync(join(file, '..'))]).toEqual([true, ['k3f9.json']]);
});

test('a record that was cut anywhere must be refused', async () => {
  const file = await written();
  const whole = readFileSync(file);
  // The line feed at its end may be missing.
  for (let size = whole.length - 2; size >= 0; size -= 7) {
    writeFileSync(file, whole.subarray(0, size));
    const { reason, message } = await refusalOfAsync(readRecord(file));
    expect([reason, message]).toEqual(['usage', expect.stringMatching(/its end is missing|it is no record of a run/)]);
  }
});

test('a record in which any letter was changed must be refused', async () => {
  const file = await written();
  const whole = readFileSync(file, 'latin1');
  for (let at = 0; at < whole.length - 1; at += 11) {
    writeFileSync(file, `${whole.slice(0, at)}${whole[at] === 'x' ? 'y' : 'x'}${whole.slice(at + 1)}`, 'latin1');
    expect((await refusalOfAsync(readRecord(file))).reason).toBe('usage');
  }
});

describe('what is no record must be refused with a sentence:', () => {
  const cases: [what: string, text: string | Buffer, say: string][] = [
    ['nothing', '', 'it is no record of a run'],
    ['a text', 'hello', 'it is no record of a run'],
    ['bytes', Buffer.from([0, 255, 128, 7]), 'it is no record of a run'],
    ['some JSON', '{"services": {}}', 'it is no record of a run'],
    ['null', 'null', 'it is no record of a run'],
    ['a newer one', forged({ version: 2 }), 'it has version 2, and this playbook knows 1'],
    ['a wrong sum', forged({ sha256: '0' }), 'does not read as it was written'],
    ['one without events', forged({}, { ...record, events: [] }), 'does not read as it was written'],
    ['one that is nested without end', deep(), 'does not read as it was written'],
    ['one that holds no run', forged({}, 'text'), 'does not read as it was written'],
  ];
  test.each(cases)('%s', async (_what, text, say) => {
    const file = join(tempDir(), 'file.json');
    writeFileSync(file, text);
    const refusal = await refusalOfAsync(readRecord(file));
    expect([refusal.reason, refusal.message]).toEqual(['usage', expect.stringContaining(say)]);
    expect([refusal.message.startsWith(file), refusal.hint]).toEqual([true, expect.stringMatching(/\.$/)]);
  });

  test('a file that is not there, a folder, and one that is larger than any record', async () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'folder'));
    writeFileSync(join(dir, 'huge'), '');
    truncateSync(join(dir, 'huge'), 10 * 1024 ** 3);
    const said = async (name: string) => (await refusalOfAsync(readRecord(join(dir, name)))).message;
    expect(await said('none')).toContain('it is not there');
    expect(await said('folder')).toContain('it is a folder');
    expect(await said('huge')).toContain('too large for a record: 10 GB, and 128 MB is the most');
  });
});
