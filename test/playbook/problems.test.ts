import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { PROBLEM_CODES } from '../../src/playbook/problem-codes.ts';
import { printProblems } from '../../src/report/problem.ts';
import { plainStyle } from '../../src/report/style.ts';
import { fakeRegistry } from '../support/fake-registry.ts';

const folder = join(import.meta.dirname, '../../fixtures/problems');
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .sort();

/** `UPDATE=1 vitest run test/playbook/problems` writes the oracles anew; read the difference before you commit it. */
const update = process.env['UPDATE'] === '1';

async function printed(name: string): Promise<string> {
  const text = readFileSync(join(folder, name), 'utf8');
  const { problems } = await loadPlaybook({ file: name, text }, fakeRegistry());
  return printProblems(problems, new Map([[name, text]]), plainStyle());
}

test.each(cases)('%s must be reported as its .out says', async (name) => {
  const oracle = join(folder, name.replace(/\.yml$/, '.out'));
  const actual = await printed(name);
  if (update) writeFileSync(oracle, actual);
  expect(actual).toBe(existsSync(oracle) ? readFileSync(oracle, 'utf8') : 'there is no oracle yet');
});

test('the cases that begin with ok must stay silent, and all others must not', async () => {
  const silent = await Promise.all(cases.map(async (name) => ((await printed(name)) === '' ? [name] : [])));
  expect(silent.flat()).toEqual(cases.filter((name) => name.startsWith('ok')));
});

/** Found elsewhere than in a file: reading it, the values given, the rendering. */
const OUTSIDE = new Set([
  'unreadable-file',
  'file-too-large',
  'missing-input',
  'no-compose-file',
  'invalid-compose-file',
  'bad-input',
  'not-a-text',
  'tainted-value',
]);

test('every problem code must have a case', () => {
  const all = cases.map((name) => readFileSync(join(folder, name.replace(/\.yml$/, '.out')), 'utf8')).join('');
  const missing = Object.keys(PROBLEM_CODES).filter((code) => !all.includes(`[${code}]`) && !OUTSIDE.has(code));
  expect(missing).toEqual([]);
});
