import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../../runners/index.ts';
import { explainWord } from '../../src/playbook/explain.ts';
import { lintPlaybook } from '../../src/playbook/lint/lint.ts';
import { RULE_TABLE } from '../../src/playbook/lint/table.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { createRegistry } from '../../src/runner/registry.ts';

const root = join(import.meta.dirname, '../..');
const rules = Object.keys(RULE_TABLE);
const registry = createRegistry(FAMILIES);

async function codesIn(folder: string, name: string): Promise<string[]> {
  const text = readFileSync(join(root, folder, name), 'utf8');
  const problems = await lintPlaybook({ file: name, text }, registry);
  return problems.map(({ code, level }) => `${level} ${code}`);
}

describe.each(rules)('the rule %s', (rule) => {
  test('must find its bad fixture once, and nothing else there', async () => {
    expect(await codesIn('fixtures/lint', `${rule}.bad.yml`)).toEqual([`${RULE_TABLE[rule]?.level} ${rule}`]);
  });

  test('must be content with its good fixture', async () => {
    expect(await codesIn('fixtures/lint', `${rule}.good.yml`)).toEqual([]);
  });

  test('must be explained: what, why, how to mend it, and how to set it aside', () => {
    const { title = '?', why = '?', fix = '?', level } = RULE_TABLE[rule] ?? {};
    const said = explainWord(rule) ?? '';
    for (const part of [title, why, fix, `A ${level};`, `# playbook-ignore ${rule}: reason`])
      expect(said).toContain(part);
  });
});

test('every lint fixture must belong to a rule', () => {
  const names = readdirSync(join(root, 'fixtures/lint')).filter((name) => name.endsWith('.yml'));
  const expected = rules.flatMap((rule) => [`${rule}.bad.yml`, `${rule}.good.yml`]);
  expect(names.toSorted()).toEqual(expected.toSorted());
});

const shipped = readdirSync(join(root, 'playbooks')).filter((name) => name.endsWith('.yml'));

test.each(shipped)('the shipped playbook %s must be clean', async (name) => {
  expect(existsSync(join(root, 'playbooks', name))).toBe(true);
  expect(await codesIn('playbooks', name)).toEqual([]);
});

describe('an ignore', () => {
  const playbook = (inputs: string) => `playbook: v1
name: ignores
inputs:
${inputs}steps:
  - { id: ask, uses: http.check, with: { url: 'http://localhost/' } }
`;
  const find = async (text: string) => {
    const problems = await lintPlaybook({ file: 'a.yml', text }, registry);
    return problems.map(({ code, place }) => `${place?.line} ${code}`);
  };

  test.each([
    ['right above', '  # playbook-ignore unused-input: later\n  a: { type: url, default: http://x/ }\n', []],
    [
      'above, before another comment',
      '  # playbook-ignore unused-input: later\n\n  # An address.\n  a: { type: path, default: x }\n',
      [],
    ],
    ['behind', '  a: { type: path, default: x } # playbook-ignore unused-input: later\n', []],
    [
      'with several rules',
      '  # playbook-ignore no-pivot, unused-input: later\n  a: { type: path, default: x }\n',
      ['4 unused-ignore'],
    ],
    [
      'of the next one only',
      '  # playbook-ignore unused-input: later\n  a: { type: path, default: x }\n  b: { type: path, default: x }\n',
      ['6 unused-input'],
    ],
    [
      'behind another line',
      '  a: { type: path, default: x }\n  b: { type: path, default: x } # playbook-ignore unused-input: later\n',
      ['4 unused-input'],
    ],
    ['that is a text', `  a: { type: path, default: '# playbook-ignore unused-input: later' }\n`, ['4 unused-input']],
    [
      'without a rule',
      '  # playbook-ignore\n  a: { type: path, default: x }\n',
      ['4 unknown-ignore', '5 unused-input'],
    ],
    [
      'of an error',
      '  # playbook-ignore unknown-key: I know\n  a: { type: path, default: x }\n',
      ['4 unknown-ignore', '5 unused-input'],
    ],
    ['that is another word', '  # playbook-ignored: x\n  a: { type: path, default: x }\n', ['5 unused-input']],
  ])('%s must count as that', async (_where, inputs, found) => {
    expect(await find(playbook(inputs))).toEqual(found);
  });

  test('above a key must be about all that stands below it', async () => {
    const text = playbook('  a: { type: path, default: x }\n  b: { type: path, default: x }\n');
    expect(await find(text.replace('inputs:', '# playbook-ignore unused-input: later\ninputs:'))).toEqual([]);
  });

  test('must not hide an error', async () => {
    const text = playbook('  # playbook-ignore unknown-key: I know\n  a: { typo: path }\n');
    expect(await find(text)).toContain('5 unknown-key');
  });

  test('must hold for `plan` and `run` as well', async () => {
    const text = (aside: string) => `playbook: v1
name: aside
target: { env: { RELEASE: 1.10 } }${aside}
steps: [{ id: up, uses: compose.up }]
`;
    const load = async (aside: string) => (await loadPlaybook({ file: 'a.yml', text: text(aside) }, registry)).problems;
    expect((await load('')).map(({ code }) => code)).toEqual(['version-like-number']);
    expect(await load(' # playbook-ignore version-like-number: it is one')).toEqual([]);
  });
});
