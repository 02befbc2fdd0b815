import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { httpGet } from '../support/http-get.ts';
import type { PlaybookRun } from '../support/run-playbook.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { stackFiles } from '../support/stack-files.ts';

const plan = (stack: TestStack, ...args: string[]): Promise<PlaybookRun> =>
  stack.playbook(['plan', 'deploy-stack.yml', ...args]);

const cases: [what: string, text: string, place: RegExp, say: RegExp][] = [
  ['an unknown key', 'services:\n  web:\n    imagee: x\n', /compose\.yml:3:5/, /imagee/],
  ['a wrong type', 'services:\n  web:\n    image: x\n    ports: 80\n', /compose\.yml:4:\d+/, /ports/],
  ['no YAML', 'services: [}\n', /compose\.yml/, /./],
  [
    'a service that depends on nothing there',
    'services:\n  web: { image: x, depends_on: [db] }\n',
    /compose\.yml/,
    /db/,
  ],
  [
    'a name that means something else',
    'services:\n  web: { image: x }\n  constructor: { image: x }\n',
    /compose\.yml:3:3/,
    /constructor/,
  ],
  [
    'a variable that must be set',
    'services:\n  web: { image: "${MUST:?say which}" }\n',
    /compose\.yml/,
    /MUST|say which/,
  ],
];

test.each(cases)(
  'a Compose file with %s must end with 2, its place and a sentence',
  async (_what, text, place, say) => {
    await withStack('badcompose', { 'compose.yml': text }, async (stack) => {
      const ended = await plan(stack);
      const said = ended.stdout + ended.stderr;
      expect(said).toMatch(place);
      expect(said).toMatch(say);
      expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
      expect(ended.code).toBe(2);
    });
  },
);

test('a Compose file without services is valid, but must be a no-go that says so', async () => {
  await withStack('badcompose', { 'compose.yml': 'volumes: {}\n' }, async (stack) => {
    const ended = await plan(stack);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout).toContain('compose.yml has no active service');
  });
});

test('a missing Compose file must end with 2 and say where it was looked for', async () => {
  await withStack('nocompose', {}, async (stack) => {
    const ended = await plan(stack);
    expect(ended.code).toBe(2);
    expect(ended.stdout + ended.stderr).toContain(stack.folder);
    const named = await plan(stack, '-f', 'nowhere.yml');
    expect(named.code).toBe(2);
    expect(named.stdout + named.stderr).toContain('nowhere.yml');
  });
});

test.runIf(process.getuid?.() !== 0)('a Compose file that may not be read must end with 2', async () => {
  await withStack('unreadable', { 'compose.yml': 'services: {}\n' }, async (stack) => {
    chmodSync(join(stack.folder, 'compose.yml'), 0);
    expect(await plan(stack)).toMatchObject({ code: 2 });
  });
});

test('merged files, extends, include, profiles, .env, anchors, short and long syntax must deploy as Compose would', async () => {
  await withStack('syntaxes', await stackFiles('syntax'), async (stack) => {
    await stack.image('app:1', '1');
    const run = ['run', 'deploy-stack.yml', '--yes', '-i', 'stable_for=0s', '-i', 'soak=0s'];
    expect(await stack.playbook(run)).toMatchObject({ code: 0 });
    expect((await httpGet(stack.url)).body).toBe('short 1 from .env');
    const state = await stack.state();
    expect(Object.keys(state.containers)).toHaveLength(4);
    expect(state.containers[`${stack.project}-long-1`]?.env).toContain('EXTRA=from the override');
    await stack.compose(['up', '-d']);
    expect(await stack.state()).toEqual(state);

    expect(await stack.playbook([...run, '--profile', 'debug'])).toMatchObject({ code: 0 });
    expect(await stack.ids('debug')).toHaveLength(1);
    expect(await stack.playbook(run)).toMatchObject({ code: 0 });
    expect(await stack.ids('debug')).toHaveLength(1);
  });
});
