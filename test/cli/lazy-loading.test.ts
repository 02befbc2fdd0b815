import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/images.ts';
import { runPlaybook } from '../support/run-playbook.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'lazy-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const hook = join(import.meta.dirname, '../support/list-modules.ts');

type Loaded = {
  /** Names of npm packages. */
  packages: string[];
  /** Files of ours, from the repository's folder. */
  files: string[];
  /** Modules of Node. */
  builtins: string[];
  cacheDir: string;
};

async function loadedBy(args: readonly string[]): Promise<Loaded> {
  const file = join(cwd, 'modules');
  const env = { NODE_OPTIONS: `--import=${hook}`, MODULES_LOADED: file, NODE_COMPILE_CACHE: undefined };
  expect(await runPlaybook(args, { cwd, env })).toMatchObject({ code: 0, stderr: '' });
  const [cacheDir = '', ...urls] = readFileSync(file, 'utf8').split('\n');
  const here = `${pathToFileURL(root).href}/`;
  return {
    cacheDir,
    packages: [...new Set(urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []))],
    files: urls.filter((url) => url.startsWith(here) && !url.includes('/node_modules/')).map(from(here)),
    builtins: urls.filter((url) => url.startsWith('node:')),
  };
}

const from = (folder: string) => (url: string) => url.slice(folder.length);

describe('what needs no engine must not load what talks to one', () => {
  const cases = [['--help'], ['check', 'deploy-stack.yml'], ['actions', 'compose.up'], ['explain', 'pivot']];
  test.each(cases.map((args) => [args]))('%j', async (args) => {
    const { packages, files } = await loadedBy(args);
    expect(packages).toContain('commander');
    expect(packages).not.toContain('docker-modem');
    expect(packages).not.toContain('execa');
    expect(files.filter((file) => file.startsWith('runners/clients/'))).toEqual([]);
  });

  test('and help needs nothing but commander and its own few files', async () => {
    const { packages, files } = await loadedBy(['--help']);
    expect(packages).toEqual(['commander']);
    expect(files.length).toBeLessThan(20);
  });
});

describe('check of a playbook that uses most families must load', () => {
  let loaded: Loaded;
  beforeAll(async () => {
    loaded = await loadedBy(['check', 'deploy-stack.yml']);
  });

  test('descriptions of runners only: nothing that plans, judges, runs or puts back', () => {
    const acting = /-run\.ts$|run-once|run-command|judge-|decide|observe|up-|moved-name/;
    const runners = loaded.files.filter((file) => file.startsWith('runners/'));
    expect(runners).toContain('runners/compose/up.ts');
    expect(runners.filter((file) => acting.test(file))).toEqual([]);
    expect(runners.filter((file) => file.startsWith('runners/stack/'))).toEqual(['runners/stack/words.ts']);
    // Eight families are named, the checks and the triggers among them: each describes what it offers in a file of its own.
    expect(runners.length).toBeLessThan(60);
  });

  test('no family that the playbook does not name', () => {
    expect(loaded.files.filter((file) => file.startsWith('runners/shell/'))).toEqual([]);
  });

  test('no plan, engine, history or report of a run', () => {
    const others = /^src\/(plan|engine|history)\//;
    expect(loaded.files.filter((file) => others.test(file))).toEqual([]);
    // Some twenty of them are the rules of the linter, which only `check` and `explain` load.
    expect(loaded.files.length).toBeLessThan(175);
  });

  test('the engine for patterns, and none where the playbook holds no pattern', async () => {
    const needed = ['@marcbachmann/cel-js', 'commander', 'handlebars', 'yaml'];
    expect(loaded.packages.toSorted()).toEqual([...needed, 're2js'].sort());
    expect((await loadedBy(['check', 'prune.yml'])).packages.toSorted()).toEqual(needed);
  });

  test('no module of Node that is slow to load and that it has no use for', () => {
    expect(loaded.builtins).not.toContain('node:crypto');
    expect(loaded.builtins).not.toContain('node:sqlite');
    expect(loaded.builtins).not.toContain('node:http');
  });
});

test('compiled code must be kept in a folder of the user, where nobody else could put other code', async () => {
  const { cacheDir } = await loadedBy(['--version']);
  expect(cacheDir).toContain(join(userInfo().homedir, '.cache/playbook'));
});
