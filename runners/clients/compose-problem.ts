import { dirname, resolve } from 'node:path';
import { visit } from 'yaml';
import type { Place, Problem } from '../../src/errors.ts';
import { coverSecrets } from '../../src/runner/cover-secrets.ts';
import type { SourceFile } from './compose-files.ts';
import { type ParsedFile, parseFile, placeAt, startOf, walk, withBases } from './compose-places.ts';

/** Compose's complaint as a problem with the place in the user's file: Compose itself names no line. */
export function composeProblem(said: string, files: readonly SourceFile[]): Problem {
  const place = findPlace(said.slice(0, LONGEST), files);
  return {
    code: 'invalid-compose-file',
    // Of a broken `.env` file it quotes the lines.
    message: asSentence(coverSecrets(said.slice(0, LONGEST))),
    hint: 'This is what `docker compose config` says; it must accept the file first.',
    ...(place && { place }),
  };
}

/** No sentence of Compose is longer; what it quotes of a file may be. */
const LONGEST = 4_000;

function asSentence(said: string): string {
  const sentence = said
    .replace(/^validating \S+: /, '')
    .replace(/: invalid compose project$/, '')
    .replace(/^decoding failed due to the following error\(s\):\s*/, '')
    .replace(/^yaml: (unmarshal errors:\s*)?(line \d+: )?/, 'it is not valid YAML: ')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.+$/, '')
    .trim();
  return `The Compose file is not valid: ${sentence}`;
}

function findPlace(said: string, files: readonly SourceFile[]): Place | undefined {
  const parsed = files.map(parseFile);
  if (/^(parsing \S+: )?yaml:|empty compose file/.test(said)) return syntaxPlace(parsed);
  return keyPlace(said, parsed) ?? filePlace(said, parsed) ?? valuePlace(said, parsed) ?? wholeFile(parsed);
}

function syntaxPlace(files: readonly ParsedFile[]): Place | undefined {
  for (const file of files) {
    const error = file.document.errors[0];
    if (error) return placeAt(file, error.pos[0]);
  }
  return wholeFile(files);
}

function wholeFile(files: readonly ParsedFile[]): Place | undefined {
  return files[0] && { file: files[0].file, line: 1, column: 1 };
}

/** The key that the message names, in the file that goes furthest along the way to it; the last file wins, as it overrides. */
function keyPlace(said: string, files: readonly ParsedFile[]): Place | undefined {
  let best: { place: Place; depth: number } | undefined;
  for (const path of namedPaths(said).flatMap((named) => withBases(named, files))) {
    for (const file of files) {
      const found = walk(file, path);
      if (found && found.depth >= (best?.depth ?? 1)) best = { place: placeAt(file, found.offset), depth: found.depth };
    }
    if (best?.depth === path.length) return best.place;
  }
  return best?.place;
}

/** Paths that a message speaks of, the most telling first. */
function namedPaths(said: string): string[][] {
  const paths: string[][] = [];
  const extra = /(\S+) Additional property (\S+) is not allowed/.exec(said);
  if (extra) paths.push([...(extra[1] === '(root)' ? [] : steps(extra[1] ?? '')), extra[2] ?? '']);
  const undefinedName = /service "([^"]+)" (depends on|refers to) undefined (\w+) "?([^":\s]+)/.exec(said);
  if (undefinedName) {
    const [, service = '', verb, kind = '', name = ''] = undefinedName;
    paths.push(['services', service, verb === 'depends on' ? 'depends_on' : `${kind}s`, name]);
  }
  const dotted = /\b(?:services|networks|volumes|secrets|configs)(?:\.[\w-]+|\[[\w-]+\])+/g;
  for (const match of said.matchAll(dotted)) paths.push(steps(match[0]));
  const extended = /cannot extend service "([^"]+)"/.exec(said);
  if (extended) paths.push(['services', extended[1] ?? '', 'extends']);
  const cycle = /cycle detected: (\S+) ->/.exec(said);
  if (cycle) paths.push(['services', cycle[1] ?? '', 'depends_on']);
  const service = /service "([^"]+)"/.exec(said);
  if (service) paths.push(['services', service[1] ?? '']);
  if (said.startsWith('services must be')) paths.push(['services']);
  return paths;
}

function steps(path: string): string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== '');
}

/** A path in the message (a missing env file, include or secret): the scalar that resolves to it. */
function filePlace(said: string, files: readonly ParsedFile[]): Place | undefined {
  const paths = [...said.matchAll(/(?:^|[\s"])(\/[^\s":]+)/g)].map((match) => match[1]);
  return scalarPlace(files, (value, file) => paths.includes(resolve(dirname(file), value)));
}

/** The word after the last colon (`Invalid containerPort: y`): the only scalar that holds it. */
function valuePlace(said: string, files: readonly ParsedFile[]): Place | undefined {
  const word = /: "?([^\s:"]+)"?$/.exec(said)?.[1];
  if (word === undefined) return undefined;
  return scalarPlace(files, (value) => value.split(/[:/=\s]/).includes(word));
}

function scalarPlace(
  files: readonly ParsedFile[],
  matches: (value: string, file: string) => boolean,
): Place | undefined {
  const found: Place[] = [];
  for (const file of files) {
    visit(file.document, {
      Scalar: (_, node) => {
        const offset = startOf(node);
        if (offset !== undefined && matches(String(node.value), file.file)) found.push(placeAt(file, offset));
      },
    });
  }
  return found.length === 1 ? found[0] : undefined;
}
