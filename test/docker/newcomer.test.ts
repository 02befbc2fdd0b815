import { cp, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { program } from '../support/docker.ts';
import { httpGet } from '../support/http-get.ts';
import { root } from '../support/images.ts';
import { commandOnTerminal } from '../support/pty.ts';
import { type TestStack, withStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { type Follower, walkThrough } from '../support/walk-through.ts';

const compose = `
services:
  web:
    image: $PROJECT/app:1
    environment: { ROLE: plain }
    ports: ['$PORT:8080']
  db:
    image: $PROJECT/app:1
    environment: { ROLE: db }
    volumes: ['data:/data']
volumes: { data: {} }
`;

test('the four commands of the README must lead a newcomer from a compose.yml to a first deploy that answers', () =>
  withStack('newcomer', { 'compose.yml': compose }, async (stack) => {
    await stack.image('app:1', '1');
    const typed = await walkThrough('README.md', await newcomer(stack), [
      [/\bshop\b/g, stack.project],
      [/\b8080\b/g, String(stack.port)],
    ]);
    expect(typed.filter(({ code, expected, missing }) => code !== expected || missing.length > 0)).toEqual([]);
    expect(typed).toHaveLength(4);
    expect(await httpGet(stack.url)).toMatchObject({ status: 200 });
  }));

/** A fresh home with a checkout in it, nothing installed yet, and a terminal on which questions are answered. */
async function newcomer(stack: TestStack): Promise<Follower> {
  const [home, prefix] = ['home', 'prefix'].map((name) => join(stack.folder, '..', name)) as [string, string];
  await mkdir(home);
  await cp(root, join(home, 'playbook'), { recursive: true, filter: isOfCheckout });
  const path = [join(prefix, 'bin'), process.env['PATH']].join(delimiter);
  const env = { ...stack.env, ...(await sameNetwork()), HOME: home, PATH: path, npm_config_prefix: prefix };
  const options = { cwd: stack.folder, env };
  return {
    write: stack.write,
    async type(line) {
      if (line.startsWith('playbook '))
        return typeOnTerminal(`${line} --state-dir '${stack.stateDir}'`, stack, options);
      const { code, stdout, stderr } = await program('sh', ['-c', line], options);
      return { code, text: stdout + stderr };
    },
  };
}

function isOfCheckout(path: string): boolean {
  return !/^(node_modules|\.git|dist|coverage|\.demo)($|\/)/.test(relative(root, path));
}

/** What npm has of this machine, so that nothing is downloaded twice; and nothing of the `npm` that may run this test. */
async function sameNetwork(): Promise<Record<string, string | undefined>> {
  const own = Object.keys(process.env).filter((name) => /^npm_(package|lifecycle|config_(local|global))_/.test(name));
  const asked = (name: string) => program('npm', ['config', 'get', name], { cwd: root });
  const [cache, userconfig] = await Promise.all([asked('cache'), asked('userconfig')]);
  return {
    ...Object.fromEntries(own.map((name) => [name, undefined])),
    npm_config_cache: cache.stdout.trim(),
    npm_config_userconfig: userconfig.stdout.trim(),
    npm_config_prefer_offline: 'true',
    DOCKER_CONFIG: process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'),
  };
}

type Place = { cwd: string; env: Record<string, string | undefined> };

async function typeOnTerminal(line: string, stack: TestStack, place: Place): Promise<{ code: number; text: string }> {
  const terminal = await commandOnTerminal(['sh', '-c', line], place);
  const text = () => stripVTControlCharacters(terminal.shown());
  const answers: [RegExp, string][] = [
    [/must answer 2xx.*\) +$/, `${stack.url}/`],
    [/\[y\/N\] +$/, 'y'],
  ];
  const state = { ended: false };
  void terminal.ended.finally(() => {
    state.ended = true;
  });
  await until(`${line} has ended`, () => {
    const asked = answers.findIndex(([question]) => question.test(text()));
    if (asked >= 0) terminal.type(`${answers.splice(asked, 1)[0]?.[1]}\r`);
    return state.ended;
  });
  return { code: await terminal.ended, text: text() };
}
