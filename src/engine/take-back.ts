import { Refusal, StepFailure } from '../errors.ts';
import { parseDuration } from '../playbook/duration.ts';
import { parseInstance } from '../playbook/instance.ts';
import { plainSteps } from '../playbook/nodes.ts';
import { readyParams } from '../playbook/params.ts';
import type { AnyAction, Done, Json } from '../runner/contract.ts';
import { actionOf, OWN_UNDO } from './attempt.ts';
import { openUndoSession, type Session } from './context.ts';
import { limit, within } from './limit.ts';
import type { Live } from './live.ts';
import { untilReachable } from './out-of-reach.ts';
import { runError } from './run-error.ts';
import type { ReceiptState } from './run-state.ts';
import { scopeOf } from './scope.ts';

/** An undo gets as long as its action, and this at least. */
const SHORTEST = 5 * 60_000;
const GRACE = 10_000;

/** Takes one change back from its receipt. False: the engine is away, and the undo can be taken up again later. */
export async function undoReceipt(live: Live, receipt: ReceiptState): Promise<boolean> {
  const { step } = receipt;
  await live.emit({ type: 'receipt.undoing', step, receipt: receipt.receipt });
  const ended = await tryUntilReachable(live, receipt, undo);
  if (ended === 'away') return false;
  if ('error' in ended)
    await live.emit({ type: 'receipt.undo_failed', step, receipt: receipt.receipt, error: ended.error });
  else await live.emit({ type: 'receipt.undone', step, receipt: receipt.receipt, ...ended.done });
  return true;
}

/** Removes what a receipt kept for the way back. False: the engine is away. */
export async function settleReceipt(live: Live, receipt: ReceiptState): Promise<boolean> {
  const { step } = receipt;
  const ended = await tryUntilReachable(live, receipt, settle);
  if (ended === 'away') return false;
  if ('error' in ended)
    await live.emit({ type: 'receipt.settle_failed', step, receipt: receipt.receipt, error: ended.error });
  else await live.emit({ type: 'receipt.settled', step, receipt: receipt.receipt, ...ended.done });
  return true;
}

type Ended = 'away' | { done: Done } | { error: ReturnType<typeof runError> };
type Work = (live: Live, receipt: ReceiptState, content: Json, session: Session) => Promise<Done>;

async function tryUntilReachable(live: Live, receipt: ReceiptState, work: Work): Promise<Ended> {
  try {
    return await untilReachable(live, receipt.step, () => once(live, receipt, work));
  } catch (thrown) {
    return { error: runError(thrown, live.ports.world.mask) };
  }
}

async function once(live: Live, receipt: ReceiptState, work: Work): Promise<Done> {
  const { clock, control, receipts, world } = live.ports;
  const action = await actionOf(live, usesOf(live, receipt.step));
  const ms = Math.max(SHORTEST, parseDuration(action.timeout) ?? 0);
  const over = new StepFailure(`it was not taken back within ${ms / 60_000} minutes`, { class: 'timeout' });
  const bounds = limit(clock, [control.abandon], [{ ms, reason: over }]);
  const session = openUndoSession(live, { step: receipt.step, look: world.scrubbedLook(bounds.signal) });
  try {
    const content = await receipts.read(receipt.ref);
    return await within(clock, work(live, receipt, content, session), bounds.signal, GRACE);
  } finally {
    bounds.release();
    await session.flush();
  }
}

const undo: Work = async (live, receipt, content, session) => {
  const { id } = parseInstance(receipt.step);
  const step = plainSteps(live.program.playbook.steps).find((each) => each.id === id);
  const own = step?.undo && 'uses' in step.undo ? step.undo : undefined;
  if (own && isOwnUndo(content)) return ownUndo(live, { ...own, at: receipt.step }, session);
  const action = await actionOf(live, usesOf(live, receipt.step));
  if (own) {
    if (action.effect === 'probed') await action.settle?.(content, session.context);
    return { say: `left to the step's own undo` };
  }
  if (typeof action.undo !== 'function') return undefined;
  return action.undo(content, session.context);
};

const settle: Work = async (live, receipt, content, session) => {
  if (isOwnUndo(content)) return undefined;
  const action: AnyAction = await actionOf(live, usesOf(live, receipt.step));
  return action.settle?.(content, session.context);
};

/** The action that an author gave as undo; it is not taken back itself, so it leaves no receipts. */
async function ownUndo(
  live: Live,
  own: { uses: string; with: Record<string, Json>; at: string },
  session: Session,
): Promise<Done> {
  const action = await actionOf(live, own.uses);
  const params = readyParams(action.params, own.with, await scopeOf(live, own.with, { at: own.at }));
  await action.run(params, session.context);
  return { say: `${own.uses} is done` };
}

/** Whether a receipt only stands for an undo that an author gave. */
export function isOwnUndo(content: Json): boolean {
  return (
    typeof content === 'object' &&
    content !== null &&
    !Array.isArray(content) &&
    content['own_undo'] === OWN_UNDO.own_undo
  );
}

function usesOf(live: Live, key: string): string {
  const { id } = parseInstance(key);
  const { steps, always } = live.program.playbook;
  const step = plainSteps([...steps, ...always]).find((each) => each.id === id);
  if (step) return step.uses;
  throw new Refusal('needs-decision', `the journal names step ${id}, which the playbook of this run does not have`);
}
