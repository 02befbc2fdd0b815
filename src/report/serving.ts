import type { RunState } from '../engine/run-state.ts';
import { list } from './amounts.ts';

/** More are not read in one breath; the comparison counts them anyway. */
const most = 3;

/**
 * Which versions serve after a way back, where all is proved to be as it was: `Serving again: web 1.4.1.` It is known from what
 * the undos say (`Done` of the contract: "web is back on shop/web:1.4.1 (9b1c…)").
 */
export function serving(state: RunState): string[] {
  if (state.compared === undefined || state.compared.differences.length > 0) return [];
  const says = state.receipts.flatMap(({ status, say }) => (status === 'undone' && say !== undefined ? [say] : []));
  const back = new Map(says.flatMap(versionsIn));
  if (back.size === 0 || back.size > most) return [];
  const versions = [...back].map(([service, version]) => `${service} ${version}`).toSorted();
  return [`Serving again: ${list(versions)}.`];
}

function versionsIn(say: string): [string, string][] {
  return [...say.matchAll(/(\S+) (?:is|are) back on ([^\s,;]+)( \([^\s)]+\))?/g)].map(
    ([, service = '', image = '', id = '']) => [service, versionOf(image.replace(/\.$/, '')) + id],
  );
}

/** `1.4.1` of `shop/web:1.4.1`; an image without a tag stands as it is. */
function versionOf(image: string): string {
  const tag = /:([^:/@]+)$/.exec(image)?.[1];
  return tag ?? image;
}
