import { expect, test } from 'vitest';
import { PRACTICES } from '../../runners/check/practices/words.ts';
import type { Io } from '../../src/cli/io.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { LINT_RULES } from '../../src/playbook/lint/all.ts';
import { PROBLEM_CODES } from '../../src/playbook/problem-codes.ts';
import { plainStyle } from '../../src/report/style.ts';

async function explained(...words: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const write = (text: string) => void said.push(text);
  const style = plainStyle();
  const rest = { interactive: false, live: false, cwd: '/', env: {}, mask: () => {} };
  const io: Io = { out: write, err: write, style, width: style.width, ...rest };
  return { code: await runCommandLine(['explain', ...words], io), said: said.join('') };
}

const codes = [...Object.keys(PROBLEM_CODES), ...LINT_RULES.map(({ id }) => id), ...Object.keys(PRACTICES)];

test.each(codes)('explain %s must say what it is, why, and how to mend it', async (code) => {
  const { code: exit, said } = await explained(code);
  expect(exit).toBe(0);
  expect(said).toMatch(new RegExp(`^${code}: [A-Z\`].+\\n {2}.{20,}\\n {2}.{8,}\\n`));
});

test('no name may be a problem, a rule and a practice at the same time', () => {
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});

test('explain must list every code without a word, and know what was meant', async () => {
  const words = JSON.parse((await explained('--json')).said) as string[];
  expect(codes.filter((code) => !words.includes(code))).toEqual([]);
  expect(await explained('privilegd')).toEqual({
    code: 2,
    said: 'There is nothing to explain under privilegd.\nDid you mean privileged?\n',
  });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  '%s, which every object has, must be no word of ours',
  async (word) => {
    expect(await explained(word)).toMatchObject({ code: 2, said: expect.stringContaining('nothing to explain') });
  },
);
