import { planNode } from './blocks.ts';
import { type Draft, type DraftOptions, emptyDraft } from './draft.ts';

/** Plans the steps in their order; each knows what those before it would change. */
export async function planSteps(options: DraftOptions): Promise<Draft> {
  const draft = emptyDraft();
  for (const node of options.playbook.steps) await planNode(node, draft, { at: [], locals: {} }, options);
  return draft;
}
