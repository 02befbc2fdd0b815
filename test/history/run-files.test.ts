import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Program } from '../../src/engine/program.ts';
import { keepEvidence, listEvidence, readEvidence } from '../../src/history/evidence.ts';
import { freezeCompose, frozenFile, pinProgram, readProgram } from '../../src/history/run-files.ts';
import { createRunFolder, runFolder } from '../../src/history/run-folder.ts';
import { refusalOfAsync, tempDir } from './history-fixtures.ts';

const mode = (path: string): number => statSync(path).mode & 0o777;

test('the folder of a run must be for its owner only, with places for receipts and evidence', async () => {
  const dir = tempDir();
  const folder = await createRunFolder(dir, 'k3f9');
  expect([folder, folder]).toEqual([join(dir, 'runs', 'k3f9'), runFolder(dir, 'k3f9')]);
  expect(readdirSync(folder).sort()).toEqual(['evidence', 'receipts']);
  expect(['', 'evidence', 'receipts'].map((part) => mode(join(folder, part)))).toEqual([0o700, 0o700, 0o700]);
  expect(await createRunFolder(dir, 'k3f9')).toBe(folder);
});

test('F70 what a run is bound to must be read back as it was pinned', async () => {
  const folder = await createRunFolder(tempDir(), 'k3f9');
  const program = { run: 'k3f9', inputs: { tag: 'ä\n"2"' }, tainted: [], overrides: ['ports'] } as unknown as Program;
  await pinProgram(folder, program);
  expect(await readProgram(folder)).toEqual(program);
  expect(mode(join(folder, 'program.json'))).toBe(0o600);
});

test('a pinned program that is gone or broken must be a sentence', async () => {
  const folder = await createRunFolder(tempDir(), 'k3f9');
  expect((await refusalOfAsync(readProgram(folder))).message).toBe(`${folder}/program.json does not exist.`);
  writeFileSync(join(folder, 'program.json'), '{"run":');
  const refusal = await refusalOfAsync(readProgram(folder));
  expect([refusal.reason, refusal.message]).toEqual(['unavailable', expect.stringContaining('is no longer JSON')]);
});

test('the frozen Compose file must be private, byte for byte, and where a resume looks for it', async () => {
  const folder = await createRunFolder(tempDir(), 'k3f9');
  const text = '{"services":{"db":{"environment":{"PASSWORD":"s3cret"}}}}\n';
  const file = await freezeCompose(folder, text);
  expect([file, mode(file), readFileSync(file, 'utf8')]).toEqual([frozenFile(folder), 0o600, text]);
});

test('F25 evidence must be kept under any name, privately, and be found again by it', async () => {
  const dir = tempDir();
  const folder = await createRunFolder(dir, 'k3f9');
  expect(await keepEvidence(folder, 'web-1.log', 'Ä\n')).toBe(3);
  expect(await keepEvidence(folder, '../../../../escape', Buffer.from([0, 255]))).toBe(2);
  expect(await listEvidence(folder)).toEqual([
    { name: '../../../../escape', file: expect.stringContaining(`${folder}/evidence/`), bytes: 2 },
    { name: 'web-1.log', file: `${folder}/evidence/web-1.log`, bytes: 3 },
  ]);
  expect(Buffer.from(await readEvidence(folder, '../../../../escape'))).toEqual(Buffer.from([0, 255]));
  expect(readdirSync(dir)).toEqual(['runs']);
  expect(mode(join(folder, 'evidence', 'web-1.log'))).toBe(0o600);
});

test('a run without evidence must have none, and asking for some be a sentence', async () => {
  const folder = join(tempDir(), 'none');
  expect(await listEvidence(folder)).toEqual([]);
  expect((await refusalOfAsync(readEvidence(folder, 'web.log'))).message).toContain('does not exist');
});
