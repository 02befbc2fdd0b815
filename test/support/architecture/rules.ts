import { codeOnly, type Import, importsOf, type Source } from './source.ts';

/** One thing that the design forbids, as a sentence about a file. */
type Rule = (source: Source) => string[];

/** DESIGN §4, "Directions", and the house style, as sentences about the files that break them. */
export function violations(sources: readonly Source[]): string[] {
  const said = sources.flatMap((source) =>
    rules.flatMap((rule) => rule(source).map((say) => `${source.path}: ${say}`)),
  );
  return [...said, ...cycles(sources), ...heavyAtStart(sources)].toSorted();
}

/** Modules that start a program or open a socket. */
const reachesOut = [
  'node:child_process',
  'node:net',
  'node:http',
  'node:https',
  'node:http2',
  'node:tls',
  'node:dgram',
  'execa',
  'docker-modem',
];

/** Modules that touch the disk, the machine or the terminal. */
const touchesTheWorld = [
  ...reachesOut,
  'node:fs',
  'node:fs/promises',
  'node:os',
  'node:sqlite',
  'node:readline',
  'pino',
];

/** Folders (and files) that compute, and neither act nor look at a clock. */
const pure = [
  'src/playbook/',
  'src/plan/',
  'src/expression/',
  'src/template/',
  'src/report/',
  'src/runner/',
  'src/starter/',
  'src/errors.ts',
  'src/engine/decide.ts',
  'src/engine/state.ts',
];

const impure: readonly [RegExp, string][] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)/, 'reads the clock'],
  [/\bperformance\.now\b/, 'reads the clock'],
  [/\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/, 'draws a random number'],
  [/\bprocess\.(?!on\b)\w+/, 'reads or writes the process'],
  [/\bconsole\.\w+/, 'prints'],
];

const rules: readonly Rule[] = [
  families,
  srcDoesNotSeeRunners,
  engineIsAlone,
  layers,
  pureCode,
  onlyClientsReachOut,
  names,
  noDefaultExport,
  size,
];

function families(source: Source): string[] {
  const family = /^runners\/([^/]+)\//.exec(source.path)?.[1];
  if (family === undefined) return [];
  const shared =
    family === 'clients' ? [] : family === 'stack' ? ['runners/clients/'] : ['runners/clients/', 'runners/stack/'];
  const allowed = [`runners/${family}/`, 'src/runner/', 'src/errors.ts', ...shared];
  return ours(source)
    .filter(({ target }) => !starts(target, allowed))
    .map(({ target }) => `a family must not import ${target}`);
}

function srcDoesNotSeeRunners(source: Source): string[] {
  if (!source.path.startsWith('src/') || source.path === 'src/cli/wire.ts') return [];
  return ours(source)
    .filter(({ target }) => target.startsWith('runners/'))
    .map(({ target }) => `only src/cli/wire.ts may import ${target}`);
}

function engineIsAlone(source: Source): string[] {
  if (!source.path.startsWith('src/engine/')) return [];
  return importsOf(source)
    .filter(({ target }) => [...touchesTheWorld, 'yaml', 'commander', 'handlebars'].includes(target))
    .map(({ target }) => `the engine must not import ${target}`);
}

/** Small words of the language that everything may use: they import nothing themselves. */
const words = ['src/playbook/duration.ts', 'src/playbook/size.ts', 'src/playbook/nearest.ts'];

/** Whose values a folder of src may import; types of another folder may be seen by everybody. */
const sees: Readonly<Record<string, readonly string[]>> = {
  runner: [],
  expression: ['runner'],
  template: ['runner', 'expression', 'playbook'],
  playbook: ['runner', 'expression', 'template', 'facts', 'report'],
  facts: ['runner', 'expression', 'playbook'],
  plan: ['runner', 'expression', 'template', 'playbook', 'facts', 'report'],
  engine: ['runner', 'expression', 'template', 'playbook', 'plan', 'facts'],
  history: ['runner', 'engine'],
  starter: ['runner', 'report'],
  report: ['runner', 'playbook', 'plan', 'engine', 'expression'],
};

