import type { Change } from './client.ts';
import type { Known } from './invariants.ts';

/**
 * What is wrong with a change that somebody asks for, one sentence each. `holds`: the process has the stack; what one that
 * lost it still does is held to other rules.
 */
export function changeRules({ state, receipts }: Known, { cause, text, token }: Change, holds: boolean): string[] {
  if (!state) return [];
  const wrong: string[] = [];
  const receipt = token === undefined ? undefined : receipts.get(token);
  if (token !== undefined && !receipt) wrong.push(`receipt first: ${text} has no receipt in the journal`);
  if (cause === 'settle' && state.pivot_passed === undefined) wrong.push(`pivot: ${text} is settled before the pivot`);
  const isBack = cause === 'undo' || cause === 'own undo';
  if (!isBack || !holds) return wrong;
  const undoing = state.receipts.some(
    ({ status, step }) => status === 'undoing' && (!receipt || step === receipt.step),
  );
  if (!undoing) wrong.push(`way back: ${text} is taken back, and the journal does not say so`);
  if (state.pivot_passed !== undefined) wrong.push(`pivot: ${text} is taken back after the pivot`);
  return wrong;
}
