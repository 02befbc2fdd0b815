import type { Problem } from '../../errors.ts';
import { type Path, subject } from '../path.ts';
import type { Reading } from '../reading.ts';
import { textsIn } from '../texts.ts';

/** Conditions have their own check; these keys take templates. */
const ELSEWHERE = new Set(['with', 'say', 'that', 'when', 'expect', 'if', 'done', 'in', 'bad']);

/** A template in a field that takes none would stay as it is, braces and all. */
export function templatePlaces({ value, locate }: Reading): Problem[] {
  return textsIn(value, [])
    .filter(({ text, path }) => text.includes('{{') && !takesTemplate(path))
    .map(({ path }) => ({
      code: 'template-not-allowed',
      message: `${subject(path)} takes no templates`,
      hint: path.includes('for_each')
        ? 'of a loop only `batch` and `delay` do, as a whole'
        : 'only `target`, `with` and `say` do',
      place: locate.value(path),
    }));
}

function takesTemplate(path: Path): boolean {
  if (path[0] === 'target') return true;
  if (path[0] === 'inputs' || path[0] === 'secrets') return false;
  if (path.at(-2) === 'for_each' && (path.at(-1) === 'batch' || path.at(-1) === 'delay')) return true;
  return path.some((key) => typeof key === 'string' && ELSEWHERE.has(key));
}