function layers(source: Source): string[] {
  const folder = /^src\/([^/]+)\//.exec(source.path)?.[1];
  const allowed = folder === undefined ? undefined : sees[folder];
  if (allowed === undefined) return [];
  return ours(source)
    .filter(({ target, typeOnly }) => {
      const other = /^src\/([^/]+)\//.exec(target)?.[1];
      return (
        other !== undefined && other !== folder && !typeOnly && !allowed.includes(other) && !words.includes(target)
      );
    })
    .map(({ target }) => `src/${folder} must not import ${target}`);
}

function pureCode(source: Source): string[] {
  if (!starts(source.path, pure)) return [];
  const code = codeOnly(source.text);
  const imported = importsOf(source)
    .filter(({ target, typeOnly }) => !typeOnly && touchesTheWorld.includes(target))
    .map(({ target }) => `pure code must not import ${target}`);
  return [...imported, ...impure.filter(([sign]) => sign.test(code)).map(([, does]) => `pure code ${does}`)];
}

function onlyClientsReachOut(source: Source): string[] {
  if (starts(source.path, ['runners/clients/', 'runners/shell/'])) return [];
  const imported = importsOf(source)
    .filter(({ target, typeOnly }) => !typeOnly && reachesOut.includes(target))
    .map(({ target }) => `only runners/clients may import ${target}`);
  return /(?<![.\w])fetch\(/.test(codeOnly(source.text))
    ? [...imported, 'only runners/clients may call fetch']
    : imported;
}

function names(source: Source): string[] {
  const name = source.path.split('/').at(-1) ?? '';
  if (/(^|-)(utils?|helpers?|managers?|misc)[-.]/.test(name)) return ['a name must say what is inside'];
  return /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|d))?\.ts$/.test(name) ? [] : ['file names are kebab-case'];
}

function noDefaultExport(source: Source): string[] {
  return /^export default\b/m.test(codeOnly(source.text)) ? ['has a default export'] : [];
}

function size(source: Source): string[] {
  const lines = source.text.split('\n').length - 1;
  return lines > 400 ? [`has ${lines} lines; 400 is the end`] : [];
}

/** Files that import each other in a circle; imports of types only do not count, lazy ones neither. */
function cycles(sources: readonly Source[]): string[] {
  const edges = new Map(
    sources.map((source) => [
      source.path,
      ours(source)
        .filter(({ typeOnly, lazy }) => !typeOnly && !lazy)
        .map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path))
      found.push(`${path}: imports itself by way of ${trail.slice(trail.indexOf(path) + 1).join(', ')}`);
    if (trail.includes(path) || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

/** What `playbook --help` and `check` load, that is the bin and the families' indexes, must not bring in a heavy package. */
function heavyAtStart(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set(
    sources.map(({ path }) => path).filter((path) => /^(src\/main|runners\/[^/]+\/index)\.ts$/.test(path)),
  );
  return [...closure(reached, byPath)].flatMap((path) => heavyImports(byPath.get(path)));
}

/** The set grows while it is walked: each file adds what it loads at once. */
function closure(reached: Set<string>, byPath: ReadonlyMap<string, Source>): Set<string> {
  for (const path of reached) {
    const source = byPath.get(path);
    for (const { target, typeOnly, lazy } of source ? ours(source) : []) if (!typeOnly && !lazy) reached.add(target);
  }
  return reached;
}

function heavyImports(source: Source | undefined): string[] {
  return (source ? importsOf(source) : [])
    .filter(({ target, typeOnly, lazy }) => ['execa', 'docker-modem'].includes(target) && !typeOnly && !lazy)
    .map(({ target }) => `${source?.path}: ${target} is slow to load, and every start reaches this: import it lazily`);
}

function ours(source: Source): Import[] {
  return importsOf(source).filter(({ written }) => written.startsWith('.'));
}

function starts(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}
