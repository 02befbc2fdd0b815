import { referencedPaths } from '../expression/paths.ts';
import { conditionsOf } from '../playbook/conditions.ts';
import { outlineOf } from '../playbook/outline.ts';
import { referencesOf } from '../playbook/references.ts';
import { textsOf } from '../playbook/texts.ts';
import type { Playbook } from '../playbook/types.ts';

/** Names that scopes give by themselves; all others are facts. */
const OWN = new Set(['inputs', 'steps', 'result', 'error', 'sample']);

/** Names of the facts that a playbook's conditions and templates ask for, so that only those are read. */
export function factsNeeded(playbook: Playbook): string[] {
  const value = playbook as unknown as Record<string, unknown>;
  const outline = outlineOf(value);
  const paths = [
    ...conditionsOf(outline, value).flatMap(({ text }) => referencedPaths(text)),
    ...textsOf(outline, value).flatMap(({ text }) => referencesOf(text)),
  ];
  const roots = paths.flatMap(([root]) => (root === undefined || OWN.has(root) ? [] : [root]));
  return [...new Set(roots)].sort();
}
