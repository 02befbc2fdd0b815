import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runPlaybook } from './support/run-playbook.ts';

const folder = mkdtempSync(join(tmpdir(), 'playbook-bad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const head = 'playbook: v1\nname: bad\n';
const step = (text: string): string => `${head}steps:\n  - ${text}\n`;
const input = (text: string, use = "'{{inputs.x}}'"): string =>
  `${head}inputs:\n  x: ${text}\nsteps:\n  - { id: a, uses: http.check, with: { url: ${use} } }\n`;

/** What the file holds, the line that must be named, and words that must be said. */
const cases: [what: string, text: string, line: number, say: RegExp][] = [
  ['not YAML', `${head}steps: [}\n`, 3, /./],
  ['empty', '', 1, /empty/],
  ['a tab', `${head}steps:\n\t- id: a\n`, 4, /[Tt]ab/],
  ['a key twice', `${head}name: again\nsteps: []\n`, 3, /name/],
  ['a bomb of aliases', bomb(), 1, /alias/i],
  ['a wrong version', 'playbook: v9\nname: x\nsteps: []\n', 1, /v1/],
  ['an unknown key', `${head}stpes: []\n`, 3, /did you mean.*steps|steps/i],
  ['an unknown key of a step', step('{ id: a, uses: compose.up, tiemout: 3s }'), 4, /timeout/],
  ['a wrong type', `${head}deadline: [1]\nsteps: []\n`, 3, /deadline|duration/],
  ['an unknown action', step('{ id: a, uses: compose.upp }'), 4, /compose\.up/],
  ['an unknown parameter', step('{ id: a, uses: http.check, with: { ulr: "http://x/" } }'), 4, /url/],
  ['an unknown input', step('{ id: a, uses: http.check, with: { url: "{{inputs.nope}}" } }'), 4, /nope/],
  ['a condition that is no boolean', step('{ id: a, uses: compose.up, when: "1 + 1" }'), 4, /bool/],
  ['a condition that does not type-check', step(`{ id: a, uses: compose.up, when: "'a' > 1" }`), 4, /./],
  ['an unquoted template', step('{ id: a, uses: http.check, with: { url: {{inputs.x}} } }'), 4, /quot/],
  ['a template with a block', input('{ type: url }', "'{{#if inputs.x}}a{{/if}}'"), 6, /block|#if/],
  ['a secret where none may be', step('{ id: a, uses: http.check, with: { url: { secret: s } } }'), 4, /secret/],
  [
    '{{ in a script',
    step('{ id: a, uses: shell.run, with: { script: "echo {{inputs.x}}" }, undo: none, because: x }'),
    4,
    /env/,
  ],
  ['an id twice', `${head}steps:\n  - { id: a, uses: compose.up }\n  - { id: a, uses: compose.up }\n`, 5, /a/],
  [
    'a start that nothing honours',
    `${head}steps: [{ id: a, uses: compose.up }]\nstart:\n  - schedule: { cron: '0 3 * * *' }\n`,
    5,
    /not-yet/,
  ],
  [
    'a start by git that no hook begins',
    `${head}steps: [{ id: a, uses: compose.up }]\nstart:\n  - git: { ref: x }\n`,
    5,
    /`hook`; which hook/,
  ],
];

describe('bad input must be answered with place, sentence and exit 2, never a stack trace:', () => {
  test.concurrent.each(cases)('%s', async (what, text, line, say) => {
    const file = `case-${what.replaceAll(/\W+/g, '-')}.yml`;
    writeFileSync(join(folder, file), text);
    const ended = await runPlaybook(['check', file], { cwd: folder });
    const said = ended.stdout + ended.stderr;
    expect(said).toMatch(new RegExp(`${file}:${line}:\\d+`));
    expect(said).toMatch(say);
    expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(ended.code).toBe(2);
  });

  test.concurrent('10 MB', async () => {
    writeFileSync(join(folder, 'big.yml'), `${head}description: "${'x'.repeat(10_000_000)}"\nsteps: []\n`);
    const ended = await runPlaybook(['check', 'big.yml'], { cwd: folder });
    expect(ended.code).toBe(2);
    expect((ended.stdout + ended.stderr).length).toBeLessThan(5000);
  });

  test.concurrent('a file that is not there', async () => {
    const ended = await runPlaybook(['check', './nowhere.yml'], { cwd: folder });
    expect(ended.code).toBe(2);
    expect(ended.stdout + ended.stderr).toContain('nowhere.yml');
  });

  test.concurrent('a folder in place of a file', async () => {
    const ended = await runPlaybook(['check', '.'], { cwd: folder });
    expect(ended.code).toBe(2);
    expect(ended.stdout + ended.stderr).not.toContain('    at ');
  });

  test.concurrent('everything that is wrong at once', async () => {
    writeFileSync(join(folder, 'many.yml'), `${head}stpes: 1\nsteps:\n  - { id: a, uses: compose.upp, tiemout: 1 }\n`);
    const { stdout, stderr } = await runPlaybook(['check', 'many.yml'], { cwd: folder });
    expect((stdout + stderr).match(/many\.yml:\d+:\d+/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test.concurrent('an unknown command and an unknown option, each with the nearest name', async () => {
    const command = await runPlaybook(['plna'], { cwd: folder });
    expect(command).toMatchObject({ code: 2, stderr: expect.stringContaining('plan') });
    const option = await runPlaybook(['plan', '--detialed-exitcode'], { cwd: folder });
    expect(option).toMatchObject({ code: 2, stderr: expect.stringContaining('--detailed-exitcode') });
  });
});

function bomb(): string {
  const level = (n: number): string => `l${n}: &l${n} [${Array.from({ length: 9 }, () => `*l${n - 1}`).join(', ')}]\n`;
  return `l0: &l0 [x]\n${Array.from({ length: 9 }, (_, n) => level(n + 1)).join('')}`;
}
