import type { JsonSchema } from '../../../runner/schema.ts';
import { usesOf } from '../../outline.ts';
import type { Path } from '../../path.ts';
import type { Reading } from '../../reading.ts';
import { referencesOf } from '../../references.ts';
import { schemaAt } from '../../schema-at.ts';
import { defineRule, type Finding } from '../rule.ts';

const fix = 'Give the input a `pattern`, or make it an `enum`.';

/** Free text that may name any image. */
export const taintedIntoImage = defineRule({
  id: 'tainted-into-image',
  title: 'Any text can become part of the name of an image',
  level: 'notice',
  why: 'A variable of the Compose file can choose the image that is run, so a typing error or a branch name would choose it too.',
  fix,
  find: (reading) => freeTextInto('image', 'a variable of the Compose file', reading),
});

/** Free text that may name any file or program. */
export const taintedIntoPath = defineRule({
  id: 'tainted-into-path',
  title: 'Any text can become a path or a program',
  level: 'notice',
  why: 'Whoever gives the value chooses which files are read or what is run; data from outside is refused there.',
  fix,
  find: (reading) => freeTextInto('path', 'a path or the name of a program', reading),
});

/** Free text that may name any machine. */
export const taintedIntoHost = defineRule({
  id: 'tainted-into-host',
  title: 'Any text can become an address',
  level: 'notice',
  why: 'Whoever gives the value chooses which machine is asked; data from outside is refused there.',
  fix,
  find: (reading) => freeTextInto('host', 'an address', reading),
});

type Kind = 'image' | 'path' | 'host';

function freeTextInto(kind: Kind, what: string, reading: Reading): Finding[] {
  return reading.texts.flatMap(({ text, path }): Finding[] => {
    if (kindOf(path, reading) !== kind) return [];
    const names = referencesOf(text).flatMap(([root, name = '']) => (root === 'inputs' ? [name] : []));
    const free = names.find((name) => isFree(reading.outline.inputs[name] ?? {}));
    if (free === undefined) return [];
    const message = `\`inputs.${free}\` may be any text, and here it becomes ${what}`;
    const other = { place: reading.locate.key(['inputs', free]), message: 'declared here, without a rule' };
    return [{ message, hint: 'give it a `pattern`, or make it an `enum`', place: reading.locate.value(path), other }];
  });
}

/** Texts without a rule; all other types say themselves what they hold. */
function isFree({ type, items = 'string', pattern }: Record<string, unknown>): boolean {
  return (type === 'list' ? items : type) === 'string' && pattern === undefined;
}

const OF_TARGET: Readonly<Record<string, Kind>> = {
  env: 'image',
  files: 'path',
  directory: 'path',
  env_files: 'path',
  context: 'host',
};

function kindOf(path: Path, reading: Reading): Kind | undefined {
  if (path[0] === 'target') return OF_TARGET[String(path[1])];
  const use = usesOf(reading.outline).find(({ path: at }) =>
    [...at, 'with'].every((key, index) => key === path[index]),
  );
  const params = use?.name === undefined ? undefined : reading.runners.get(use.name)?.params;
  if (!use || !params) return undefined;
  const field = path.slice(use.path.length + 1);
  const holders = field.map((_key, length) => schemaAt(params, field.slice(0, length + 1)));
  if (!holders.some((schema) => schema?.['x-untainted'])) return undefined;
  return isAddress(field, holders.at(-1)) ? 'host' : isPath(field, holders.at(-1)) ? 'path' : undefined;
}

function isAddress(field: Path, schema: JsonSchema | undefined): boolean {
  return schema?.format === 'url' || ['url', 'host', 'tcp'].includes(String(field[0]));
}

function isPath(field: Path, schema: JsonSchema | undefined): boolean {
  return schema?.format === 'path' || ['argv', 'path', 'cwd', 'working_dir'].includes(String(field[0]));
}
