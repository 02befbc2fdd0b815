import type { Problem } from '../../errors.ts';
import { referencedPaths } from '../../expression/paths.ts';
import { CEL_NAMES } from '../../expression/syntax.ts';
import type { LoopOutline } from '../outline.ts';
import type { Path } from '../path.ts';
import type { Reading } from '../reading.ts';
import { referencesOf } from '../references.ts';

/** The variable of a loop must be a name of its own, and the steps inside should ask for it. */
export function loopVariables(reading: Reading): Problem[] {
  const loops = reading.outline.blocks.filter((block): block is LoopOutline => 'as' in block);
  return loops.flatMap((loop, index) => {
    if (loop.as === undefined) return [];
    const why = takenBy(loop.as, loop, reading) ?? otherMeaning(loop, loops.slice(0, index), reading);
    if (why !== undefined) return [taken(loop, why, reading)];
    return isUsed(loop.as, [...loop.path, 'do'], reading) ? [] : [unused(loop, reading)];
  });
}

const SCOPE = ['inputs', 'steps', 'result', 'error', 'sample', 'run', 'secret', 'secrets'];

/** Words that CEL or the templates read as something else. */
const RESERVED = (
  'as break const continue else false for function if import in let loop package namespace null return this true ' +
  'undefined var void while'
).split(' ');

function takenBy(as: string, { loops }: LoopOutline, { facts }: Reading): string | undefined {
  if (SCOPE.includes(as)) return 'has a meaning of its own in conditions';
  if (RESERVED.includes(as) || CEL_NAMES.has(as)) return 'is a word of the language of conditions';
  if (Object.hasOwn(facts, as)) return 'is a fact';
  const outer = loops.find((loop) => loop.as === as);
  return outer && `is the variable of the loop \`${outer.id}\` around it`;
}

/** Loops one after the other may share a name, but then it means the same kind of thing. */
function otherMeaning(loop: LoopOutline, before: readonly LoopOutline[], { variables }: Reading): string | undefined {
  const own = JSON.stringify(variables.get(loop));
  const other = before.find(({ as }) => as === loop.as);
  if (!other || own === undefined || JSON.stringify(variables.get(other)) === own) return undefined;
  return `means something else in the loop \`${other.id}\``;
}

function taken({ as, path }: LoopOutline, why: string, { locate }: Reading): Problem {
  const place = locate.value([...path, 'for_each', 'as']);
  return { code: 'taken-name', message: `\`${as}\` ${why}`, hint: 'give the variable another name', place };
}

function isUsed(as: string, inside: Path, { conditions, texts }: Reading): boolean {
  const within = ({ path }: { path: Path }) => inside.every((key, at) => path[at] === key);
  return (
    conditions.some((one) => within(one) && referencedPaths(one.text).some(([root]) => root === as)) ||
    texts.some((one) => within(one) && referencesOf(one.text).some(([root]) => root === as))
  );
}

function unused({ as, path }: LoopOutline, { locate }: Reading): Problem {
  return {
    code: 'unused-variable',
    level: 'warning',
    message: `no step of this loop asks for \`${as}\`, so every round does the same`,
    hint: `use it: \`{{${as}}}\` in \`with\`, \`${as}\` in conditions`,
    place: locate.value([...path, 'for_each', 'as']),
  };
}
