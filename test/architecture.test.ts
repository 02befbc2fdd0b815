import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { violations } from './support/architecture/rules.ts';
import { importsOf, readSources } from './support/architecture/source.ts';

const root = join(import.meta.dirname, '..');
const product = readSources(root, ['src', 'runners']);

test('the product must keep the directions of DESIGN §4 and the house style', () => {
  expect(violations(product)).toEqual([]);
});

test('test and tool files must be named and sized like the product', () => {
  const others = readSources(root, ['test', 'scripts', 'bench']);
  const allowed = /only runners\/clients may|closing-line-reporter/;
  expect(violations(others).filter((say) => !allowed.test(say))).toEqual([]);
});

test('half of the files must have fewer than 90 lines, and 19 of 20 fewer than 250', () => {
  const lengths = product.map(({ text }) => text.split('\n').length - 1).toSorted((a, b) => a - b);
  const at = (share: number): number => lengths[Math.floor((lengths.length - 1) * share)] ?? 0;
  console.info(`${lengths.length} files, lines: median ${at(0.5)}, 95th ${at(0.95)}, longest ${lengths.at(-1)}`);
  expect(at(0.5)).toBeLessThan(90);
  expect(at(0.95)).toBeLessThan(250);
});

test('every folder must say in a README what it is, how to add to it and what must not happen there', () => {
  const inside = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`);
  const top = [
    'src',
    'runners',
    'playbooks',
    'schemas',
    'fixtures',
    'test',
    'test/support',
    'test/docker',
    'scripts',
    'bench',
  ];
  const folders = [...top, ...inside('src'), ...inside('runners'), ...inside('fixtures')];
  expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
});

describe('the checker itself must notice', () => {
  const cases: [string, string, string, string][] = [
    [
      'a family that imports another',
      'runners/http/check.ts',
      "import { up } from '../compose/up.ts';",
      'a family must not import runners/compose/up.ts',
    ],
    [
      'a family that imports the engine',
      'runners/http/check.ts',
      "import type { RunState } from '../../src/engine/run-state.ts';",
      'a family must not import src/engine/run-state.ts',
    ],
    [
      'a family that imports it lazily',
      'runners/http/check.ts',
      "await import('../compose/up.ts');",
      'a family must not import runners/compose/up.ts',
    ],
    [
      'clients that know the stack',
      'runners/clients/docker.ts',
      "import { x } from '../stack/model.ts';",
      'a family must not import runners/stack/model.ts',
    ],
    [
      'src that sees a runner',
      'src/cli/run.ts',
      "import { families } from '../../runners/index.ts';",
      'only src/cli/wire.ts may import runners/index.ts',
    ],
    [
      'an engine that reads YAML',
      'src/engine/engine.ts',
      "import { parse } from 'yaml';",
      'the engine must not import yaml',
    ],
    [
      'an engine that touches the disk',
      'src/engine/engine.ts',
      "import { readFile } from 'node:fs/promises';",
      'the engine must not import node:fs/promises',
    ],
    [
      'an engine that prints',
      'src/engine/live.ts',
      "import { printRun } from '../report/run.ts';",
      'src/engine must not import src/report/run.ts',
    ],
    ['a plan that reads the clock', 'src/plan/build.ts', 'const now = Date.now();', 'pure code reads the clock'],
    ['a fold that makes a date of now', 'src/engine/state.ts', 'const now = new Date();', 'pure code reads the clock'],
    [
      'a report that writes',
      'src/report/run.ts',
      "process.stdout.write('x');",
      'pure code reads or writes the process',
    ],
    [
      'a playbook that reads a file',
      'src/playbook/load.ts',
      "import { readFileSync } from 'node:fs';",
      'pure code must not import node:fs',
    ],
    [
      'a program started elsewhere',
      'runners/check/ports.ts',
      "import { execFile } from 'node:child_process';",
      'only runners/clients may import node:child_process',
    ],
    ['a request sent elsewhere', 'runners/check/images.ts', 'await fetch(url);', 'only runners/clients may call fetch'],
    ['a name that says nothing', 'src/plan/plan-utils.ts', '', 'a name must say what is inside'],
    ['a default export', 'src/plan/build.ts', 'export default function build() {}', 'has a default export'],
    ['a file that is too long', 'src/plan/build.ts', 'x;\n'.repeat(401), 'has 401 lines; 400 is the end'],
  ];
  test.each(cases)('%s', (_what, path, text, say) => {
    expect(violations([{ path, text }])).toContain(`${path}: ${say}`);
  });

  test('two files that import each other', () => {
    const a = { path: 'src/plan/a.ts', text: "import { b } from './b.ts';" };
    const b = { path: 'src/plan/b.ts', text: "import { a } from './a.ts';" };
    expect(violations([a, b])).toEqual(['src/plan/a.ts: imports itself by way of src/plan/b.ts']);
    expect(violations([a, { ...b, text: "import type { a } from './a.ts';" }])).toEqual([]);
  });

  test('a heavy package that every start loads, by way of another file', () => {
    const index = { path: 'runners/http/index.ts', text: "import { ask } from './ask.ts';" };
    const ask = { path: 'runners/http/ask.ts', text: "import { dockerReader } from '../clients/docker.ts';" };
    const client = { path: 'runners/clients/docker.ts', text: "import Modem from 'docker-modem';" };
    const say = 'docker-modem is slow to load, and every start reaches this: import it lazily';
    expect(violations([index, ask, client])).toEqual([`runners/clients/docker.ts: ${say}`]);
    expect(violations([{ ...index, text: "const { ask } = await import('./ask.ts');" }, ask, client])).toEqual([]);
  });

  test('and stay silent about what is allowed', () => {
    const text = `
      // Date.now() in a comment; import { x } from '../compose/up.ts'
      import type Modem from 'docker-modem';
      import { StepFailure } from '../../src/errors.ts';
      import { dockerReader } from '../clients/docker.ts';
      export { check } from './check.ts';
      const say = 'process.exit and Date.now()';
    `;
    expect(violations([{ path: 'runners/http/index.ts', text }])).toEqual([]);
  });
});

test('an import must be found however it is written', () => {
  const text = `import a, { type B } from './a.ts';
import {
  type C,
  d,
} from "./not-ours.ts";
import { type E, type F } from './types.ts';
import './side-effect.ts';
export * from './all.ts';
export type { G } from './g.ts';
const later = await import('./later.ts');`;
  expect(importsOf({ path: 'src/x.ts', text }).map(({ target, typeOnly, lazy }) => [target, typeOnly, lazy])).toEqual([
    ['src/a.ts', false, false],
    ['src/types.ts', true, false],
    ['src/side-effect.ts', false, false],
    ['src/all.ts', false, false],
    ['src/g.ts', true, false],
    ['src/later.ts', false, true],
  ]);
});
