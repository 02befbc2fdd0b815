import { describe, expect, test } from 'vitest';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { parseYaml } from '../../src/playbook/parse.ts';
import { fakeRegistry } from '../support/fake-registry.ts';

function codesOf(text: string): (string | undefined)[] {
  const read = parseYaml({ file: 'x.yml', text });
  return 'problems' in read ? read.problems.map(({ code }) => code) : [];
}

describe('input that is no playbook must be refused in time, with a place', () => {
  const cases: [string, string, string][] = [
    ['a file of 10 MB', `a: ${'x'.repeat(10_000_000)}`, 'file-too-large'],
    [
      'more keys than anybody writes',
      Array.from({ length: 60_000 }, (_, n) => `k${n}: 1`).join('\n'),
      'file-too-large',
    ],
    ['more references', `a: '${'{{inputs.x}}'.repeat(50_000)}'`, 'file-too-large'],
    ['very deep flow lists', '['.repeat(10_000), 'not-yaml'],
    ['very deep maps', `a: ${'{a: '.repeat(9_000)}`, 'not-yaml'],
    ['deep block maps', Array.from({ length: 1_200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), ''],
    ['bytes of an image', '\u0089PNG\r\n\u001a\n\0\0', 'not-text'],
    ['another encoding', 'name: caf\uFFFD', 'not-text'],
    ['nothing', '', 'empty-file'],
    ['blanks', '  \n\n', 'empty-file'],
    ['a document marker alone', '---\n', 'empty-file'],
    ['an unknown alias', 'a: *b', 'not-yaml'],
  ];
  test.each(cases)('%s', async (_what, text, code) => {
    const { playbook, problems } = await loadPlaybook({ file: 'x.yml', text }, fakeRegistry());
    expect(playbook).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    if (code) expect(problems.map((problem) => problem.code)).toContain(code);
    for (const { place } of problems)
      expect(place).toMatchObject({ file: 'x.yml', line: expect.any(Number) as number });
  });
});

describe('a playbook as large as may be, with a mistake in each of its parts, must not keep a check busy', () => {
  const many = (one: (n: number) => string, separator: string) =>
    Array.from({ length: 4_000 }, (_, n) => one(n)).join(separator);
  test.each([
    ['keys', `playbook: v1\nname: x\ninputs:\n${many((n) => `  k${n}: {}`, '\n')}\n`],
    ['steps', `playbook: v1\nname: x\nsteps: [${many((n) => `{ id: s${n} }`, ', ')}]\n`],
    [
      'references',
      `playbook: v1\nname: x\nsteps:\n  - { id: a, uses: fake.set, with: { name: "${many((n) => `{{inputs.x${n}}}`, ' ')}" } }\n`,
    ],
  ])('%s', async (_what, text) => {
    const before = process.cpuUsage();
    const { problems } = await loadPlaybook({ file: 'x.yml', text }, fakeRegistry());
    expect(problems.length).toBeGreaterThan(3_999);
    expect(process.cpuUsage(before).user).toBeLessThan(6_000_000);
  });
});

describe('YAML is 1.2 core', () => {
  test('`on`, `yes` and `22:22` must stay texts', () => {
    const read = parseYaml({ file: 'x.yml', text: 'on: yes\nt: 22:22\nn: NO\n' });
    expect('parsed' in read && read.parsed.value).toEqual({ on: 'yes', t: '22:22', n: 'NO' });
  });

  test('Windows line ends and a byte order mark must not matter', () => {
    expect(codesOf('\uFEFFplaybook: v1\r\nname: x\r\n')).toEqual([]);
  });

  test('a quoted template must stay a text', () => {
    const read = parseYaml({ file: 'x.yml', text: 'a: \'{{x}}\'\nb: "{{y}}"\nc: |\n  {{z}}\n' });
    expect('parsed' in read && read.parsed.value).toEqual({ a: '{{x}}', b: '{{y}}', c: '{{z}}\n' });
  });

  test.each(['a: {{x}}', 'a: [{{x}}]', '- {{x}}', 'a: {{x}} b', 'a:\n  - {{ x }}/y', 'a: {b: {{x}}}'])(
    'an unquoted template must be explained: %j',
    (text) => {
      expect(codesOf(text)).toEqual(['unquoted-template']);
    },
  );

  test('a key of JavaScript must be a key like any other', () => {
    const read = parseYaml({ file: 'x.yml', text: '__proto__: { a: 1 }\nconstructor: 2\n' });
    expect('parsed' in read && Object.keys(read.parsed.value as object)).toEqual(['__proto__', 'constructor']);
  });
});
