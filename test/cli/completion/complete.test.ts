import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPlaybook } from '../../support/run-playbook.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'complete-'));
  mkdirSync(join(cwd, 'playbooks'));
  writeFileSync(join(cwd, 'playbooks', 'nightly.yml'), 'playbook: v1\n');
  writeFileSync(join(cwd, 'compose.yml'), 'services: {}\n');
  writeFileSync(
    join(cwd, 'own.yml'),
    `playbook: v1
name: own
inputs:
  colour: { type: enum, values: [blue, green], description: "Which\\tone\\nof the two." }
  dry: { type: boolean }
guards:
  - { id: calm, uses: check.config }
steps: [ # not finished
`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function offered(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runPlaybook(['__complete', ...words], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout === '' ? [] : stdout.trimEnd().split('\n');
}

test.each<[string[], string[]]>([
  [
    ['run', ''],
    [
      'nightly\tin ./playbooks',
      'blue-green\tshipped',
      'deploy-stack\tshipped',
      'prune\tshipped',
      'rollback\tshipped',
      'rolling-update\tshipped',
      'own.yml',
    ],
  ],
  [['run', 'playbooks/'], ['playbooks/nightly.yml']],
  [
    ['run', 'own.yml', '-i', ''],
    ['colour=\tWhich one of the two.', 'dry='],
  ],
  [['run', 'own.yml', '-i', 'colour=g'], ['colour=green']],
  [
    ['run', 'own.yml', '-i', 'dry='],
    ['dry=true', 'dry=false'],
  ],
  [['run', 'own.yml', '--override', ''], ['calm\tcheck.config']],
  [['resume', 'x', '--on-crash', 'u'], ['undo']],
  [
    ['hooks', ''],
    ['list', 'install', 'uninstall'],
  ],
  [['hooks', 'install', 'post-receive', 'post-m'], ['post-merge\tdeploys what is pulled or merged into this folder']],
  [['actions', 'compose.d'], ['compose.down']],
  [['explain', 'on_cr'], ['on_crash']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
])('must offer what fits, with what it is: %j', async (words, wanted) => {
  expect(await offered(...words)).toEqual(wanted);
});

test.each([
  [['show', '--state-dir', '/nonexistent/state', '']],
  [['run', 'not-there.yml', '-i', '']],
  [['run', 'own.yml', '-i', 'nobody=']],
  [['run', '-f', '']],
  [['nonsense', '']],
])('must offer nothing, and say nothing, where nothing is known: %j', async (words) => {
  expect(await offered(...words)).toEqual([]);
});

test('a shell that nobody knows must be refused with those that are known', async () => {
  expect(await runPlaybook(['completion', 'tcsh'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Shells: bash, zsh, fish.'),
  });
});
