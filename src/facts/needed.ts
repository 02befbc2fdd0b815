import { referencedPaths } from '../expression/paths.ts';
import { allNodes, isStep } from '../playbook/nodes.ts';
import { referencesOf } from '../playbook/references.ts';
import { textsIn } from '../playbook/texts.ts';
import type { GuardUse, Playbook, StepNode, TriggerUse } from '../playbook/types.ts';

/** Names that scopes give by themselves; all others but the variables of loops are facts. */
const OWN = ['inputs', 'steps', 'result', 'error', 'sample'];

/** Names of the facts that a playbook's conditions and templates ask for, so that only those are read. */
export function factsNeeded(playbook: Playbook): string[] {
  const nodes = allNodes([...playbook.steps, ...playbook.always]);
  const triggers = playbook.rollback === 'never' ? [] : playbook.rollback.triggers;
  const asked = [...playbook.guards.map(ofGuard), ...nodes.map(ofNode), ...triggers.map(ofTrigger)];
  const conditions = asked.flatMap((one) => one.conditions).flatMap((text) => (text === undefined ? [] : [text]));
  const templates = [playbook.target, ...asked.flatMap((one) => one.templates)];
  const paths = [
    ...conditions.flatMap(referencedPaths),
    ...templates.flatMap((value) => textsIn(value, []).flatMap(({ text }) => referencesOf(text))),
  ];
  const variables = nodes.flatMap((node) => (node.kind === 'for_each' ? [node.as] : []));
  const own = new Set([...OWN, ...variables]);
  const roots = paths.flatMap(([root]) => (root === undefined || own.has(root) ? [] : [root]));
  return [...new Set(roots)].sort();
}

type Asked = { conditions: (string | undefined)[]; templates: unknown[] };

function ofGuard({ that, when, with: written, say }: GuardUse): Asked {
  return { conditions: [that, when], templates: [written, say] };
}

function ofTrigger({ when, bad, with: written }: TriggerUse): Asked {
  return { conditions: [when, bad], templates: [written] };
}

function ofNode(node: StepNode): Asked {
  if (node.kind === 'parallel') return { conditions: [node.when], templates: [] };
  if (node.kind === 'for_each') return { conditions: [node.when, node.in], templates: [node.batch, node.delay] };
  if (!isStep(node)) return { conditions: [], templates: [] };
  const guards = node.guards.map(ofGuard);
  return {
    conditions: [
      node.when,
      node.expect,
      node.retry?.if,
      node.probe?.done,
      ...guards.flatMap(({ conditions }) => conditions),
    ],
    templates: [node.with, node.undo, node.probe?.with, ...guards.flatMap(({ templates }) => templates)],
  };
}
