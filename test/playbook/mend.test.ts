import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../../runners/index.ts';
import { lintPlaybook } from '../../src/playbook/lint/lint.ts';
import { mended } from '../../src/playbook/lint/mend.ts';
import { createRegistry } from '../../src/runner/registry.ts';

const registry = createRegistry(FAMILIES);
const head = 'playbook: v1\nname: mend\n';

async function mend(text: string): Promise<string> {
  return mended(text, await lintPlaybook({ file: 'a.yml', text }, registry)).text;
}

describe('what can only have been meant otherwise must be mended:', () => {
  test('a template without quotes, in a block and in a flow', async () => {
    const text = (value: string) => `${head}inputs: { url: { type: url } }
steps:
  - { id: ask, uses: http.check, with: { url: ${value} } } # {{ not this one }}
  - id: again
    uses: http.check
    with:
      url: ${value}
`;
    expect(await mend(text('{{inputs.url}}'))).toBe(text("'{{inputs.url}}'"));
  });

  test('a number that was meant as a version', async () => {
    const text = (value: string) => `${head}target: { env: { TAG: ${value} } }
steps:
  - { id: up, uses: compose.up }
`;
    expect(await mend(text('1.10'))).toBe(text("'1.10'"));
  });

  test('an ignore that ignores nothing, with its line where it has one of its own', async () => {
    const text = (above: string, behind: string) => `${head}# kept
${above}inputs: { url: { type: url } }
steps:
  - { id: ask, uses: http.check, with: { url: '{{inputs.url}}' } }${behind}
`;
    const [above, behind] = [
      '# playbook-ignore unused-input: it is asked for\n',
      '  # playbook-ignore no-pivot: so it is',
    ];
    expect(await mend(text(above, behind))).toBe(text('', ''));
  });
});

describe('what may have been meant must stay as it is:', () => {
  test.each([
    ['a template with text around it', `steps:\n  - { id: ask, uses: http.check, with: { url: {{inputs.a}}/x } }\n`],
    ['a template with a quote in it', `steps:\n  - { id: ask, uses: http.check, with: { url: {{inputs['a']}} } }\n`],
    ['a misspelt action', `steps:\n  - { id: up, uses: compose.upp }\n`],
    [
      'an ignore that is still needed for one of its rules',
      `# playbook-ignore unused-input, no-pivot: later\ninputs: { a: { type: path } }\nsteps:\n  - { id: ask, uses: http.check, with: { url: 'http://x/' } }\n`,
    ],
  ])('%s', async (_, body) => {
    expect(await mend(head + body)).toBe(head + body);
  });
});

test('what overlaps must be mended once, the first one wins', () => {
  const place = (column: number, length: number) => ({ file: 'a', line: 2, column, length });
  const problem = (column: number, length: number, text: string) => ({
    code: 'unused-ignore' as const,
    message: '',
    place: place(column, length),
    mend: { place: place(column, length), text },
  });
  const found = [problem(3, 2, 'Y'), problem(1, 3, 'X'), problem(6, 0, '!')];
  expect(mended('one\nabcdef\n', found)).toEqual({ text: 'one\nXde!f\n', mends: 2 });
});

const fixtures = join(import.meta.dirname, '../../fixtures/lint');
const bad = readdirSync(fixtures).filter((name) => name.endsWith('.bad.yml'));

test.each(bad)('a mend must leave no more problems than there were: %s', async (name) => {
  const text = readFileSync(join(fixtures, name), 'utf8');
  const before = await lintPlaybook({ file: name, text }, registry);
  const after = await lintPlaybook({ file: name, text: mended(text, before).text }, registry);
  expect(after.length).toBe(before.filter((problem) => problem.mend === undefined).length);
});
