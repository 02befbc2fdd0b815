import { access, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { Problems } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';

export type SourceFile = { file: string; text: string };

/** The Compose files of the target as Compose finds them; a Problems where there is none. */
export async function composeFiles(look: Look): Promise<string[]> {
  const { directory, files } = look.target;
  const named = files.length > 0 ? files : await fromVariable(look);
  if (named.length === 0) return lookup(directory);
  const absolute = named.map((file) => resolve(directory, file));
  const missing: string[] = [];
  for (const file of absolute) if (!(await exists(file))) missing.push(file);
  if (missing.length > 0) throw noComposeFile(missing.map((file) => `There is no Compose file ${file}`));
  return absolute;
}

/** The files with all that they include or extend, read; what cannot be read is left out, for Compose says it better. */
export async function readComposeFiles(files: readonly string[]): Promise<SourceFile[]> {
  const found = new Map<string, string>();
  const queue = [...files];
  for (let file = queue.shift(); file !== undefined && found.size < 100; file = queue.shift()) {
    if (found.has(file)) continue;
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    found.set(file, text);
    queue.push(...referredFiles(file, text));
  }
  return [...found].map(([file, text]) => ({ file, text }));
}

const mainNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

async function lookup(directory: string): Promise<string[]> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const main = await firstThere(folder, mainNames);
    if (main !== undefined) {
      const override = await firstThere(folder, overrideNames);
      return override === undefined ? [main] : [main, override];
    }
    if (folder === dirname(folder)) break;
  }
  throw noComposeFile([`There is no Compose file in ${directory}, nor in a folder above it`]);
}

/** COMPOSE_FILE, from the shell or from the `.env` beside the stack. */
async function fromVariable(look: Look): Promise<string[]> {
  const env = { ...look.env, ...look.target.env };
  const dotEnv = await readFile(join(look.target.directory, '.env'), 'utf8').catch(() => '');
  const value = env['COMPOSE_FILE'] ?? /^\s*COMPOSE_FILE\s*=\s*["']?([^"'\r\n]+)/m.exec(dotEnv)?.[1]?.trim();
  return value ? value.split(env['COMPOSE_PATH_SEPARATOR'] ?? ':').filter((part) => part !== '') : [];
}

function noComposeFile(messages: string[]): Problems {
  const hint = `Looked for ${mainNames.join(', ')}; name the file with -f, or start in the stack's folder.`;
  return new Problems(messages.map((message) => ({ code: 'no-compose-file', message, hint })));
}

async function firstThere(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await exists(join(folder, name))) return join(folder, name);
  return undefined;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** `include` in its three forms and `extends.file`, relative to the file they stand in. */
function referredFiles(file: string, text: string): string[] {
  const content = plainObject(parseQuietly(text));
  const includes = asList(content['include']).flatMap((entry) => asList(plainObject(entry)['path'] ?? entry));
  const extended = Object.values(plainObject(content['services'])).map(
    (service) => plainObject(plainObject(service)['extends'])['file'],
  );
  return [...includes, ...extended]
    .filter((path) => typeof path === 'string')
    .map((path) => (isAbsolute(path) ? path : resolve(dirname(file), path)));
}

function parseQuietly(text: string): unknown {
  try {
    return parseDocument(text, { merge: true, logLevel: 'silent' }).toJS({ maxAliasCount: 100 });
  } catch {
    // Not YAML, or an alias bomb: Compose reports it, with this file's place found by compose-problem.ts.
    return undefined;
  }
}

function plainObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
