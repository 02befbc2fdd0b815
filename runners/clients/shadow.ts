import { join } from 'node:path';
import type { Look } from '../../src/runner/contract.ts';

/** Where a file of the stack is to be read: under the shadow, where the files of a commit are that is not deployed yet. */
export function whereItIs(look: Pick<Look, 'shadow'>, path: string): string {
  return look.shadow === undefined ? path : join(look.shadow, path);
}

/** A text that was made of files under the shadow, as it will be when they are where they belong. */
export function inItsPlace(look: Pick<Look, 'shadow'>, text: string): string {
  return look.shadow === undefined ? text : text.replaceAll(`${look.shadow}/`, '/').replaceAll(look.shadow, '/');
}
